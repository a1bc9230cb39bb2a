//! The ledger as a whole: status, checks, copies.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, flag, instant, key, minor, money, names, text, used},
    record::{Record, Table},
};
use crate::domain::{
    check::Check,
    summary::LedgerSummary,
    work::{Extent, OpenWork},
};

/// A ledger file and how much is in it.
pub(super) type FileSummary = (String, LedgerSummary);

/// The fields of a ledger.
pub(super) const STATUS: &[Field<FileSummary>] = &[
    text("ledger", "ledger", |(file, _), _| Cell::text(file)),
    data(text("ledger_id", "UUID of the ledger", |(_, ledger), _| {
        Cell::text(&ledger.ledger_id)
    })),
    instant("created_at", "created", |(_, ledger), _| {
        Cell::Instant(ledger.created_at)
    }),
    text("four_eyes", "four eyes", |(_, ledger), _| {
        Cell::text(ledger.four_eyes.as_str())
    }),
    count("users", "active users", |(_, ledger), _| {
        Cell::Count(ledger.users)
    }),
    count("projects", "projects", |(_, ledger), _| {
        Cell::Count(ledger.projects)
    }),
    count("holders", "holders", |(_, ledger), _| {
        Cell::Count(ledger.holders)
    }),
    count("open_events", "open events", |(_, ledger), _| {
        Cell::Count(ledger.open_events)
    }),
    count("payments", "payments", |(_, ledger), _| {
        Cell::Count(ledger.payments)
    }),
    instant("last_backup", "last backup", |(_, ledger), _| {
        Cell::at(ledger.last_backup)
    }),
    instant("last_check", "last check", |(_, ledger), _| {
        Cell::at(ledger.last_check)
    }),
    count("audit_seq", "audit entries", |(_, ledger), _| {
        Cell::Count(ledger.head.seq)
    }),
    text("audit_head", "audit head", |(_, ledger), _| {
        Cell::text(&ledger.head.hash)
    }),
    data(text("clock", "clock", |(_, ledger), _| {
        Cell::maybe(ledger.clock.as_ref())
    })),
    data(text("folder", "folder", |(_, ledger), _| {
        Cell::maybe(ledger.folder.as_ref())
    })),
    data(names(
        "users_to_acknowledge",
        "users to acknowledge",
        |(_, ledger), _| Cell::names(ledger.introductions.iter().map(|one| &one.user)),
    )),
    data(names(
        "leftovers",
        "left by killed runs",
        |(_, ledger), _| Cell::names(&ledger.leftovers),
    )),
];

/// The fields of open work.
pub(super) const OPEN_WORK: &[Field<OpenWork>] = &[
    key(text("what", "what waits", |work, _| {
        Cell::text(work.kind.what())
    })),
    key(text("about", "of", |work, _| {
        Cell::maybe(work.about.as_ref())
    })),
    count("count", "how many", |work, _| Cell::Count(work.count)),
    used(text("extent", "", |work, _| match work.extent {
        Extent::All => Cell::Empty,
        Extent::AtLeast => Cell::text("or more"),
    })),
    used(text("currency", "currency", |work, _| {
        Cell::maybe(work.amount.map(|(_, currency)| currency))
    })),
    used(money("amount", "amount", |work, _| {
        work.amount.map_or(Cell::Empty, |(amount, currency)| {
            Cell::total(amount, currency)
        })
    })),
    count("oldest_days", "days", |work, _| {
        work.oldest_days.map_or(Cell::Empty, Cell::Count)
    }),
    data(text("role", "role", |work, _| {
        Cell::text(work.kind.role().as_str())
    })),
    minor(names("users", "for", |work, _| Cell::names(&work.users))),
    minor(text("command", "command", |work, _| {
        Cell::Text(work.command())
    })),
];

/// The fields of a check.
pub(super) const CHECKS: &[Field<Check>] = &[
    text("name", "check", |check, _| Cell::text(check.name)),
    flag("ok", "ok", |check, _| Cell::Flag(check.findings.is_empty())),
    text("detail", "detail", |check, _| {
        if check.findings.is_empty() {
            Cell::text(&check.looked_at)
        } else {
            Cell::text(check.findings.join("; "))
        }
    }),
];

/// The field of all checks together.
pub(super) const ALL_CHECKS: &[Field<Vec<Check>>] = &[flag("ok", "ok", |checks, _| {
    Cell::Flag(checks.iter().all(|check| check.findings.is_empty()))
})];

/// A backup that was verified.
#[derive(Clone, Debug)]
pub(super) struct Backup(String);

/// The fields of a backup.
pub(super) const BACKUP: &[Field<Backup>] = &[
    text("file", "backup", |backup, _| Cell::text(&backup.0)),
    flag("verified", "verified", |_, _| Cell::Flag(true)),
];

/// A migration of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The version before.
    pub from: i64,
    /// The version now.
    pub to: i64,
    /// The file with the copy that was made before, if anything was migrated.
    pub copy: Option<String>,
}

/// The fields of a migration.
pub(super) const MIGRATION: &[Field<Migration>] = &[
    count("from_version", "from version", |migration, _| {
        Cell::Count(migration.from)
    }),
    count("to_version", "to version", |migration, _| {
        Cell::Count(migration.to)
    }),
    text("copy", "copy", |migration, _| {
        Cell::maybe(migration.copy.as_ref())
    }),
];

/// Describes the ledger in a file.
pub fn status(file: String, ledger: LedgerSummary) -> Record {
    let work = Table::of("waiting", OPEN_WORK, &ledger.open_work, Pii::Masked);
    Record::of(STATUS, &(file, ledger), Pii::Masked).with(work)
}

/// Describes a backup that was verified.
pub fn backup(file: &str) -> Record {
    Record::of(BACKUP, &Backup(file.to_owned()), Pii::Masked)
}

/// Describes what checks found.
pub fn checks(checks: &Vec<Check>) -> Record {
    let table = Table::of("checks", CHECKS, checks, Pii::Masked);
    Record::of(ALL_CHECKS, checks, Pii::Masked).with(table)
}

/// Describes a migration.
pub fn migrated(migration: &Migration) -> Record {
    Record::of(MIGRATION, migration, Pii::Masked)
}
