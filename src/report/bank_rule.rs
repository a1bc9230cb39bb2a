//! Rules about bank lines as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, detail, instant, key, minor, money, row, text},
    record::Record,
};
use crate::domain::bank_rule::AccountRule;

/// The fields of a rule.
pub const FIELDS: &[Field<AccountRule>] = &[
    key(text("code", "rule", |of, _| Cell::text(of.rule.proposal))),
    minor(text("account", "account", |of, _| {
        Cell::words(of.account.code.as_str())
    })),
    key(text("text", "begins with", |of, _| {
        Cell::words(of.rule.text.as_str())
    })),
    text("kind", "is a", |of, _| Cell::text(of.rule.kind)),
    key(money("at_most", "at most", |of, _| {
        Cell::money(of.rule.at_most, of.currency)
    })),
    text("currency", "currency", |of, _| Cell::text(of.currency)),
    text("proposed_by", "proposed by", |of, _| {
        Cell::words(of.proposed_by.code.as_str())
    }),
    text("approved_by", "approved by", |of, _| {
        Cell::words(of.approved.by.code.as_str())
    }),
    detail(instant("approved_at", "approved at", |of, _| {
        Cell::Instant(of.approved.at)
    })),
    minor(text("removed_by", "removed by", |of, _| {
        Cell::maybe(of.removed.as_ref().map(|removal| &removal.removed.by.code))
    })),
    detail(instant("removed_at", "removed at", |of, _| {
        Cell::at(of.removed.as_ref().map(|removal| removal.removed.at))
    })),
    detail(text("removal_reason", "reason", |of, _| {
        Cell::maybe(
            of.removed
                .as_ref()
                .and_then(|removal| removal.reason.as_ref()),
        )
    })),
];

/// Makes the row of a rule.
pub fn cells(rule: &AccountRule) -> Vec<Cell> {
    row(FIELDS, rule, Pii::Masked)
}

/// Describes a single rule.
pub fn record(rule: &AccountRule) -> Record {
    Record::of(FIELDS, rule, Pii::Masked)
}
