//! The analytics as tables: the same in every format, and what the dashboard draws.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, count, data, date, drawn, key, minor, money, ratio, series, summed, text, tokens,
        used, with_bar,
    },
    record::{Record, Table},
};
use crate::domain::analytics::{
    AgeRow, Analytics, Concentration, FORMULAS, Formula, Group, PaymentDays, PerToken, TopHolder,
    Yield,
};

/// The fields of all events of a currency.
pub(super) const TOTALS: &[Field<Group>] = &[
    key(text("currency", "currency", |group, _| {
        Cell::text(group.currency)
    })),
    count("events", "events", |group, _| Cell::count(group.events)),
    summed(money("total_amount", "distributed", |group, _| {
        Cell::total(group.total, group.currency)
    })),
    summed(money("total_withdrawn", "paid", |group, _| {
        Cell::total(group.paid, group.currency)
    })),
    summed(money("total_pending", "pending", |group, _| {
        Cell::total(group.pending, group.currency)
    })),
    summed(money("total_available", "available", |group, _| {
        Cell::total(group.available, group.currency)
    })),
    TAX,
    NET,
    CARRIED_FORWARD,
    HELD,
    RETAINED,
];

/// The tax of a group.
const TAX: Field<Group> = used(summed(money("tax_amount", "tax", |group, _| {
    Cell::total(group.tax, group.currency)
})));
/// What is left of a group after tax.
const NET: Field<Group> = data(summed(money("net_amount", "net", |group, _| {
    Cell::total(group.net, group.currency)
})));
/// What a group carried forward, less what it brought forward.
const CARRIED_FORWARD: Field<Group> = used(summed(money(
    "carried_forward_amount",
    "carried forward",
    |group, _| Cell::Money(group.carried_forward, group.currency),
)));
/// What of a group is held.
const HELD: Field<Group> = used(summed(money("held_amount", "held", |group, _| {
    Cell::total(group.held, group.currency)
})));
/// What the fund retains of a group.
const RETAINED: Field<Group> = used(summed(money("retained_amount", "retained", |group, _| {
    Cell::total(group.retained, group.currency)
})));

/// The fields of the events of a type.
pub(super) const BY_TYPE: &[Field<Group>] = &grouped("event_type", "type");
/// The fields of the events of a project.
pub(super) const BY_PROJECT: &[Field<Group>] = &grouped("project", "project");
/// The fields of the events of a quarter.
pub(super) const BY_QUARTER: &[Field<Group>] = &grouped("quarter", "quarter");
/// The fields of the events of a year.
pub(super) const BY_YEAR: &[Field<Group>] = &grouped("year", "year");

/// Lists the fields of a group, of which the first one names it.
const fn grouped(field: &'static str, heading: &'static str) -> [Field<Group>; 14] {
    [
        key(text(field, heading, |group, _| Cell::text(&group.label))),
        key(text("currency", "currency", |group, _| {
            Cell::text(group.currency)
        })),
        count("events", "events", |group, _| Cell::count(group.events)),
        with_bar(summed(money("total_amount", "distributed", |group, _| {
            Cell::total(group.total, group.currency)
        }))),
        summed(money("total_withdrawn", "paid", |group, _| {
            Cell::total(group.paid, group.currency)
        })),
        summed(money("total_pending", "pending", |group, _| {
            Cell::total(group.pending, group.currency)
        })),
        summed(money("total_available", "available", |group, _| {
            Cell::total(group.available, group.currency)
        })),
        minor(ratio("share_percentage", "share %", |group, _| {
            Cell::ratio(group.share)
        })),
        drawn(series("trend", "last 8 quarters", |group, _| {
            Cell::Series(group.trend.clone(), group.currency)
        })),
        TAX,
        NET,
        CARRIED_FORWARD,
        HELD,
        RETAINED,
    ]
}

/// The fields of the days that payments took.
pub(super) const PAYMENT_DAYS: &[Field<PaymentDays>] = &[
    key(text("currency", "currency", |days, _| {
        Cell::text(days.currency)
    })),
    count("payments", "payments", |days, _| Cell::count(days.payments)),
    ratio("average_days", "average days", |days, _| {
        Cell::Ratio(days.average)
    }),
    ratio("median_days", "median days", |days, _| {
        Cell::Ratio(days.median)
    }),
    count("shortest_days", "shortest", |days, _| {
        Cell::Count(days.shortest)
    }),
    count("longest_days", "longest", |days, _| {
        Cell::Count(days.longest)
    }),
];

/// The fields of the concentration.
pub(super) const CONCENTRATION: &[Field<Concentration>] = &[
    key(text("currency", "currency", |of, _| {
        Cell::text(of.currency)
    })),
    count("holders", "holders", |of, _| Cell::count(of.holders)),
    money("allocated_amount", "allocated", |of, _| {
        Cell::total(of.allocated, of.currency)
    }),
    ratio("top_ten_percentage", "top ten %", |of, _| {
        Cell::Ratio(of.top_ten)
    }),
    ratio("gini", "Gini", |of, _| Cell::Ratio(of.gini)),
    ratio("hhi", "HHI", |of, _| Cell::Ratio(of.hhi)),
];

