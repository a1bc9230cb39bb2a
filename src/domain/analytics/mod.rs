//! What approved distributions add up to: by type, project and time, per token, against the NAV,
//! and in whose hands.
//!
//! Only events count that were approved and not cancelled: active and completed ones. Nothing is
//! owed of the others.

mod ageing;
mod concentration;
mod delays;
mod groups;
mod per_token;
#[cfg(test)]
mod tests;

pub use ageing::{AgeBand, AgeRow, OpenAllocations};
pub use concentration::{Concentration, Shares, TopHolder};
pub use delays::{Delays, PaymentDays};
use groups::GroupMember;
pub use groups::{Group, Period};
pub use per_token::{PerToken, ProjectNav, Yield, per_token};

use super::{
    event::{Event, EventStatus},
    id::ProjectRef,
    time::Date,
};

/// A figure and how it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The field that holds the figure.
    pub figure: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

/// How each figure is computed; every form of the report carries it.
pub const FORMULAS: &[Formula] = &[
    Formula {
        figure: "share_percentage",
        formula: "100 × part ÷ whole, of the same currency, to 4 decimals",
    },
    Formula {
        figure: "total_amount",
        formula: "retained + tax + paid + pending + available + carried forward",
    },
    Formula {
        figure: "net_amount",
        formula: "total amount − retained − tax",
    },
    Formula {
        figure: "carried_forward_amount",
        formula: "carried forward − brought forward: below zero for events that paid more of earlier ones than they left to later ones",
    },
    Formula {
        figure: "held_amount",
        formula: "the part of what is available that belongs to blocked holders",
    },
    Formula {
        figure: "average_days",
        formula: "sum of (value date − date of approval) ÷ payments that were not returned, to 4 decimals",
    },
    Formula {
        figure: "median_days",
        formula: "the middle one of those days in order, or the mean of the two middle ones",
    },
    Formula {
        figure: "gini",
        formula: "Σ (2i − n − 1) · x_i ÷ (n · Σ x_i), x_i allocated per holder in ascending order; 0 if all are equal, near 1 if one holder has almost all",
    },
    Formula {
        figure: "hhi",
        formula: "10000 · Σ (x_i ÷ Σ x)², Herfindahl-Hirschman index; 10000 for a single holder",
    },
    Formula {
        figure: "amount_per_token",
        formula: "total amount (gross, before tax) ÷ tokens that count on the record date, to 7 decimals",
    },
    Formula {
        figure: "cumulative_per_token",
        formula: "sum of amount_per_token of the project's events, the oldest first",
    },
    Formula {
        figure: "yield_percentage",
        formula: "100 × distributed (gross, before tax) ÷ NAV, to 4 decimals",
    },
    Formula {
        figure: "distributed_12_months",
        formula: "totals of the events distributed in the 12 months up to `until`",
    },
    Formula {
        figure: "ageing",
        formula: "days from the approval of the event to the date of the report, for money that is not paid",
    },
];

/// The figures of a set of approved events on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analytics {
    /// The day to which yields and trends lead up.
    pub day: Date,
    /// All events, by currency.
    pub totals: Vec<Group>,
    /// By type and currency.
    pub by_type: Vec<Group>,
    /// By project.
    pub by_project: Vec<Group>,
    /// By quarter of the distribution and currency.
    pub by_quarter: Vec<Group>,
    /// By year of the distribution and currency.
    pub by_year: Vec<Group>,
    /// How long payments took, by currency.
    pub payment_days: Vec<PaymentDays>,
    /// In how few hands the money is, by currency.
    pub concentration: Vec<Concentration>,
    /// The ten holders with the largest allocations of each currency.
    pub top_holders: Vec<TopHolder>,
    /// What each event brought per token, by project and in order of time.
    pub per_token: Vec<PerToken>,
    /// The yield of the last twelve months, by project with a NAV.
    pub yields: Vec<Yield>,
    /// How long money has waited for its holder, by currency.
    pub ageing: Vec<AgeRow>,
}

/// What is counted in addition to the events themselves.
#[derive(Debug, Default)]
pub struct AnalyticsInput {
    /// What each holder was allocated.
    pub shares: Shares,
    /// How long payments took.
    pub delays: Delays,
    /// What of the allocations is not paid, by the event's place in the list.
    pub open: Vec<OpenAllocations>,
    /// The last NAV of each project, as it was known.
    pub navs: Vec<(ProjectRef, ProjectNav)>,
}

/// Returns whether an event counts: money is owed of it or was paid.
pub fn counts(event: &Event) -> bool {
    matches!(event.status(), EventStatus::Active | EventStatus::Completed)
}

/// Computes the figures of events in order of distribution date and code, or `None` if a sum has
/// too many digits. Yields and trends lead up to `until`; what is not paid has waited up to
/// `today`, the day as of which it is not paid.
pub fn analyse(
    events: &[Event],
    counted: AnalyticsInput,
    until: Date,
    today: Date,
) -> Option<Analytics> {
    let AnalyticsInput {
        shares,
        delays,
        open,
        navs,
    } = counted;
    let members: Vec<GroupMember<'_>> = (events.iter().zip(&open))
        .map(|(event, open)| GroupMember {
            event,
            held: open.held,
        })
        .collect();
    let members = members.as_slice();
    let (concentration, top_holders) = shares.finish()?;
    Some(Analytics {
        day: until,
        totals: groups::group(members, until, |_| String::new())?,
        by_type: groups::group(members, until, |event| event.event_type.to_string())?,
        by_project: groups::group(members, until, |event| event.project.code.to_string())?,
        by_quarter: groups::group(members, until, |event| {
            Period::quarter(event.distribution_date).to_string()
        })?,
        by_year: groups::group(members, until, |event| {
            Period::year(event.distribution_date).to_string()
        })?,
        payment_days: delays.finish()?,
        concentration,
        top_holders,
        per_token: per_token::history(events)?,
        yields: per_token::yields(events, &navs, until)?,
        ageing: ageing::rows(events, &open, today)?,
    })
}
