//! Events as a report of the past lists them.

use super::{
    cell::{Cell, Pii},
    column::Column,
    event,
    field::{self, Field, data, money, row, summed, used},
};
use crate::domain::{
    analytics::counts,
    event::{Event, HistoryRow},
};

/// What a report of the past says of an event in addition: the amounts of balances, under their names
/// there.
const OF_HISTORY: &[Field<HistoryRow>] = &[
    data(summed(money("tax_amount", "tax", |of, _| {
        Cell::money(of.event.balance.tax(), of.event.currency)
    }))),
    data(summed(money("net_amount", "net", |of, _| {
        Cell::money(of.event.balance.net(), of.event.currency)
    }))),
    data(summed(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| Cell::money(of.event.balance.carried_forward(), of.event.currency),
    ))),
    used(summed(money("held_amount", "held", |of, _| {
        if counts(&of.event) {
            Cell::money(of.held, of.event.currency)
        } else {
            Cell::Empty
        }
    }))),
];

/// Returns the columns of a report of the past: those of events, and the amounts of balances.
pub fn columns() -> Vec<Column> {
    let own = OF_HISTORY.iter().map(Field::column);
    field::columns(event::FIELDS)
        .into_iter()
        .chain(own)
        .collect()
}

/// Makes the row of an event in a report of the past. Nothing is available of an event that is not
/// approved or was cancelled, whatever it would distribute.
pub fn cells(of: &HistoryRow) -> Vec<Cell> {
    let cell = |field: &Field<Event>| match field.column().field {
        "total_available" if !counts(&of.event) => Cell::Empty,
        _ => field.cell(&of.event, Pii::Masked),
    };
    let own = row(OF_HISTORY, of, Pii::Masked);
    event::FIELDS.iter().map(cell).chain(own).collect()
}
