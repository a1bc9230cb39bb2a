//! The charts of a dashboard: which numbers they show, and what they say in words.

use std::{collections::BTreeMap, fmt::Write as _};

use super::page::{Category, Chart, Layer, Line, Plot, Stack, Steps, Tone};
use crate::domain::{
    analytics::{AgeBand, Analytics, Group, TopHolder},
    currency::Currency,
    signed::Signed,
};

/// How many currencies have charts of their own.
const CURRENCIES: usize = 4;
/// How many quarters a chart shows.
const QUARTERS: i32 = 12;
/// How many bars a chart shows.
const BARS: usize = 10;
/// How many lines a chart shows: as many as can be distinguished without colour.
const LINES: usize = 6;

/// Shows how a currency's money splits.
pub(super) fn split(group: &Group) -> Chart {
    let currency = group.currency;
    let shown = |amount: crate::domain::quantity::Total| amount.grouped(currency.decimals());
    let mut description = format!(
        "Of {} {currency} distributed, {} are paid, {} pending and {} available.",
        shown(group.total),
        shown(group.paid),
        shown(group.pending),
        shown(group.available)
    );
    let others = [
        (Signed::from(group.tax), "is tax"),
        (group.carried_forward, "is carried forward"),
        (Signed::from(group.retained), "is retained"),
    ];
    for (amount, what) in others {
        if !amount.is_zero() {
            let amount = amount.grouped(currency.decimals());
            // Writing to a string cannot fail.
            let _ = write!(description, " {amount} {what}.");
        }
    }
    Chart {
        title: format!("Paid, pending and available {currency}"),
        description,
        note: None,
        currency,
        plot: Plot::Split(stack(&[group])),
    }
}

/// Shows the last quarters, also those in between that had no event.
///
/// As for any chart of categories, a single one needs none: the key figures say the same.
pub(super) fn by_quarter(analytics: &Analytics) -> Vec<Chart> {
    let chart = |currency: Currency| {
        let known: BTreeMap<i32, &Group> = of(&analytics.by_quarter, currency)
            .filter_map(|group| Some((quarter(&group.label)?, group)))
            .collect();
        let (first, last) = (*known.keys().next()?, *known.keys().next_back()?);
        let from = first.max(last.checked_sub(QUARTERS)?.checked_add(1)?);
        let empty = |number: i32| Group {
            label: quarter_name(number),
            ..nothing(currency)
        };
        let groups: Vec<Group> = (from..=last)
            .map(|number| {
                known
                    .get(&number)
                    .map_or_else(|| empty(number), |known| (*known).clone())
            })
            .collect();
        let groups: Vec<&Group> = groups.iter().collect();
        let title = format!("Distributed by quarter, {currency}");
        let what = format!(
            "Each quarter from {} to {}, with what is paid, pending and available of it",
            quarter_name(from),
            quarter_name(last)
        );
        let description = highest(&what, "quarter", &groups);
        let last =
            (from > first).then(|| format!("The last {QUARTERS} quarters; the table has all."));
        let note = joined(last, &groups, "quarter");
        (groups.len() > 1).then(|| Chart {
            title,
            description,
            note,
            currency,
            plot: Plot::Columns(stack(&groups)),
        })
    };
    currencies(analytics).filter_map(chart).collect()
}

/// Shows the projects with the largest distributions.
pub(super) fn by_project(analytics: &Analytics) -> Vec<Chart> {
    grouped(analytics, &analytics.by_project, "project")
}

/// Shows the types.
pub(super) fn by_type(analytics: &Analytics) -> Vec<Chart> {
    grouped(analytics, &analytics.by_type, "type")
}

fn grouped(analytics: &Analytics, groups: &[Group], one: &str) -> Vec<Chart> {
    let chart = |currency: Currency| {
        let mut groups: Vec<&Group> = of(groups, currency).collect();
        let count = groups.len();
        groups.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.label.cmp(&b.label)));
        groups.truncate(BARS);
        let title = format!("Distributed by {one}, {currency}");
        let what = format!(
            "Each {one}, the largest first, with what is paid, pending and available of its distributions"
        );
        let description = highest(&what, one, &groups);
        let largest = (count > BARS)
            .then(|| format!("The {BARS} largest of {count} {one}s; the table has all."));
        let note = joined(largest, &groups, one);
        (count > 1).then_some(Chart {
            title,
            description,
            note,
            currency,
            plot: Plot::Bars(stack(&groups)),
        })
    };
    currencies(analytics).filter_map(chart).collect()
}

