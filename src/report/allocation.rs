//! Allocations as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, key, minor, money, percent, row, summed, text, tokens, used},
    record::Record,
};
use crate::domain::{allocation::Balance, event::AllocationRow, quantity::Amount};

/// The fields of an allocation of an event.
pub const FIELDS: &[Field<AllocationRow>] = &[
    data(text("id", "UUID", |of, _| Cell::text(of.allocation.id))),
    data(text("event", "event", |of, _| {
        Cell::words(of.event.event.code.as_str())
    })),
    text("holder", "holder", |of, _| {
        Cell::words(of.allocation.holder.code.as_str())
    }),
    text("holder_name", "name", |of, _| {
        Cell::words(&of.allocation.holder_name)
    }),
    minor(summed(tokens("lp_tokens_held", "tokens", |of, _| {
        Cell::tokens(of.allocation.tokens)
    }))),
    minor(summed(percent(
        "ownership_percentage",
        "ownership %",
        |of, _| Cell::Percent(of.allocation.percentage),
    ))),
    summed(money("allocated_amount", "allocated", |of, _| {
        of_balance(of, Balance::allocated)
    })),
    summed(money("withdrawn_amount", "paid", |of, _| {
        of_balance(of, Balance::withdrawn)
    })),
    key(summed(money("pending_amount", "pending", |of, _| {
        of_balance(of, Balance::pending)
    }))),
    key(summed(money("available_amount", "available", |of, _| {
        of_balance(of, Balance::available)
    }))),
    key(text("status", "status", |of, _| {
        Cell::words(of.allocation.balance.status().as_str())
    })),
    used(summed(money("assigned_amount", "assigned", |of, _| {
        Cell::money(of.allocation.assigned, of.event.currency)
    }))),
    data(percent("tax_rate", "tax rate", |of, _| {
        let rate = of.allocation.tax_rate;
        rate.map_or(Cell::Empty, |rate| Cell::Percent(rate.rate.percent()))
    })),
    data(text("tax_reason", "reason of the rate", |of, _| {
        Cell::maybe(of.allocation.tax_rate.map(|rate| rate.reason))
    })),
    used(summed(money("tax_amount", "tax", |of, _| {
        of_balance(of, Balance::tax)
    }))),
    data(summed(money("net_amount", "net", |of, _| {
        of_balance(of, Balance::net)
    }))),
    used(summed(money(
        "brought_forward_amount",
        "brought forward",
        |of, _| of_balance(of, Balance::brought_forward),
    ))),
    used(summed(money(
        "carried_forward_amount",
        "carried forward",
        |of, _| of_balance(of, Balance::carried_forward),
    ))),
    minor(text("available_as", "available as", |of, _| {
        of.available_as
            .map_or(Cell::Empty, |found| Cell::words(found.as_str()))
    })),
];

/// Makes the cell of an amount of an allocation.
fn of_balance(of: &AllocationRow, amount: fn(Balance) -> Amount) -> Cell {
    Cell::money(amount(of.allocation.balance), of.event.currency)
}

/// Describes an allocation.
pub fn record(allocation: &AllocationRow) -> Record {
    Record::of(FIELDS, allocation, Pii::Masked)
}

/// Makes the row of an allocation.
pub fn cells(allocation: &AllocationRow) -> Vec<Cell> {
    row(FIELDS, allocation, Pii::Masked)
}
