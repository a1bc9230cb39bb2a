//! The exceptions of a period as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, instant, key, minor, money, text},
    record::{Record, Table},
};
use crate::domain::{
    account::masked_within,
    control::{ControlReport, Exception, ExceptionCount},
};

/// The fields of an exception.
pub const EXCEPTIONS: &[Field<Exception>] = &[
    key(text("kind", "kind", |one, _| Cell::text(one.kind))),
    instant("at", "when (UTC)", |one, _| Cell::Instant(one.at)),
    text("by", "by", |one, _| Cell::text(&one.by)),
    key(text("subject", "of", |one, _| Cell::text(&one.subject))),
    money("amount", "amount", |one, _| match one.currency {
        Some(currency) => Cell::signed(one.amount, currency),
        None => Cell::Empty,
    }),
    text("currency", "currency", |one, _| Cell::maybe(one.currency)),
    minor(text("detail", "detail", |one, _| {
        Cell::maybe(one.detail.as_deref().map(masked_within))
    })),
    minor(text("other_user", "other user", |one, _| {
        Cell::maybe(one.other_user.as_ref())
    })),
];

/// The fields of a count of exceptions.
pub(super) const COUNTS: &[Field<ExceptionCount>] = &[
    text("kind", "kind", |of, _| Cell::text(of.kind)),
    count("count", "how many", |of, _| Cell::count(of.count)),
    text("currency", "currency", |of, _| Cell::maybe(of.currency)),
    money("amount", "sum", |of, _| match of.currency {
        Some(currency) => Cell::signed(of.amount, currency),
        None => Cell::Empty,
    }),
];

/// Lists the exceptions alone.
pub fn exceptions(report: &ControlReport) -> Table {
    Table::of("exceptions", EXCEPTIONS, &report.exceptions, Pii::Masked)
}

/// Describes the exceptions of a period, with their counts.
pub fn record(report: &ControlReport) -> Record {
    Record::of_tables(vec![
        Table::of("counts", COUNTS, &report.counts, Pii::Masked),
        exceptions(report),
    ])
}
