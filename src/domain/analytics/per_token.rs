//! What distributions brought per token, and against the net asset value.

use std::collections::HashMap;

use chrono::Months;
use ethnum::I256;

use super::super::{
    code::Code,
    currency::Currency,
    event::Event,
    id::{EventRef, ProjectId, ProjectRef},
    quantity::{Amount, DECIMALS, Tokens, Total},
    ratio,
    signed::Signed,
    time::Date,
};

/// The last NAV of a project on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectNav {
    /// Its date.
    pub date: Date,
    /// The value.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
}

/// What an event brought for each token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerToken {
    /// The project.
    pub project: Code,
    /// The event.
    pub event: EventRef,
    /// The day of the distribution.
    pub distribution_date: Date,
    /// The currency.
    pub currency: Currency,
    /// What is distributed.
    pub total: Amount,
    /// The tokens on the record date.
    pub tokens: Tokens,
    /// The amount for each token, to seven decimals.
    pub per_token: Signed,
    /// The sum of that over the project's events so far.
    pub cumulative: Signed,
    /// The NAV on the record date, if one was known.
    pub nav: Option<Amount>,
    /// The amount in percent of it.
    pub yield_percentage: Option<Signed>,
}

/// What a project distributed within twelve months, against its NAV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Yield {
    /// The project.
    pub project: Code,
    /// The currency.
    pub currency: Currency,
    /// The date of the NAV.
    pub nav_date: Date,
    /// The NAV.
    pub nav: Amount,
    /// The last of the twelve months' days.
    pub until: Date,
    /// What was distributed in them.
    pub distributed: Total,
    /// That in percent of the NAV, or `None` for a NAV of zero, and for one so small that the
    /// quotient has more than 21 digits.
    pub yield_percentage: Option<Signed>,
}

/// Lists what each event brought per token, by project and in order of time. Events come in order
/// of distribution date.
pub(super) fn history(events: &[Event]) -> Option<Vec<PerToken>> {
    let mut sums: HashMap<ProjectId, Signed> = HashMap::new();
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let Some(calculation) = event.state.calculation() else {
            continue;
        };
        let total = event.total.amount()?;
        let per_token = per_token(total, calculation.counted_tokens)?;
        let sum = sums.entry(event.project.id).or_default();
        *sum = sum.checked_add(per_token)?;
        rows.push(PerToken {
            project: event.project.code.clone(),
            event: event.event.clone(),
            distribution_date: event.distribution_date,
            currency: event.currency,
            total,
            tokens: calculation.total_tokens,
            per_token,
            cumulative: *sum,
            nav: calculation.nav,
            yield_percentage: calculation
                .nav
                .and_then(|nav| ratio::percentage(total.units(), nav.units())),
        });
    }
    rows.sort_by(|a, b| a.project.cmp(&b.project));
    Some(rows)
}

/// Returns the amount for each token, to seven decimals; `None` without tokens.
pub fn per_token(total: Amount, tokens: Tokens) -> Option<Signed> {
    ratio::ratio(
        I256::from(total.units()),
        I256::from(tokens.units()),
        DECIMALS,
    )
}

/// Computes the yield of the twelve months that end with `day`, for each project that has a NAV.
pub(super) fn yields(
    events: &[Event],
    navs: &[(ProjectRef, ProjectNav)],
    day: Date,
) -> Option<Vec<Yield>> {
    let before = day.checked_sub_months(Months::new(12))?;
    let mut rows = Vec::with_capacity(navs.len());
    for (project, nav) in navs {
        let within = |event: &&Event| {
            event.project.id == project.id
                && event.distribution_date > before
                && event.distribution_date <= day
        };
        let totals = events
            .iter()
            .filter(within)
            .map(|event| event.total.amount());
        let totals: Option<Vec<Amount>> = totals.collect();
        let distributed: Option<Total> = totals?.into_iter().sum();
        let distributed = distributed?;
        rows.push(Yield {
            project: project.code.clone(),
            currency: nav.currency,
            nav_date: nav.date,
            nav: nav.amount,
            until: day,
            distributed,
            yield_percentage: ratio::percentage(distributed.units(), nav.amount.units()),
        });
    }
    rows.sort_by(|a, b| a.project.cmp(&b.project));
    Some(rows)
}
