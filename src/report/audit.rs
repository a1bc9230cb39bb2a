//! The audit trail as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, flag, instant, json, key, minor, row, text},
    record::{Record, Table},
};
use crate::domain::{
    activity::{AuditEntryView, AuditFinding, Head},
    check::Verification,
};

/// The fields of an audit entry.
pub const FIELDS: &[Field<AuditEntryView>] = &[
    count("seq", "entry", |entry, _| Cell::Count(entry.seq)),
    instant("created_at", "when (UTC)", |entry, _| {
        Cell::Instant(entry.created_at)
    }),
    key(text("activity_type", "what", |entry, _| {
        Cell::text(&entry.activity)
    })),
    key(text("performed_by", "who", |entry, _| {
        Cell::text(&entry.performed_by)
    })),
    key(text("outcome", "outcome", |entry, _| {
        Cell::text(&entry.outcome)
    })),
    data(text("project", "project", |entry, _| {
        Cell::maybe(entry.project.as_ref())
    })),
    minor(text("event", "event", |entry, _| {
        Cell::maybe(entry.event.as_ref())
    })),
    text("withdrawal", "withdrawal", |entry, _| {
        Cell::maybe(entry.withdrawal)
    }),
    minor(text("previous_status", "from", |entry, _| {
        Cell::maybe(entry.previous_status.as_ref())
    })),
    minor(text("new_status", "to", |entry, _| {
        Cell::maybe(entry.new_status.as_ref())
    })),
    data(json("changes_summary", "what changed", |entry, _| {
        Cell::Json(entry.changes_summary.clone())
    })),
    data(json("metadata", "host, user, terminal", |entry, _| {
        Cell::Json(entry.metadata.clone())
    })),
    data(text("ip_address", "remote address", |entry, _| {
        Cell::maybe(entry.ip_address.as_ref())
    })),
    data(text("user_agent", "program", |entry, _| {
        Cell::text(&entry.user_agent)
    })),
    data(text("hash", "hash of the entry", |entry, _| {
        Cell::text(&entry.hash)
    })),
    data(text("claimed_by", "user named by", |entry, _| {
        Cell::text(&entry.claimed_by)
    })),
];

/// The fields of the head of the trail.
pub(super) const HEAD: &[Field<Head>] = &[
    count("seq", "entry", |head, _| Cell::Count(head.seq)),
    text("hash", "hash", |head, _| Cell::text(&head.hash)),
];

/// The fields of a verification.
pub(super) const VERIFICATION: &[Field<Verification>] = &[
    flag("ok", "consistent", |verification, _| {
        Cell::Flag(verification.findings.is_empty())
    }),
    count("entries", "entries", |verification, _| {
        Cell::Count(verification.entries)
    }),
    text("head", "head", |verification, _| {
        Cell::text(&verification.head.hash)
    }),
];

/// The fields of what a verification found.
pub(super) const FINDINGS: &[Field<AuditFinding>] = &[
    count("seq", "entry", |finding, _| {
        finding.seq.map_or(Cell::Empty, Cell::Count)
    }),
    text("table", "table", |finding, _| {
        Cell::maybe(finding.table.as_ref())
    }),
    text("row", "row", |finding, _| Cell::maybe(finding.row.as_ref())),
    text("detail", "what is wrong", |finding, _| {
        Cell::text(&finding.detail)
    }),
];

/// Makes the row of an entry.
pub fn cells(entry: &AuditEntryView) -> Vec<Cell> {
    row(FIELDS, entry, Pii::Masked)
}

/// Describes the head of the trail.
pub fn head(head: &Head) -> Record {
    Record::of(HEAD, head, Pii::Masked)
}

/// Describes what a verification found.
pub fn verification(verification: &Verification) -> Record {
    let findings = Table::of("findings", FINDINGS, &verification.findings, Pii::Masked);
    Record::of(VERIFICATION, verification, Pii::Masked).with(findings)
}
