//! What checks of a ledger find.

use super::activity::{AuditFinding, Head};

/// One check and what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The check's stable name.
    pub name: &'static str,
    /// What does not add up; empty if everything does.
    pub findings: Vec<String>,
    /// What was looked at.
    pub looked_at: String,
}

/// What a verification of the audit trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries the trail has.
    pub entries: i64,
    /// Its head.
    pub head: Head,
    /// What does not add up; empty if everything does.
    pub findings: Vec<AuditFinding>,
}