/// Shows how long unpaid money has waited; nothing if all is paid.
pub(super) fn ageing(analytics: &Analytics) -> Vec<Chart> {
    let chart = |currency: Currency| {
        let rows: Vec<_> = analytics
            .ageing
            .iter()
            .filter(|row| row.currency == currency)
            .collect();
        let oldest = rows.iter().rev().find(|row| !row.unpaid.is_zero())?;
        let categories = rows.iter().map(|row| Category {
            name: days(row.age).to_owned(),
            total: row.unpaid.into(),
        });
        let pending = rows.iter().map(|row| row.pending.into()).collect();
        let available = rows.iter().map(|row| row.available.into()).collect();
        let description = format!(
            "What is not paid yet, by the days since its event was approved. The oldest, {} {currency}, has waited {}.",
            oldest.unpaid.grouped(currency.decimals()),
            days(oldest.age)
        );
        let stack = Stack {
            categories: categories.collect(),
            layers: vec![
                Layer {
                    name: "Pending",
                    tone: Tone::Pending,
                    values: pending,
                },
                Layer {
                    name: "Available",
                    tone: Tone::Available,
                    values: available,
                },
            ],
        };
        Some(Chart {
            title: format!("Ageing of unpaid money, {currency}"),
            description,
            note: None,
            currency,
            plot: Plot::Bars(stack),
        })
    };
    currencies(analytics).filter_map(chart).collect()
}

const fn days(age: AgeBand) -> &'static str {
    match age {
        AgeBand::UpTo30 => "0 to 30 days",
        AgeBand::UpTo90 => "31 to 90 days",
        AgeBand::UpTo180 => "91 to 180 days",
        AgeBand::UpTo365 => "181 to 365 days",
        AgeBand::Older => "over 365 days",
    }
}

/// Shows what one token of each project received so far, day by day.
pub(super) fn per_token(analytics: &Analytics) -> Vec<Chart> {
    let chart = |currency: Currency| {
        let mut lines: Vec<Line> = Vec::new();
        // The rows come by project and in order of time.
        for row in analytics
            .per_token
            .iter()
            .filter(|row| row.currency == currency)
        {
            let point = (row.distribution_date, row.cumulative);
            match lines
                .last_mut()
                .filter(|line| line.name == row.project.as_str())
            {
                Some(line) => match line.points.last_mut().filter(|(day, _)| *day == point.0) {
                    Some(same_day) => *same_day = point,
                    None => line.points.push(point),
                },
                None => lines.push(Line {
                    name: row.project.to_string(),
                    points: vec![point],
                }),
            }
        }
        let count = lines.len();
        lines.sort_by(|a, b| end(b).cmp(&end(a)).then_with(|| a.name.cmp(&b.name)));
        lines.truncate(LINES);
        let from = lines
            .iter()
            .filter_map(|line| line.points.first())
            .map(|(day, _)| *day)
            .min()?;
        let until = lines
            .iter()
            .filter_map(|line| line.points.last())
            .map(|(day, _)| *day)
            .max()?
            .max(analytics.day);
        let first = lines.first()?;
        let description = format!(
            "What one token {} received up to each day, added up. The most by {until} is {} with {} {currency}.",
            if count == 1 {
                "of the project"
            } else {
                "of each project"
            },
            first.name,
            end(first).grouped(0)
        );
        let note = (count > LINES)
            .then(|| format!("The {LINES} highest of {count} projects; the table has all."));
        let title = format!("Received per token so far, {currency}");
        // A single point is not a line.
        let points: usize = lines.iter().map(|line| line.points.len()).sum();
        (points > 1).then_some(Chart {
            title,
            description,
            note,
            currency,
            plot: Plot::Steps(Steps { lines, from, until }),
        })
    };
    currencies(analytics).filter_map(chart).collect()
}

fn end(line: &Line) -> Signed {
    line.points.last().map_or(Signed::ZERO, |(_, value)| *value)
}

