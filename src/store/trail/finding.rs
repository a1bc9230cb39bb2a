//! What the verification of the audit trail finds.

use crate::domain::activity::{AuditFinding, Head};

/// The result of one job of the verification. Only the walk along the chain knows the head.
#[derive(Default)]
pub(in crate::store) struct JobResult {
    pub(in crate::store) head: Option<Head>,
    pub(in crate::store) findings: Vec<AuditFinding>,
}

/// Returns a finding about a row, with the entry that should have written it.
pub(in crate::store) fn finding(
    seq: Option<i64>,
    table: &str,
    row: impl std::fmt::Display,
    detail: impl Into<String>,
) -> AuditFinding {
    AuditFinding {
        seq,
        table: Some(table.to_owned()),
        row: Some(row.to_string()),
        detail: detail.into(),
    }
}
