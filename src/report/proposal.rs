//! Proposals as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, detail, instant, key, minor, money, row, text},
    record::Record,
};
use crate::domain::proposal::Proposal;

/// The fields of a proposal.
pub const FIELDS: &[Field<Proposal>] = &[
    key(text("code", "proposal", |of, _| Cell::text(of.number))),
    minor(text("kind", "kind", |of, _| Cell::text(of.content.kind()))),
    text("subject", "about", |of, _| Cell::words(&of.facts.subject)),
    money("amount", "amount", |of, _| match of.facts.amount {
        Some((amount, currency)) => Cell::money(amount, currency),
        None => Cell::Empty,
    }),
    text("currency", "currency", |of, _| {
        Cell::maybe(of.facts.amount.map(|(_, currency)| currency))
    }),
    text("proposed_by", "proposed by", |of, _| {
        Cell::words(of.proposed_by.code.as_str())
    }),
    detail(instant("proposed_at", "proposed at", |of, _| {
        Cell::Instant(of.proposed_at)
    })),
    key(text("status", "status", |of, _| {
        Cell::text(of.state.status())
    })),
    text("decided_by", "decided by", |of, _| {
        Cell::maybe(of.state.decision().map(|decision| &decision.by.code))
    }),
    detail(instant("decided_at", "decided at", |of, _| {
        Cell::at(of.state.decision().map(|decision| decision.at))
    })),
    detail(text("reason", "reason", |of, _| {
        Cell::maybe(of.state.reason())
    })),
    minor(text("detail", "what it does", |of, _| {
        Cell::words(&of.facts.detail)
    })),
    data(text("id", "UUID", |of, _| Cell::text(of.id))),
];

/// Makes the row of a proposal.
pub fn cells(proposal: &Proposal) -> Vec<Cell> {
    row(FIELDS, proposal, Pii::Masked)
}

/// Describes a single proposal.
pub fn record(proposal: &Proposal) -> Record {
    Record::of(FIELDS, proposal, Pii::Masked)
}
