//! Net asset values as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, date, instant, key, minor, money, row, text},
    record::Record,
};
use crate::domain::nav::NavInCurrency;

/// The fields of a net asset value, which is in the currency of its project.
pub const FIELDS: &[Field<NavInCurrency>] = &[
    text("project", "project", |value, _| {
        Cell::text(&value.nav.project.code)
    }),
    date("nav_date", "date", |value, _| {
        Cell::Date(value.nav.nav_date)
    }),
    key(money("amount", "NAV", |value, _| {
        Cell::money(value.nav.amount, value.currency)
    })),
    text("currency", "currency", |value, _| {
        Cell::text(value.currency)
    }),
    minor(text("created_by", "recorded by", |value, _| {
        Cell::text(&value.nav.created_by.code)
    })),
    data(instant("created_at", "recorded at", |value, _| {
        Cell::Instant(value.nav.created_at)
    })),
];

/// Makes the row of a net asset value.
pub fn cells(value: &NavInCurrency) -> Vec<Cell> {
    row(FIELDS, value, Pii::Masked)
}

/// Describes a single net asset value.
pub fn record(value: &NavInCurrency) -> Record {
    Record::of(FIELDS, value, Pii::Masked)
}
