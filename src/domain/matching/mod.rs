//! Which bank line is which payment: decided if the evidence is unique both ways, proposed if it is
//! weaker, and never guessed. A pure function of what the bank says and what the ledger says.

mod accounts;
mod bank_rule;
mod board;
mod by_name;
mod claim;
mod class;
mod comparison;
mod creditor;
mod expected;
mod explain;
mod fees;
mod files;
mod first;
mod graph;
mod kind;
mod line;
mod link;
mod names;
mod node;
mod proven_fees;
mod reference;
mod rejected;
mod remittance;
mod remitted;
mod returns;
mod rules;
mod run;
mod setting;
mod sides;
mod sums;
#[cfg(test)]
mod tests;
mod text;
mod transfers;

pub use bank_rule::{BadRuleText, BankRule, ChargeKind, RuleText};
pub use class::{Class, Classification, LedgerFacts};
pub use comparison::{Alternative, Comparison};
pub use creditor::{claims_other_creditor, names_creditor, names_other_creditor};
pub use expected::{Expected, PaidFrom};
pub use explain::explain;
pub use kind::{kind_of, kind_of_statement_line};
pub use line::{Line, LineKind};
pub use link::{Certainty, Link, LinkKind, Match, RecordedMatch, Tier};
pub use reference::carries;
pub use remittance::ExpectedRemittance;
pub use run::run;
pub use setting::{ChargingBank, Sent, SentFile, Setting};
pub(in crate::domain) use sides::classify_lines;
pub use sides::{Outcome, Sides};
pub(crate) use text::fold;
