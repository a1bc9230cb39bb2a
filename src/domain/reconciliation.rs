//! The reconciliation of bank lines and payments: what a run plans, what a user decides about a
//! line, and the report that proves that nothing is missing.

mod builder;
mod coverage;
pub mod decision;
mod earlier;
mod plan;
mod report;
mod reservation;
mod settlement;
mod summary;
#[cfg(test)]
mod tests;

pub use builder::Builder;
pub use coverage::{Span, covered_to, span};
pub use plan::{Input, Plan, PlanError, PlannedMatch, open_references, plan};
pub use report::{
    Age, AgeTotal, BankProof, ClassRow, LedgerProof, MeansTotal, OpenItem, Reconciliation, SentItem,
};
pub use settlement::{LinePayment, LineReturn, LinkedWithdrawal, Settlement};
pub use summary::{ClassTotal, FirstLeft, RunSummary};
