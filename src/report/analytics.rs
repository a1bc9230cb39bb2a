//! The analytics as tables: the same in every format, and what the dashboard draws.

use super::{Cell, Columns, Record, Table, column, data, drawn, summed};
use crate::domain::{
    analytics::{
        AgeRow, Analytics, Concentration, FORMULAS, Group, PaymentDays, PerToken, TopHolder, Yield,
    },
    currency::Currency,
    quantity::Total,
    signed::Signed,
};

/// The columns of all events.
pub const TOTALS: Columns = &[
    column("currency", "currency").key(),
    column("events", "events"),
    summed("total_amount", "distributed"),
    summed("total_withdrawn", "paid"),
    summed("total_pending", "pending"),
    summed("total_available", "available"),
];

macro_rules! grouped {
    ($(#[$doc:meta])* $name:ident, $field:literal, $heading:literal) => {
        $(#[$doc])*
        pub const $name: Columns = &[
            column($field, $heading).key(),
            column("currency", "currency").key(),
            summed("events", "events"),
            summed("total_amount", "distributed").with_bar(),
            summed("total_withdrawn", "paid"),
            summed("total_pending", "pending"),
            summed("total_available", "available"),
            column("share_percentage", "share %").minor(),
            drawn("trend", "last 8 quarters"),
        ];
    };
}

grouped!(
    /// The columns of types.
    BY_TYPE, "event_type", "type"
);
grouped!(
    /// The columns of projects.
    BY_PROJECT, "project", "project"
);
grouped!(
    /// The columns of quarters.
    BY_QUARTER, "quarter", "quarter"
);
grouped!(
    /// The columns of years.
    BY_YEAR, "year", "year"
);

/// The columns of the days that payments took.
pub const PAYMENT_DAYS: Columns = &[
    column("currency", "currency").key(),
    column("payments", "payments"),
    column("average_days", "average days"),
    column("median_days", "median days"),
    column("shortest_days", "shortest"),
    column("longest_days", "longest"),
];

/// The columns of the concentration.
pub const CONCENTRATION: Columns = &[
    column("currency", "currency").key(),
    column("holders", "holders"),
    column("allocated_amount", "allocated"),
    column("top_ten_percentage", "top ten %"),
    column("gini", "Gini"),
    column("hhi", "HHI"),
];

/// The columns of the largest holders.
pub const TOP_HOLDERS: Columns = &[
    column("currency", "currency").key(),
    column("rank", "rank"),
    column("holder", "holder").key(),
    column("holder_name", "name").minor(),
    column("allocated_amount", "allocated").with_bar(),
    column("share_percentage", "share %"),
    column("cumulative_percentage", "cumulative %"),
];

/// The columns of the history per token.
pub const PER_TOKEN: Columns = &[
    column("project", "project").key(),
    column("event", "event").key(),
    column("distribution_date", "date"),
    column("currency", "currency").key(),
    column("total_amount", "distributed"),
    column("lp_tokens", "tokens"),
    column("amount_per_token", "per token"),
    column("cumulative_per_token", "so far"),
    column("snapshot_nav", "NAV").minor(),
    column("yield_percentage", "yield %"),
];

/// The columns of the yields.
pub const YIELDS: Columns = &[
    column("project", "project").key(),
    column("currency", "currency").key(),
    column("nav_date", "NAV of"),
    column("nav_amount", "NAV"),
    column("until", "12 months to"),
    column("distributed_12_months", "distributed"),
    column("yield_percentage", "yield %"),
];

/// The columns of the ageing.
pub const AGEING: Columns = &[
    column("age_days", "days").key(),
    column("currency", "currency").key(),
    summed("allocations", "allocations"),
    summed("pending_amount", "pending"),
    summed("available_amount", "available"),
    summed("unpaid_amount", "unpaid").with_bar().key(),
];

/// The columns of the formulas, which are for CSV, JSON and pages.
pub const FORMULA: Columns = &[data("figure"), data("formula")];

/// Describes the analytics.
pub fn record(analytics: &Analytics) -> Record {
    let table = |name, columns, rows| Table {
        name,
        columns,
        rows,
    };
    let groups = |groups: &[Group]| groups.iter().map(grouped).collect::<Vec<_>>();
    let formulas = FORMULAS
        .iter()
        .map(|(figure, formula)| vec![Cell::text(figure), Cell::text(formula)]);
    Record {
        fields: Vec::new(),
        tables: vec![
            table(
                "totals",
                TOTALS,
                analytics.totals.iter().map(whole).collect(),
            ),
            table("by_type", BY_TYPE, groups(&analytics.by_type)),
            table("by_project", BY_PROJECT, groups(&analytics.by_project)),
            table("by_quarter", BY_QUARTER, groups(&analytics.by_quarter)),
            table("by_year", BY_YEAR, groups(&analytics.by_year)),
            table(
                "payment_days",
                PAYMENT_DAYS,
                analytics.payment_days.iter().map(days).collect(),
            ),
            table(
                "concentration",
                CONCENTRATION,
                analytics.concentration.iter().map(concentration).collect(),
            ),
            table(
                "top_holders",
                TOP_HOLDERS,
                analytics.top_holders.iter().map(top_holder).collect(),
            ),
            table(
                "per_token",
                PER_TOKEN,
                analytics.per_token.iter().map(per_token).collect(),
            ),
            table(
                "yields",
                YIELDS,
                analytics.yields.iter().map(yields).collect(),
            ),
            table(
                "ageing",
                AGEING,
                analytics.ageing.iter().map(ageing).collect(),
            ),
            table("formulas", FORMULA, formulas.collect()),
        ],
    }
}

fn total(amount: Total, currency: Currency) -> Cell {
    Cell::Money(amount.into(), currency)
}

fn ratio(ratio: Option<Signed>) -> Cell {
    ratio.map_or(Cell::Empty, Cell::Ratio)
}

fn sums(group: &Group) -> [Cell; 6] {
    let money = |amount| total(amount, group.currency);
    [
        Cell::text(group.currency),
        Cell::count(group.events),
        money(group.total),
        money(group.paid),
        money(group.pending),
        money(group.available),
    ]
}

fn whole(group: &Group) -> Vec<Cell> {
    sums(group).into()
}

fn grouped(group: &Group) -> Vec<Cell> {
    let mut cells = vec![Cell::text(&group.label)];
    cells.extend(sums(group));
    cells.extend([
        ratio(group.share),
        Cell::Series(group.trend.clone(), group.currency),
    ]);
    cells
}

fn days(row: &PaymentDays) -> Vec<Cell> {
    vec![
        Cell::text(row.currency),
        Cell::count(row.payments),
        Cell::Ratio(row.average),
        Cell::Ratio(row.median),
        Cell::Count(row.shortest),
        Cell::Count(row.longest),
    ]
}

fn concentration(row: &Concentration) -> Vec<Cell> {
    vec![
        Cell::text(row.currency),
        Cell::count(row.holders),
        total(row.allocated, row.currency),
        Cell::Ratio(row.top_ten),
        Cell::Ratio(row.gini),
        Cell::Ratio(row.hhi),
    ]
}

fn top_holder(row: &TopHolder) -> Vec<Cell> {
    vec![
        Cell::text(row.currency),
        Cell::count(row.rank),
        Cell::text(&row.holder),
        Cell::text(&row.holder_name),
        total(row.allocated, row.currency),
        Cell::Ratio(row.share),
        Cell::Ratio(row.cumulative),
    ]
}

fn per_token(row: &PerToken) -> Vec<Cell> {
    vec![
        Cell::text(&row.project),
        Cell::text(&row.event.code),
        Cell::Date(row.distribution_date),
        Cell::text(row.currency),
        Cell::money(row.total, row.currency),
        Cell::tokens(row.tokens),
        Cell::Ratio(row.per_token),
        Cell::Ratio(row.cumulative),
        row.nav
            .map_or(Cell::Empty, |nav| Cell::money(nav, row.currency)),
        ratio(row.yield_percentage),
    ]
}

fn yields(row: &Yield) -> Vec<Cell> {
    vec![
        Cell::text(&row.project),
        Cell::text(row.currency),
        Cell::Date(row.nav_date),
        Cell::money(row.nav, row.currency),
        Cell::Date(row.until),
        total(row.distributed, row.currency),
        ratio(row.yield_percentage),
    ]
}

fn ageing(row: &AgeRow) -> Vec<Cell> {
    vec![
        Cell::text(row.age.as_str()),
        Cell::text(row.currency),
        Cell::count(row.allocations),
        total(row.pending, row.currency),
        total(row.available, row.currency),
        total(row.unpaid, row.currency),
    ]
}
