//! The reconciliation of bank lines and payments: what a run plans, what a user decides about a
//! line, and the report that proves that nothing is missing.

pub mod decision;
mod plan;
mod report;
mod reservation;
mod settlement;
mod summary;
#[cfg(test)]
mod tests;

pub use plan::{Input, Plan, PlanError, PlannedMatch, open_references, plan};
pub use report::{
    Age, AgeTotal, BankProof, Builder, ClassRow, LedgerProof, MeansTotal, OpenItem, Reconciliation,
    SentItem, Span, covered_to, span,
};
pub use settlement::{LinePayment, LineReturn, LinkedWithdrawal, Settlement};
pub use summary::{ClassTotal, RunSummary};
