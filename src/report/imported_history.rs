//! What an import of past events is about: its events and its holders, with their sums.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, date, key, minor, money, summed, text},
    proposal,
    record::{Record, Table},
};
use crate::domain::{
    currency::Currency,
    history::{ImportSummary, ImportSums, ImportedHead},
    id::HolderRef,
    proposal::ProposalDetail,
    quantity::Total,
};

/// An event or a holder with its sums.
pub(super) struct ImportLine<T> {
    of: T,
    sums: ImportSums,
    currency: Currency,
}

/// The fields of an event of an import.
pub(super) const EVENTS: &[Field<ImportLine<ImportedHead>>] = &[
    key(text("event", "event", |line, _| Cell::text(&line.of.code))),
    minor(text("title", "title", |line, _| {
        Cell::words(&line.of.title)
    })),
    minor(text("event_type", "type", |line, _| {
        Cell::text(line.of.event_type)
    })),
    date("distribution_date", "date", |line, _| {
        Cell::Date(line.of.distribution_date)
    }),
    minor(date("record_date", "record date", |line, _| {
        Cell::Date(line.of.record_date)
    })),
    count("holders", "holders", |line, _| Cell::count(line.sums.rows)),
    text("currency", "currency", |line, _| Cell::text(line.currency)),
    summed(money("gross_amount", "gross", |line, _| {
        total(line, line.sums.gross)
    })),
    summed(money("tax_amount", "tax", |line, _| {
        total(line, line.sums.tax)
    })),
    summed(money("paid_amount", "paid", |line, _| {
        total(line, line.sums.paid)
    })),
    summed(money("available_amount", "available", |line, _| {
        total(line, line.sums.available)
    })),
];

/// The fields of a holder of an import.
pub(super) const HOLDERS: &[Field<ImportLine<HolderRef>>] = &[
    key(text("holder", "holder", |line, _| {
        Cell::text(&line.of.code)
    })),
    count("events", "events", |line, _| Cell::count(line.sums.rows)),
    text("currency", "currency", |line, _| Cell::text(line.currency)),
    summed(money("gross_amount", "gross", |line, _| {
        total(line, line.sums.gross)
    })),
    summed(money("tax_amount", "tax", |line, _| {
        total(line, line.sums.tax)
    })),
    summed(money("paid_amount", "paid", |line, _| {
        total(line, line.sums.paid)
    })),
    summed(money("available_amount", "available", |line, _| {
        total(line, line.sums.available)
    })),
];

fn total<T>(line: &ImportLine<T>, total: Total) -> Cell {
    Cell::total(total, line.currency)
}

/// Describes a proposal; one to import past events with its events and holders.
pub fn record(detail: &ProposalDetail) -> Record {
    let record = proposal::record(&detail.proposal);
    let Some(history) = &detail.history else {
        return record;
    };
    record
        .with(Table::of(
            "events",
            EVENTS,
            lines(history, &history.events),
            Pii::Masked,
        ))
        .with(Table::of(
            "holders",
            HOLDERS,
            lines(history, &history.holders),
            Pii::Masked,
        ))
}

fn lines<T: Clone>(history: &ImportSummary, list: &[(T, ImportSums)]) -> Vec<ImportLine<T>> {
    let line = |(of, sums): &(T, ImportSums)| ImportLine {
        of: of.clone(),
        sums: *sums,
        currency: history.currency,
    };
    list.iter().map(line).collect()
}
