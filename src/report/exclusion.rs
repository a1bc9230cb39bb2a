//! Who takes no part: standing exclusions, and the holders excluded from an event.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, data, date, detail, instant, key, money, percent, row, summed, text, tokens, used,
    },
    record::Record,
};
use crate::domain::{
    currency::Currency,
    event::{Excluded, StandingExclusion},
};

/// The fields of a standing exclusion.
pub const STANDING: &[Field<StandingExclusion>] = &[
    data(text("project", "project", |of, _| {
        Cell::words(of.project.code.as_str())
    })),
    key(text("holder", "holder", |of, _| {
        Cell::words(of.exclusion.holder.code.as_str())
    })),
    text("policy", "part", |of, _| {
        Cell::text(of.exclusion.policy.kind())
    }),
    text("assign_to", "assigned to", |of, _| {
        Cell::maybe(of.exclusion.policy.assign_to().map(|to| &to.code))
    }),
    text("reason", "reason", |of, _| {
        Cell::words(&of.exclusion.reason)
    }),
    key(date("from_date", "from", |of, _| Cell::Date(of.from))),
    key(date("until_date", "until", |of, _| Cell::on(of.until))),
    detail(text("created_by", "recorded by", |of, _| {
        Cell::text(&of.created_by.code)
    })),
    detail(instant("created_at", "recorded at", |of, _| {
        Cell::Instant(of.created_at)
    })),
];

/// The fields of a holder excluded from an event.
pub(super) const EXCLUDED: &[Field<(Excluded, Currency)>] = &[
    key(text("holder", "holder", |(of, _), _| {
        Cell::words(of.holder.code.as_str())
    })),
    summed(tokens("tokens", "tokens", |(of, _), _| {
        Cell::tokens(of.tokens)
    })),
    percent("ownership_percentage", "ownership %", |(of, _), _| {
        Cell::Percent(of.percentage)
    }),
    text("policy", "part", |(of, _), _| Cell::text(of.policy.kind())),
    used(text("assign_to", "assigned to", |(of, _), _| {
        Cell::maybe(of.policy.assign_to().map(|to| &to.code))
    })),
    text("reason", "reason", |(of, _), _| Cell::words(&of.reason)),
    key(summed(money("part", "amount", |(of, currency), _| {
        Cell::money(of.part, *currency)
    }))),
];

/// Makes the row of a standing exclusion.
pub fn standing(exclusion: &StandingExclusion) -> Vec<Cell> {
    row(STANDING, exclusion, Pii::Masked)
}

/// Describes a standing exclusion.
pub fn record(exclusion: &StandingExclusion) -> Record {
    Record::of(STANDING, exclusion, Pii::Masked)
}