/// The fields of one of the largest holders.
pub(super) const TOP_HOLDERS: &[Field<TopHolder>] = &[
    key(text("currency", "currency", |top, _| {
        Cell::text(top.currency)
    })),
    count("rank", "rank", |top, _| Cell::count(top.rank)),
    key(text("holder", "holder", |top, _| Cell::text(&top.holder))),
    minor(text("holder_name", "name", |top, _| {
        Cell::text(&top.holder_name)
    })),
    with_bar(money("allocated_amount", "allocated", |top, _| {
        Cell::total(top.allocated, top.currency)
    })),
    ratio("share_percentage", "share %", |top, _| {
        Cell::Ratio(top.share)
    }),
    ratio("cumulative_percentage", "cumulative %", |top, _| {
        Cell::Ratio(top.cumulative)
    }),
];

/// The fields of the history per token.
pub(super) const PER_TOKEN: &[Field<PerToken>] = &[
    key(text("project", "project", |row, _| {
        Cell::text(&row.project)
    })),
    key(text("event", "event", |row, _| Cell::text(&row.event.code))),
    date("distribution_date", "date", |row, _| {
        Cell::Date(row.distribution_date)
    }),
    key(text("currency", "currency", |row, _| {
        Cell::text(row.currency)
    })),
    money("total_amount", "distributed", |row, _| {
        Cell::money(row.total, row.currency)
    }),
    tokens("lp_tokens", "tokens", |row, _| Cell::tokens(row.tokens)),
    ratio("amount_per_token", "gross per token", |row, _| {
        Cell::Ratio(row.per_token)
    }),
    ratio("cumulative_per_token", "so far", |row, _| {
        Cell::Ratio(row.cumulative)
    }),
    minor(money("snapshot_nav", "NAV", |row, _| {
        Cell::signed(row.nav.map(Into::into), row.currency)
    })),
    ratio("yield_percentage", "gross yield %", |row, _| {
        Cell::ratio(row.yield_percentage)
    }),
];

/// The fields of a yield.
pub(super) const YIELDS: &[Field<Yield>] = &[
    key(text("project", "project", |row, _| {
        Cell::text(&row.project)
    })),
    key(text("currency", "currency", |row, _| {
        Cell::text(row.currency)
    })),
    date("nav_date", "NAV of", |row, _| Cell::Date(row.nav_date)),
    money("nav_amount", "NAV", |row, _| {
        Cell::money(row.nav, row.currency)
    }),
    date("until", "12 months to", |row, _| Cell::Date(row.until)),
    money("distributed_12_months", "distributed", |row, _| {
        Cell::total(row.distributed, row.currency)
    }),
    ratio("yield_percentage", "gross yield %", |row, _| {
        Cell::ratio(row.yield_percentage)
    }),
];

/// The fields of the ageing.
pub(super) const AGEING: &[Field<AgeRow>] = &[
    key(text("age_days", "days", |row, _| {
        Cell::text(row.age.as_str())
    })),
    key(text("currency", "currency", |row, _| {
        Cell::text(row.currency)
    })),
    summed(count("allocations", "allocations", |row, _| {
        Cell::count(row.allocations)
    })),
    summed(money("pending_amount", "pending", |row, _| {
        Cell::total(row.pending, row.currency)
    })),
    summed(money("available_amount", "available", |row, _| {
        Cell::total(row.available, row.currency)
    })),
    key(with_bar(summed(money(
        "unpaid_amount",
        "unpaid",
        |row, _| Cell::total(row.unpaid, row.currency),
    )))),
    used(summed(money("held_amount", "held", |row, _| {
        Cell::total(row.held, row.currency)
    }))),
];

/// The fields of a formula, which is for CSV, JSON and pages.
pub(super) const FORMULA: &[Field<Formula>] = &[
    data(text("figure", "field that holds the figure", |of, _| {
        Cell::text(of.figure)
    })),
    data(text("formula", "how it is computed", |of, _| {
        Cell::text(of.formula)
    })),
];

/// Describes the analytics.
pub fn record(analytics: &Analytics) -> Record {
    fn table<'a, T: 'a>(name: &'static str, fields: &[Field<T>], rows: &'a [T]) -> Table {
        Table::of(name, fields, rows, Pii::Masked)
    }
    Record::of_tables(vec![
        table("totals", TOTALS, &analytics.totals),
        table("by_type", BY_TYPE, &analytics.by_type),
        table("by_project", BY_PROJECT, &analytics.by_project),
        table("by_quarter", BY_QUARTER, &analytics.by_quarter),
        table("by_year", BY_YEAR, &analytics.by_year),
        table("payment_days", PAYMENT_DAYS, &analytics.payment_days),
        table("concentration", CONCENTRATION, &analytics.concentration),
        table("top_holders", TOP_HOLDERS, &analytics.top_holders),
        table("per_token", PER_TOKEN, &analytics.per_token),
        table("yields", YIELDS, &analytics.yields),
        table("ageing", AGEING, &analytics.ageing),
        table("formulas", FORMULA, FORMULAS),
    ])
}
