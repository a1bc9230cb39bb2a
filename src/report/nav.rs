//! Net asset values as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, date, instant, key, minor, money, row, text},
    record::Record,
};
use crate::domain::{currency::Currency, nav::Nav};

/// The fields of a net asset value, which is in the currency of its project.
pub const FIELDS: &[Field<(Nav, Currency)>] = &[
    text("project", "project", |(nav, _), _| {
        Cell::text(&nav.project.code)
    }),
    date("nav_date", "date", |(nav, _), _| Cell::Date(nav.nav_date)),
    key(money("amount", "NAV", |(nav, currency), _| {
        Cell::money(nav.amount, *currency)
    })),
    text("currency", "currency", |(_, currency), _| {
        Cell::text(currency)
    }),
    minor(text("created_by", "recorded by", |(nav, _), _| {
        Cell::text(&nav.created_by.code)
    })),
    data(instant("created_at", "recorded at", |(nav, _), _| {
        Cell::Instant(nav.created_at)
    })),
];

/// Makes the row of a net asset value.
pub fn cells(nav: &(Nav, Currency)) -> Vec<Cell> {
    row(FIELDS, nav, Pii::Masked)
}

/// Describes a single net asset value.
pub fn record(nav: &(Nav, Currency)) -> Record {
    Record::of(FIELDS, nav, Pii::Masked)
}
