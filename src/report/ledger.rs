//! The ledger as a whole: status and checks.

use super::{Cell, Columns, Record, Table, column};
use crate::domain::{activity::Head, time::Instant, user::FourEyes};

const WAITING: Columns = &[
    column("event", "event"),
    column("what", "what waits"),
    column("count", "how many"),
    column("role", "for whom"),
];
const CHECKS: Columns = &[
    column("name", "check"),
    column("ok", "ok"),
    column("detail", "detail"),
];

/// What stands in the ledger, as it is reported.
#[derive(Clone, Debug)]
pub struct Status {
    /// The file's path.
    pub ledger: String,
    /// The ledger's id.
    pub ledger_id: String,
    /// When it was created.
    pub created_at: Instant,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
    /// Active users, projects, holders, open events, payments.
    pub counts: [i64; 5],
    /// When the last backup was made.
    pub last_backup: Option<Instant>,
    /// The head of the trail.
    pub head: Head,
    /// Event, what waits, how many, for whom.
    pub waiting: Vec<(String, &'static str, i64, &'static str)>,
}

/// Describes what stands in the ledger.
pub fn status(status: &Status) -> Record {
    let [users, projects, holders, open_events, payments] = status.counts;
    let last_backup = status
        .last_backup
        .map_or_else(|| Cell::Empty, Cell::Instant);
    let fields = vec![
        (column("ledger", "ledger"), Cell::text(&status.ledger)),
        (super::data("ledger_id"), Cell::text(&status.ledger_id)),
        (
            column("created_at", "created"),
            Cell::Instant(status.created_at),
        ),
        (
            column("four_eyes", "four eyes"),
            Cell::text(status.four_eyes.as_str()),
        ),
        (column("users", "active users"), Cell::Count(users)),
        (column("projects", "projects"), Cell::Count(projects)),
        (column("holders", "holders"), Cell::Count(holders)),
        (
            column("open_events", "open events"),
            Cell::Count(open_events),
        ),
        (column("payments", "payments"), Cell::Count(payments)),
        (column("last_backup", "last backup"), last_backup),
        (
            column("audit_seq", "audit entries"),
            Cell::Count(status.head.seq),
        ),
        (
            column("audit_head", "audit head"),
            Cell::text(&status.head.hash),
        ),
    ];
    let rows = status.waiting.iter().map(|(event, what, count, role)| {
        vec![
            Cell::text(event),
            Cell::text(what),
            Cell::Count(*count),
            Cell::text(role),
        ]
    });
    Record {
        fields,
        tables: vec![Table {
            name: "waiting",
            columns: WAITING,
            rows: rows.collect(),
        }],
    }
}

/// Describes a backup that was verified.
pub fn backup(file: &str) -> Record {
    let fields = vec![
        (column("file", "backup"), Cell::text(file)),
        (column("verified", "verified"), Cell::Flag(true)),
    ];
    Record {
        fields,
        tables: Vec::new(),
    }
}

/// Describes checks: name, findings, what was looked at.
pub fn checks(checks: &[(&'static str, Vec<String>, String)]) -> Record {
    let rows = checks.iter().map(|(name, findings, looked_at)| {
        let detail = if findings.is_empty() {
            looked_at.clone()
        } else {
            findings.join("; ")
        };
        vec![
            Cell::text(name),
            Cell::Flag(findings.is_empty()),
            Cell::text(detail),
        ]
    });
    let ok = checks.iter().all(|(_, findings, _)| findings.is_empty());
    let fields = vec![(column("ok", "ok"), Cell::Flag(ok))];
    Record {
        fields,
        tables: vec![Table {
            name: "checks",
            columns: CHECKS,
            rows: rows.collect(),
        }],
    }
}

/// Describes a migration: the versions before and after, and the copy of the ledger as it was.
pub fn migrated((from, to): (i64, i64), copy: Option<String>) -> Record {
    Record {
        fields: vec![
            (column("from_version", "from version"), Cell::Count(from)),
            (column("to_version", "to version"), Cell::Count(to)),
            (column("copy", "copy"), Cell::maybe(copy)),
        ],
        tables: Vec::new(),
    }
}
