//! A holder's statement: balances and movements.

use super::{Cell, Columns, Record, Table, column, data};
use crate::domain::{
    holder_statement::{CurrencyBalance, HolderMovement, HolderStatement},
    quantity::Total,
};

const BALANCES: Columns = &[
    column("currency", "currency").key(),
    column("opening_balance", "opening").key(),
    column("allocated_amount", "allocated"),
    column("cancelled_amount", "cancelled").minor(),
    column("paid_amount", "paid"),
    column("returned_amount", "returned"),
    column("closing_balance", "closing").key(),
    column("pending_amount", "of it pending"),
    column("available_amount", "available"),
];

const MOVEMENTS: Columns = &[
    column("date", "date").key(),
    column("movement", "what").key(),
    column("event", "event"),
    column("description", "description").minor(),
    data("withdrawal"),
    column("payment", "payment").minor(),
    column("reference", "reference"),
    column("value_date", "value date"),
    column("currency", "currency").key(),
    column("amount", "amount").key(),
    column("balance", "balance").key(),
];

/// Describes a statement.
pub fn record(statement: &HolderStatement) -> Record {
    Record {
        fields: vec![
            (
                column("holder", "holder"),
                Cell::text(&statement.holder.code),
            ),
            (column("holder_name", "name"), Cell::text(&statement.name)),
            (column("date_from", "from"), Cell::on(statement.from)),
            (column("date_to", "to"), Cell::Date(statement.to)),
        ],
        tables: vec![
            Table {
                name: "balances",
                columns: BALANCES,
                rows: statement.balances.iter().map(balance).collect(),
            },
            Table {
                name: "movements",
                columns: MOVEMENTS,
                rows: statement.movements.iter().map(movement).collect(),
            },
        ],
    }
}

fn balance(row: &CurrencyBalance) -> Vec<Cell> {
    let money = |amount: Total| Cell::Money(amount.into(), row.currency);
    vec![
        Cell::text(row.currency),
        money(row.opening),
        money(row.allocated),
        money(row.cancelled),
        money(row.paid),
        money(row.returned),
        money(row.closing),
        money(row.pending),
        money(row.available),
    ]
}

fn movement(row: &HolderMovement) -> Vec<Cell> {
    vec![
        Cell::Date(row.date),
        Cell::text(row.kind.as_str()),
        Cell::text(&row.event),
        Cell::text(&row.description),
        Cell::maybe(row.withdrawal),
        Cell::maybe(row.payment),
        Cell::maybe(row.reference.as_ref()),
        Cell::on(row.value_date),
        Cell::text(row.currency),
        Cell::Money(row.amount, row.currency),
        Cell::Money(row.balance.into(), row.currency),
    ]
}
