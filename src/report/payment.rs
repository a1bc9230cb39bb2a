//! Payments as rows.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, count, data, date, detail, flag, instant, key, minor, money, row, summed, text,
        uncounting,
    },
    record::{Record, Table},
};
use crate::domain::{
    code::Code,
    payment::{CorrectedPayment, PastPayment, Payment, PaymentState},
    time::Instant,
    withdrawal::PaymentFacts,
};

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
    data(count("transfer", "transfer", |payment, _| {
        let number = payment.transfer.map(|transfer| transfer.number.number());
        number
            .and_then(|number| u64::try_from(number).ok())
            .map_or(Cell::Empty, Cell::count)
    })),
    data(count(
        "transfer_payments",
        "payments of the transfer",
        |payment, _| {
            let payments = payment.transfer.map(|transfer| transfer.payments);
            payments.map_or(Cell::Empty, Cell::count)
        },
    )),
    data(money(
        "transfer_total",
        "total of the transfer",
        |payment, _| {
            let total = payment.transfer.map(|transfer| transfer.total);
            total.map_or(Cell::Empty, |total| Cell::money(total, payment.currency))
        },
    )),
    detail(text("means", "means", |payment, _| {
        Cell::text(payment.means)
    })),
    data(flag("imported", "imported", |payment, _| {
        Cell::flag(Some(payment.is_imported()))
    })),
    date("payment_date", "value date", |payment, _| {
        Cell::Date(payment.facts.date)
    }),
    uncounting(
        key(text("status", "status", |payment, _| {
            Cell::text(payment.state.status())
        })),
        &["returned"],
    ),
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
    detail(text("settled_by", "settled by", |payment, _| {
        Cell::maybe(payment.settled.as_ref().map(|settled| &settled.by.code))
    })),
    detail(instant("settled_at", "settled at", |payment, _| {
        Cell::at(payment.settled.as_ref().map(|settled| settled.at))
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

/// A value that a correction changed.
pub(super) struct CorrectedValue {
    at: Instant,
    by: Code,
    reason: String,
    field: &'static str,
    before: Option<String>,
    after: Option<String>,
}

/// The fields of a correction: a row for each value that was changed.
pub(super) const CORRECTIONS: &[Field<CorrectedValue>] = &[
    instant("corrected_at", "corrected at", |value, _| {
        Cell::Instant(value.at)
    }),
    text("corrected_by", "by", |value, _| {
        Cell::words(value.by.as_str())
    }),
    text("field", "field", |value, _| Cell::text(value.field)),
    text("before", "before", |value, _| {
        Cell::maybe(value.before.as_ref())
    }),
    text("after", "after", |value, _| {
        Cell::maybe(value.after.as_ref())
    }),
    text("reason", "reason", |value, _| Cell::words(&value.reason)),
];

/// Makes the row of a payment.
pub fn cells(payment: &Payment) -> Vec<Cell> {
    row(FIELDS, payment, Pii::Masked)
}

/// Describes a single payment.
pub fn record(payment: &Payment) -> Record {
    Record::of(FIELDS, payment, Pii::Masked)
}

/// Describes a single payment; one that was corrected with what it said before each correction.
pub fn corrected_record(corrected: &CorrectedPayment) -> Record {
    let CorrectedPayment { payment, past } = corrected;
    let record = record(payment);
    if past.is_empty() {
        return record;
    }
    let values = corrected_values(past, &payment.facts);
    record.with(Table::of("corrections", CORRECTIONS, values, Pii::Masked))
}

/// Compares what a payment said before each correction with what it said after it.
fn corrected_values(past: &[PastPayment], now: &PaymentFacts) -> Vec<CorrectedValue> {
    let mut values = Vec::new();
    for (at, before) in past.iter().enumerate() {
        let after = past.get(at + 1);
        let reference = after.map_or(&now.reference, |after| &after.reference);
        let date = after.map_or(now.date, |after| after.date);
        let notes = after.map_or(&now.notes, |after| &after.notes);
        let pairs = [
            (
                "reference",
                Some(before.reference.clone()),
                Some(reference.clone()),
            ),
            (
                "payment_date",
                Some(before.date.to_string()),
                Some(date.to_string()),
            ),
            ("notes", before.notes.clone(), notes.clone()),
        ];
        let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
        values.extend(changed.map(|(field, was, is)| CorrectedValue {
            at: before.corrected_at,
            by: before.corrected_by.code.clone(),
            reason: before.reason.clone(),
            field,
            before: was,
            after: is,
        }));
    }
    values
}
