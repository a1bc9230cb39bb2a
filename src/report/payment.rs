//! Payments as rows.

use super::{Cell, Columns, Record, column, data, summed};
use crate::domain::payment::{Payment, PaymentState};

/// The columns of payments.
pub const COLUMNS: Columns = &[
    data("id"),
    column("code", "payment"),
    column("withdrawal", "withdrawal").minor(),
    column("event", "event").minor(),
    column("holder", "holder").key(),
    summed("amount", "amount"),
    column("currency", "currency"),
    column("reference", "reference"),
    column("payment_date", "value date"),
    column("status", "status").key(),
    data("returned_at"),
    data("return_date"),
    data("return_reason"),
    data("replaces"),
    data("bank_line"),
    data("paid_by"),
    data("paid_at"),
    data("notes"),
];

const HEADINGS: &[(&str, &str)] = &[
    ("return_date", "returned on"),
    ("return_reason", "reason"),
    ("replaces", "replaces"),
    ("bank_line", "bank line"),
    ("paid_by", "recorded by"),
    ("paid_at", "recorded at"),
    ("notes", "notes"),
];

/// Describes a payment.
pub fn cells(payment: &Payment) -> Vec<Cell> {
    let returned = match &payment.state {
        PaymentState::Returned {
            date,
            reason,
            recorded,
        } => Some((*date, reason, recorded.at)),
        PaymentState::Recorded | PaymentState::Reconciled => None,
    };
    vec![
        Cell::text(payment.id),
        Cell::text(payment.number),
        Cell::text(payment.withdrawal),
        Cell::words(payment.event.code.as_str()),
        Cell::words(payment.holder.code.as_str()),
        Cell::money(payment.facts.amount, payment.currency),
        Cell::text(payment.currency),
        Cell::words(&payment.facts.reference),
        Cell::Date(payment.facts.date),
        Cell::text(payment.state.status()),
        Cell::at(returned.map(|(_, _, at)| at)),
        Cell::on(returned.map(|(date, _, _)| date)),
        Cell::maybe(returned.map(|(_, reason, _)| reason)),
        Cell::maybe(payment.replaces),
        Cell::maybe(payment.bank_line),
        Cell::words(payment.facts.by.code.as_str()),
        Cell::Instant(payment.facts.at),
        Cell::maybe(payment.facts.notes.as_ref()),
    ]
}

/// Describes a payment as a single thing: all that is known.
pub fn record(payment: &Payment) -> Record {
    let mut record = Record::of(COLUMNS, cells(payment));
    super::show(&mut record, HEADINGS);
    record
}
