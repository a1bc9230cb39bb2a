//! A statement file that was read and not imported.

use super::{
    bank::{findings, words},
    cell::{Cell, Pii},
    field::{Field, count, data, date, flag, json, key, minor, money, text},
    record::{Record, Table},
};
use crate::domain::{
    currency::Currency,
    statement::{SkippedRow, Statement, StatementFile, StatementLine},
};

/// The fields of a file.
pub(super) const FIELDS: &[Field<StatementFile>] = &[
    text("format", "format", |file, _| {
        Cell::text(file.format.as_str())
    }),
    text("encoding", "encoding", |file, _| Cell::text(file.encoding)),
    text("profile", "profile", |file, _| {
        Cell::maybe(file.profile.as_ref())
    }),
];

/// Something of a file, in a currency.
pub(super) type In<T> = (T, Currency);

/// The fields of a statement of a file.
pub(super) const STATEMENTS: &[Field<In<Statement>>] = &[
    text("statement", "statement", |(of, _), _| {
        Cell::maybe(of.reference.as_ref())
    }),
    date("date_from", "from", |(of, _), _| {
        Cell::on(of.dates().map(|days| days.first))
    }),
    date("date_to", "to", |(of, _), _| {
        Cell::on(of.dates().map(|days| days.last))
    }),
    count("lines", "lines", |(of, _), _| number(of.lines.len())),
    minor(count("skipped", "skipped", |(of, _), _| {
        number(of.skipped.len())
    })),
    text("currency", "currency", |(of, _), _| {
        Cell::maybe(of.currency)
    }),
    money("opening_balance", "opening", |(of, currency), _| {
        Cell::signed(of.opening.map(|balance| balance.amount), *currency)
    }),
    money("debits", "out", |(of, currency), _| {
        Cell::signed(of.sums().map(|sums| sums.debits), *currency)
    }),
    money("credits", "in", |(of, currency), _| {
        Cell::signed(of.sums().map(|sums| sums.credits), *currency)
    }),
    key(money("closing_balance", "closing", |(of, currency), _| {
        Cell::signed(of.closing.map(|balance| balance.amount), *currency)
    })),
    key(flag("balance_ok", "adds up", |(of, _), _| {
        Cell::flag(of.balance_ok)
    })),
    data(json("findings", "findings", |(of, currency), _| {
        findings(&of.findings, *currency)
    })),
];

/// The fields of a line of a file.
pub(super) const LINES: &[Field<In<StatementLine>>] = &[
    count("line", "line", |(of, _), _| Cell::count(of.place)),
    date("booking_date", "booked", |(of, _), _| {
        Cell::Date(of.booking_date)
    }),
    minor(date("value_date", "value date", |(of, _), _| {
        Cell::on(of.value_date)
    })),
    key(money("amount", "amount", |(of, currency), _| {
        Cell::Money(of.amount, *currency)
    })),
    money("balance", "balance", |(of, currency), _| {
        Cell::signed(of.balance, *currency)
    }),
    text("reference", "reference", |(of, _), _| {
        Cell::maybe(of.reference.as_ref())
    }),
    minor(text("description", "description", |(of, _), pii| {
        words(&of.description, pii)
    })),
];

/// The fields of a row of a file that is not a booked line.
pub(super) const SKIPPED: &[Field<In<SkippedRow>>] = &[
    count("line", "line", |(of, _), _| Cell::count(of.place)),
    text("reason", "reason", |(of, _), _| Cell::text(&of.reason)),
    money("amount", "amount", |(of, currency), _| {
        Cell::signed(of.amount, *currency)
    }),
    minor(text("description", "description", |(of, _), pii| {
        words(&of.description, pii)
    })),
];

/// The field of what a file proves.
pub(super) const PROOFS: &[Field<String>] = &[text("proof", "what the file proves", |proof, _| {
    Cell::text(proof)
})];

/// The field of what was decided, since the file does not say it.
pub(super) const DECISIONS: &[Field<String>] = &[text(
    "decision",
    "what was decided, since the file does not say it",
    |decision, _| Cell::text(decision),
)];

/// Describes a file: what would be imported, and what the file proves. `fallback` is the currency
/// of amounts whose file names none.
pub fn record(file: &StatementFile, fallback: Currency) -> Record {
    let masked = Pii::Masked;
    let statements = || file.statements.iter();
    let currency = |statement: &Statement| statement.currency.unwrap_or(fallback);
    let lines = statements().flat_map(|of| {
        let currency = currency(of);
        of.lines.iter().map(move |line| (line.clone(), currency))
    });
    let skipped = statements().flat_map(|of| {
        let currency = currency(of);
        of.skipped.iter().map(move |row| (row.clone(), currency))
    });
    let all = statements().map(|of| (of.clone(), currency(of)));
    Record::of(FIELDS, file, masked)
        .with(Table::of("statements", STATEMENTS, all, masked))
        .with(Table::of("lines", LINES, lines, masked))
        .with(Table::of("skipped", SKIPPED, skipped, masked))
        .with(Table::of("proofs", PROOFS, &file.proofs, masked))
        .with(Table::of("decisions", DECISIONS, &file.decisions, masked))
}

fn number(count: usize) -> Cell {
    Cell::count(u64::try_from(count).unwrap_or(u64::MAX))
}
