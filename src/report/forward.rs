//! Forward balances as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, date, key, minor, money, row, summed, text},
    record::Table,
};
use crate::domain::forward::ForwardRow;

/// The fields of a forward balance.
pub const FIELDS: &[Field<ForwardRow>] = &[
    minor(text("project", "project", |of, _| {
        Cell::words(of.project.code.as_str())
    })),
    key(text("holder", "holder", |of, _| {
        Cell::words(of.holder.code.as_str())
    })),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    key(summed(money("balance", "waits", |of, _| {
        Cell::money(of.balance, of.currency)
    }))),
    date("oldest_date", "oldest since", |of, _| {
        Cell::on(of.parts.first().map(|part| part.since))
    }),
    count("movements", "movements", |of, _| Cell::count(of.movements)),
    text("events", "carried forward by", |of, _| {
        let mut events: Vec<&str> = of.parts.iter().map(|part| part.event.as_str()).collect();
        events.dedup();
        Cell::text(events.join(", "))
    }),
];

/// Lists forward balances.
pub fn table(rows: &[ForwardRow]) -> Table {
    Table::of("carried_forward", FIELDS, rows, Pii::Masked)
}

/// Makes the row of a forward balance.
pub fn cells(of: &ForwardRow) -> Vec<Cell> {
    row(FIELDS, of, Pii::Masked)
}