/// Shows the ten largest holders.
pub(super) fn top_holders(analytics: &Analytics) -> Vec<Chart> {
    let chart = |currency: Currency| {
        let rows: Vec<_> = analytics
            .top_holders
            .iter()
            .filter(|row| row.currency == currency)
            .collect();
        let (first, last) = (rows.first()?, rows.last()?);
        let categories: Vec<Category> = rows
            .iter()
            .map(|row| Category {
                name: name(row),
                total: row.allocated.into(),
            })
            .collect();
        let values = rows.iter().map(|row| row.allocated.into()).collect();
        let description = format!(
            "What the {} holders with the largest allocations were allocated. The first, {}, has {} % and all of them together {} %.",
            rows.len(),
            name(first),
            first.share.grouped(0),
            last.cumulative.grouped(0)
        );
        let stack = Stack {
            categories,
            layers: vec![Layer {
                name: "Allocated",
                tone: Tone::Whole,
                values,
            }],
        };
        let title = format!("The largest holders, {currency}");
        (rows.len() > 1).then_some(Chart {
            title,
            description,
            note: None,
            currency,
            plot: Plot::Bars(stack),
        })
    };
    currencies(analytics).filter_map(chart).collect()
}

/// Returns the name of a holder, or the code if there is none.
fn name(row: &TopHolder) -> String {
    if row.holder_name.trim().is_empty() {
        row.holder.to_string()
    } else {
        row.holder_name.clone()
    }
}

/// The currencies that have charts, those with the most events first.
fn currencies(analytics: &Analytics) -> impl Iterator<Item = Currency> {
    let mut groups: Vec<&Group> = analytics.totals.iter().collect();
    groups.sort_by(|a, b| {
        b.events
            .cmp(&a.events)
            .then_with(|| a.currency.code().cmp(b.currency.code()))
    });
    groups
        .into_iter()
        .take(CURRENCIES)
        .map(|group| group.currency)
}

fn of(groups: &[Group], currency: Currency) -> impl Iterator<Item = &Group> {
    groups
        .iter()
        .filter(move |group| group.currency == currency)
}

fn nothing(currency: Currency) -> Group {
    let zero = crate::domain::quantity::Total::ZERO;
    Group {
        label: String::new(),
        currency,
        events: 0,
        total: zero,
        paid: zero,
        pending: zero,
        available: zero,
        tax: zero,
        net: zero,
        carried_forward: Signed::ZERO,
        held: zero,
        retained: zero,
        share: None,
        trend: Vec::new(),
    }
}

fn stack(groups: &[&Group]) -> Stack {
    let layer = |name, tone, amount: fn(&Group) -> Signed| Layer {
        name,
        tone,
        values: groups.iter().map(|group| amount(group)).collect(),
    };
    let mut layers = vec![
        layer("Paid", Tone::Paid, |group| group.paid.into()),
        layer("Pending", Tone::Pending, |group| group.pending.into()),
        layer("Available", Tone::Available, |group| group.available.into()),
    ];
    let others = [
        layer("Carried forward", Tone::CarriedForward, |group| {
            group.carried_forward
        }),
        layer("Tax", Tone::Tax, |group| group.tax.into()),
        layer("Retained", Tone::Retained, |group| group.retained.into()),
    ];
    let is_used = |layer: &Layer| layer.values.iter().any(|value| !value.is_zero());
    layers.extend(others.into_iter().filter(is_used));
    Stack {
        categories: groups
            .iter()
            .map(|group| Category {
                name: group.label.clone(),
                total: group.total.into(),
            })
            .collect(),
        layers,
    }
}

/// Adds to a note what a bar shows that is longer than what was distributed.
fn joined(note: Option<String>, groups: &[&Group], one: &str) -> Option<String> {
    let mut brought = groups
        .iter()
        .filter(|group| group.carried_forward.is_negative());
    let longer = brought.next().map(|_| {
        format!(
            "A {one} that pays what was brought forward reaches higher than what it distributed."
        )
    });
    let notes: Vec<String> = note.into_iter().chain(longer).collect();
    (!notes.is_empty()).then(|| notes.join(" "))
}

fn highest(what: &str, one: &str, groups: &[&Group]) -> String {
    // Of equal ones the first.
    let largest = groups.iter().rev().max_by_key(|group| group.total);
    largest.map_or_else(String::new, |group| {
        let total = group.total.grouped(group.currency.decimals());
        format!(
            "{what}. The largest {one} is {} with {total} {}.",
            group.label, group.currency
        )
    })
}

/// Reads `2026-Q1` as the number of quarters since year 0.
pub(super) fn quarter(label: &str) -> Option<i32> {
    let (year, quarter) = label.split_once("-Q")?;
    year.parse::<i32>()
        .ok()?
        .checked_mul(4)?
        .checked_add(quarter.parse::<i32>().ok()?)?
        .checked_sub(1)
}

/// Writes what [`quarter`] reads.
pub(super) fn quarter_name(number: i32) -> String {
    format!("{:04}-Q{}", number.div_euclid(4), number.rem_euclid(4) + 1)
}
