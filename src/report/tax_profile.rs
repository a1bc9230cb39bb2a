//! Tax profiles as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, date, detail, key, minor, percent, row, text},
    record::{Record, Table},
};
use crate::domain::tax::profile::{Authority, Choice, MissingNumber, RateRule, TaxProfile};

/// The fields of a profile.
pub const FIELDS: &[Field<TaxProfile>] = &[
    key(text("name", "profile", |of, _| Cell::words(&of.name))),
    text("description", "for", |of, _| Cell::words(&of.description)),
    text("country", "country", |of, _| Cell::text(&of.country)),
    date("valid_from", "from", |of, _| Cell::Date(of.valid_from)),
    date("valid_until", "until", |of, _| Cell::on(of.valid_until)),
    minor(text("rounding", "rounding", |of, _| {
        Cell::words(of.rounding.as_str())
    })),
    minor(text("missing_number", "missing number", |of, _| {
        Cell::words(match of.missing_number {
            MissingNumber::Warn => "warn",
            MissingNumber::Refuse => "refuse",
        })
    })),
    detail(text("sha256", "SHA-256", |of, _| Cell::text(of.sha256()))),
];

/// The fields of a rule.
pub(super) const RULES: &[Field<RateRule>] = &[
    text("type", "type", |of, _| named(&of.event_type)),
    text("component", "component", |of, _| named(&of.component)),
    text("residence", "residence", |of, _| named(&of.residence)),
    text("kind", "kind", |of, _| named(&of.kind)),
    percent("rate", "rate", |of, _| Cell::Percent(of.rate.percent())),
    text("source", "source", |of, _| Cell::words(&of.source)),
];

/// The fields of an authority.
pub(super) const AUTHORITIES: &[Field<Authority>] = &[
    text("code", "authority", |of, _| Cell::words(&of.code)),
    text("kind", "kind", |of, _| named(&of.kind)),
    text("residence", "residence", |of, _| named(&of.residence)),
    count("remit_day", "day of the next month", |of, _| {
        Cell::count(u64::from(of.remit_day))
    }),
    text("source", "source", |of, _| Cell::words(&of.source)),
];

/// Shows what a rule names.
fn named<T: PartialEq + std::fmt::Display>(choice: &Choice<T>) -> Cell {
    if choice.is_named() {
        let words: Vec<String> = choice.named().iter().map(ToString::to_string).collect();
        Cell::text(words.join(" "))
    } else {
        Cell::words("any")
    }
}

/// Makes the row of a profile.
pub fn cells(profile: &TaxProfile) -> Vec<Cell> {
    row(FIELDS, profile, Pii::Masked)
}

/// Describes a single profile, with its rules and authorities.
pub fn record(profile: &TaxProfile) -> Record {
    Record::of(FIELDS, profile, Pii::Masked)
        .with(Table::of("rules", RULES, &profile.rules, Pii::Masked))
        .with(Table::of(
            "authorities",
            AUTHORITIES,
            &profile.authorities,
            Pii::Masked,
        ))
}
