//! A statement of holder: balances and movements.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, date, key, minor, money, text},
    record::{Record, Table},
};
use crate::domain::holder_statement::{CurrencyBalance, HolderMovement, HolderStatement};

/// The fields of a statement.
pub(super) const FIELDS: &[Field<HolderStatement>] = &[
    text("holder", "holder", |statement, _| {
        Cell::text(&statement.holder.code)
    }),
    text("holder_name", "name", |statement, _| {
        Cell::text(&statement.name)
    }),
    date("date_from", "from", |statement, _| Cell::on(statement.from)),
    date("date_to", "to", |statement, _| Cell::Date(statement.to)),
];

/// The fields of the balances of a currency.
pub(super) const BALANCES: &[Field<CurrencyBalance>] = &[
    key(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    key(money("opening_balance", "opening", |of, _| {
        Cell::total(of.opening, of.currency)
    })),
    money("allocated_amount", "allocated", |of, _| {
        Cell::total(of.allocated, of.currency)
    }),
    minor(money("cancelled_amount", "cancelled", |of, _| {
        Cell::total(of.cancelled, of.currency)
    })),
    money("paid_amount", "paid", |of, _| {
        Cell::total(of.paid, of.currency)
    }),
    money("returned_amount", "returned", |of, _| {
        Cell::total(of.returned, of.currency)
    }),
    key(money("closing_balance", "closing", |of, _| {
        Cell::total(of.closing, of.currency)
    })),
    money("pending_amount", "of which pending", |of, _| {
        Cell::total(of.pending, of.currency)
    }),
    money("available_amount", "available", |of, _| {
        Cell::total(of.available, of.currency)
    }),
    money("carried_forward_amount", "carried forward", |of, _| {
        Cell::total(of.carried_forward, of.currency)
    }),
    money("written_off_amount", "written off", |of, _| {
        Cell::total(of.written_off, of.currency)
    }),
];

/// The fields of a movement.
pub(super) const MOVEMENTS: &[Field<HolderMovement>] = &[
    key(date("date", "date", |movement, _| {
        Cell::Date(movement.date)
    })),
    key(text("movement", "what", |movement, _| {
        Cell::text(movement.kind.as_str())
    })),
    text("event", "event", |movement, _| Cell::text(&movement.event)),
    minor(text("description", "description", |movement, _| {
        Cell::text(&movement.description)
    })),
    data(text("withdrawal", "withdrawal", |movement, _| {
        Cell::maybe(movement.withdrawal)
    })),
    minor(text("payment", "payment", |movement, _| {
        Cell::maybe(movement.payment)
    })),
    text("reference", "reference", |movement, _| {
        Cell::maybe(movement.reference.as_ref())
    }),
    date("value_date", "value date", |movement, _| {
        Cell::on(movement.value_date)
    }),
    key(text("currency", "currency", |movement, _| {
        Cell::text(movement.currency)
    })),
    key(money("amount", "amount", |movement, _| {
        Cell::Money(movement.amount, movement.currency)
    })),
    key(money("balance", "balance", |movement, _| {
        Cell::total(movement.balance, movement.currency)
    })),
    minor(money(
        "forward_amount",
        "to forward balance",
        |movement, _| Cell::Money(movement.forward_amount, movement.currency),
    )),
];

/// Describes a statement.
pub fn record(statement: &HolderStatement) -> Record {
    Record::of(FIELDS, statement, Pii::Masked)
        .with(
            Table::of("balances", BALANCES, &statement.balances, Pii::Masked)
                .hide_zero(&["carried_forward_amount", "written_off_amount"]),
        )
        .with(
            Table::of("movements", MOVEMENTS, &statement.movements, Pii::Masked)
                .hide_zero(&["forward_amount"]),
        )
}
