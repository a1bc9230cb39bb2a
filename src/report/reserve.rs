//! Reserves and their movements as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, date, instant, key, minor, money, row, summed, text},
    record::Table,
};
use crate::domain::reserve::{Reserve, ReserveMovement};

/// The fields of a reserve.
pub const FIELDS: &[Field<Reserve>] = &[
    text("project", "project", |of, _| Cell::text(&of.project.code)),
    key(text("name", "reserve", |of, _| Cell::text(&of.name))),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    key(summed(money("balance", "balance", |of, _| {
        Cell::money(of.balance, of.currency)
    }))),
    date("oldest_date", "oldest part", |of, _| {
        Cell::on(of.oldest_date)
    }),
    minor(count("movements", "movements", |of, _| {
        Cell::count(of.movements)
    })),
];

/// The fields of a movement of a reserve.
pub const MOVEMENTS: &[Field<ReserveMovement>] = &[
    text("project", "project", |of, _| Cell::text(&of.project.code)),
    key(text("name", "reserve", |of, _| Cell::text(&of.name))),
    key(text("event", "event", |of, _| Cell::text(&of.event.code))),
    key(text("kind", "movement", |of, _| Cell::text(of.kind))),
    minor(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    key(money("amount", "amount", |of, _| {
        Cell::money(of.amount, of.currency)
    })),
    money("balance", "balance", |of, _| {
        Cell::money(of.balance, of.currency)
    }),
    minor(text("created_by", "by", |of, _| Cell::text(&of.by.code))),
    minor(instant("created_at", "at", |of, _| Cell::Instant(of.at))),
];

/// Lists reserves.
pub fn table(reserves: &[Reserve]) -> Table {
    Table::of("reserves", FIELDS, reserves, Pii::Masked)
}

/// Makes the row of a reserve.
pub fn cells(reserve: &Reserve) -> Vec<Cell> {
    row(FIELDS, reserve, Pii::Masked)
}

/// Makes the row of a movement of a reserve.
pub fn movement(movement: &ReserveMovement) -> Vec<Cell> {
    row(MOVEMENTS, movement, Pii::Masked)
}
