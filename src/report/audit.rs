//! The audit trail as rows.

use super::{Cell, Columns, Record, Table, column, data};
use crate::domain::activity::{AuditEntryView, AuditFinding, Head};

/// The columns of entries.
pub const COLUMNS: Columns = &[
    column("seq", "entry"),
    column("created_at", "when (UTC)"),
    column("activity_type", "what").key(),
    column("performed_by", "who").key(),
    column("outcome", "outcome").key(),
    data("project"),
    column("event", "event").minor(),
    column("withdrawal", "withdrawal"),
    column("previous_status", "from").minor(),
    column("new_status", "to").minor(),
    data("changes_summary"),
    data("metadata"),
    data("ip_address"),
    data("user_agent"),
    data("hash"),
];

const HEAD: Columns = &[column("seq", "entry"), column("hash", "hash")];
const FINDINGS: Columns = &[
    column("seq", "entry"),
    column("table", "table"),
    column("row", "row"),
    column("detail", "what is wrong"),
];

/// Describes an entry.
pub fn cells(entry: &AuditEntryView) -> Vec<Cell> {
    vec![
        Cell::Count(entry.seq),
        Cell::Instant(entry.created_at),
        Cell::text(&entry.activity),
        Cell::text(&entry.performed_by),
        Cell::text(&entry.outcome),
        Cell::maybe(entry.project.as_ref()),
        Cell::maybe(entry.event.as_ref()),
        Cell::maybe(entry.withdrawal),
        Cell::maybe(entry.previous_status.as_ref()),
        Cell::maybe(entry.new_status.as_ref()),
        Cell::Json(entry.changes_summary.clone()),
        Cell::Json(entry.metadata.clone()),
        Cell::maybe(entry.ip_address.as_ref()),
        Cell::text(&entry.user_agent),
        Cell::text(&entry.hash),
    ]
}

/// Describes the head of the trail.
pub fn head(head: &Head) -> Record {
    Record::of(HEAD, vec![Cell::Count(head.seq), Cell::text(&head.hash)])
}

/// Describes what a verification found.
pub fn verification(entries: i64, head: &Head, findings: &[AuditFinding]) -> Record {
    let rows = findings.iter().map(|finding| {
        let seq = finding.seq.map_or(Cell::Empty, Cell::Count);
        vec![
            seq,
            Cell::maybe(finding.table.as_ref()),
            Cell::maybe(finding.row.as_ref()),
            Cell::text(&finding.detail),
        ]
    });
    let fields = vec![
        (column("ok", "consistent"), Cell::Flag(findings.is_empty())),
        (column("entries", "entries"), Cell::Count(entries)),
        (column("head", "head"), Cell::text(&head.hash)),
    ];
    Record {
        fields,
        tables: vec![Table {
            name: "findings",
            columns: FINDINGS,
            rows: rows.collect(),
        }],
    }
}
