//! Payments as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, date, detail, instant, key, minor, money, row, summed, text},
    record::Record,
};
use crate::domain::payment::{Payment, PaymentState};

/// The fields of a payment.
pub const FIELDS: &[Field<Payment>] = &[
    data(text("id", "UUID", |payment, _| Cell::text(payment.id))),
    text("code", "payment", |payment, _| Cell::text(payment.number)),
    minor(text("withdrawal", "withdrawal", |payment, _| {
        Cell::text(payment.withdrawal)
    })),
    minor(text("event", "event", |payment, _| {
        Cell::words(payment.event.code.as_str())
    })),
    key(text("holder", "holder", |payment, _| {
        Cell::words(payment.holder.code.as_str())
    })),
    summed(money("amount", "amount", |payment, _| {
        Cell::money(payment.facts.amount, payment.currency)
    })),
    text("currency", "currency", |payment, _| {
        Cell::text(payment.currency)
    }),
    text("reference", "reference", |payment, _| {
        Cell::words(&payment.facts.reference)
    }),
    date("payment_date", "value date", |payment, _| {
        Cell::Date(payment.facts.date)
    }),
    key(text("status", "status", |payment, _| {
        Cell::text(payment.state.status())
    })),
    data(instant(
        "returned_at",
        "return recorded at",
        |payment, _| match &payment.state {
            PaymentState::Returned { recorded, .. } => Cell::Instant(recorded.at),
            PaymentState::Recorded | PaymentState::Reconciled => Cell::Empty,
        },
    )),
    detail(date("return_date", "returned on", |payment, _| {
        Cell::on(payment.state.returned().map(|(date, _)| date))
    })),
    detail(text("return_reason", "reason", |payment, _| {
        Cell::maybe(payment.state.returned().map(|(_, reason)| reason))
    })),
    detail(text("replaces", "replaces", |payment, _| {
        Cell::maybe(payment.replaces)
    })),
    detail(text("bank_line", "bank line", |payment, _| {
        Cell::maybe(payment.bank_line)
    })),
    detail(text("recorded_from", "recorded from", |payment, _| {
        Cell::maybe(payment.basis.line())
    })),
    detail(text("paid_by", "recorded by", |payment, _| {
        Cell::words(payment.facts.by.code.as_str())
    })),
    detail(instant("paid_at", "recorded at", |payment, _| {
        Cell::Instant(payment.facts.at)
    })),
    detail(text("notes", "notes", |payment, _| {
        Cell::maybe(payment.facts.notes.as_ref())
    })),
];

/// Makes the row of a payment.
pub fn cells(payment: &Payment) -> Vec<Cell> {
    row(FIELDS, payment, Pii::Masked)
}

/// Describes a single payment.
pub fn record(payment: &Payment) -> Record {
    Record::of(FIELDS, payment, Pii::Masked)
}
