//! What is due to authorities and what was remitted, as rows.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, columns, count, date, detail, instant, key, minor, money, row, summed, text,
        uncounting,
    },
    record::{Record, Table},
};
use crate::domain::tax::liability::{Remittance, TaxDue, TaxItem};

/// The fields of what is due.
pub const DUE: &[Field<TaxDue>] = &[
    key(text("authority", "authority", |of, _| {
        Cell::words(&of.authority)
    })),
    key(text("period", "month", |of, _| Cell::words(&of.period))),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    minor(count("items", "items", |of, _| Cell::count(of.items))),
    summed(money("gross_amount", "taxed", |of, _| {
        Cell::total(of.gross, of.currency)
    })),
    summed(money("tax_amount", "tax", |of, _| {
        Cell::total(of.tax, of.currency)
    })),
    key(summed(money("payable", "to remit", |of, _| {
        Cell::total(of.payable, of.currency)
    }))),
    key(date("due_date", "due", |of, _| Cell::Date(of.due_date))),
    count("overdue_days", "days overdue", |of, _| {
        Cell::count(of.overdue_days)
    }),
];

/// What the file of a month end says of what is due in addition.
pub(super) const OF_MONTH: &[Field<TaxDue>] = &[
    summed(money("remitted_amount", "remitted", |of, _| {
        Cell::total(of.remitted(), of.currency)
    })),
    summed(money("overdue_amount", "overdue", |of, _| {
        Cell::total(of.overdue, of.currency)
    })),
];

/// The fields of a remittance.
pub const REMITTANCES: &[Field<Remittance>] = &[
    key(text("code", "remittance", |of, _| Cell::text(of.number))),
    text("authority", "authority", |of, _| Cell::words(&of.authority)),
    text("period", "month", |of, _| Cell::words(&of.period)),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    key(summed(money("amount", "amount", |of, _| {
        Cell::money(of.amount, of.currency)
    }))),
    minor(count("items", "items", |of, _| Cell::count(of.items))),
    text("reference", "reference", |of, _| Cell::words(&of.reference)),
    date("payment_date", "paid on", |of, _| {
        Cell::Date(of.payment_date)
    }),
    uncounting(
        key(text("status", "status", |of, _| Cell::text(of.status()))),
        &["reversed"],
    ),
    text("bank_line", "bank line", |of, _| Cell::maybe(of.line)),
    text("recorded_by", "recorded by", |of, _| {
        Cell::words(of.recorded.by.code.as_str())
    }),
    detail(instant("recorded_at", "recorded at", |of, _| {
        Cell::Instant(of.recorded.at)
    })),
    minor(text("reversed_by", "taken back by", |of, _| {
        Cell::maybe(of.reversed.as_ref().map(|(reversed, _)| &reversed.by.code))
    })),
    detail(instant("reversed_at", "taken back at", |of, _| {
        Cell::at(of.reversed.as_ref().map(|(reversed, _)| reversed.at))
    })),
    detail(text("reason", "reason", |of, _| {
        Cell::maybe(of.reversed.as_ref().map(|(_, reason)| reason))
    })),
];

/// The fields of what an event owes to an authority.
pub(super) const ITEMS: &[Field<TaxItem>] = &[
    text("event", "event", |of, _| {
        Cell::words(of.event.code.as_str())
    }),
    date("tax_date", "tax date", |of, _| Cell::Date(of.tax_date)),
    date("due_date", "due", |of, _| Cell::Date(of.due_date)),
    summed(money("gross_amount", "taxed", |of, _| {
        Cell::money(of.gross, of.currency)
    })),
    summed(money("tax_amount", "tax", |of, _| {
        Cell::money(of.tax, of.currency)
    })),
];

/// Makes the row of what is due.
pub fn due(due: &TaxDue) -> Vec<Cell> {
    row(DUE, due, Pii::Masked)
}

/// Lists what is due, the remitted part, and the overdue part.
pub fn due_table(dues: &[TaxDue]) -> Table {
    let cells = |of| {
        let more = row(OF_MONTH, of, Pii::Masked);
        due(of).into_iter().chain(more).collect()
    };
    let more = columns(OF_MONTH).into_iter();
    Table {
        name: "tax",
        columns: columns(DUE).into_iter().chain(more).collect(),
        rows: dues.iter().map(cells).collect(),
    }
}

/// Makes the row of a remittance.
pub fn remittance(remittance: &Remittance) -> Vec<Cell> {
    row(REMITTANCES, remittance, Pii::Masked)
}

/// Describes a remittance and its items. The items are listed as `taxes`: `items` is their number.
pub fn remittance_record(remittance: &Remittance, items: &[TaxItem]) -> Record {
    Record::of(REMITTANCES, remittance, Pii::Masked).with(Table::of(
        "taxes",
        ITEMS,
        items,
        Pii::Masked,
    ))
}
