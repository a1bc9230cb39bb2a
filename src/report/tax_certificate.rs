//! Tax certificates as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, date, detail, instant, key, minor, percent, row, text},
    record::Record,
};
use crate::domain::tax::certificate::Certificate;

/// The fields of a certificate.
pub const FIELDS: &[Field<Certificate>] = &[
    key(text("code", "certificate", |of, _| Cell::text(of.number))),
    key(text("holder", "holder", |of, _| {
        Cell::words(of.holder.code.as_str())
    })),
    text("kind", "kind", |of, _| Cell::text(of.terms.kind.word())),
    minor(text("component", "component", |of, _| {
        Cell::maybe(of.terms.component.as_ref())
    })),
    minor(text("country", "country", |of, _| {
        Cell::maybe(of.terms.country.as_ref())
    })),
    key(percent("rate", "rate", |of, _| {
        Cell::Percent(of.terms.kind.rate().percent())
    })),
    text("reference", "reference", |of, _| {
        Cell::words(&of.terms.reference)
    }),
    date("from_date", "from", |of, _| Cell::Date(of.terms.from)),
    date("until_date", "until", |of, _| Cell::Date(of.terms.until)),
    key(text("status", "status", |of, _| {
        Cell::text(of.state.status())
    })),
    text("proposed_by", "recorded by", |of, _| {
        Cell::words(of.proposed_by.code.as_str())
    }),
    text("approved_by", "approved by", |of, _| {
        Cell::maybe(of.state.approval().map(|approval| &approval.by.code))
    }),
    minor(date("ended_on", "ended on", |of, _| {
        Cell::on(of.state.end().map(|end| end.on))
    })),
    detail(text("proposal", "proposal", |of, _| {
        Cell::text(of.proposal)
    })),
    detail(instant("proposed_at", "recorded at", |of, _| {
        Cell::Instant(of.proposed_at)
    })),
];

/// Makes the row of a certificate.
pub fn cells(certificate: &Certificate) -> Vec<Cell> {
    row(FIELDS, certificate, Pii::Masked)
}

/// Describes a single certificate.
pub fn record(certificate: &Certificate) -> Record {
    Record::of(FIELDS, certificate, Pii::Masked)
}
