//! The dashboard as pure values: key figures, charts with exact numbers, and tables, in the order
//! in which a page shows them.
//!
//! Charts show what fits; if they leave something out they say so, and the table next to them has
//! all.

mod charts;
mod page;
#[cfg(test)]
mod tests;

pub use page::{
    Category, Chart, Figure, Layer, Line, Page, Plot, Section, Stack, Steps, Summary, Tone,
};

use super::{
    about::About,
    analytics as figures,
    cell::{Cell, Pii},
    column::{Column, Keep, Place},
    field::{Field, key, text},
    history,
    record::{Record, Table},
};
use crate::domain::{
    analytics::{self, Analytics, Formula, Group},
    currency::Currency,
    event::HistoryRow,
    signed::Signed,
};

/// The fields of events that the page shows, in order.
const EVENTS: [&str; 16] = [
    "code",
    "title",
    "project",
    "event_type",
    "distribution_date",
    "status",
    "currency",
    "total_amount",
    "total_withdrawn",
    "total_pending",
    "total_available",
    "total_retained",
    "total_tax",
    "total_brought_forward",
    "total_carried_forward",
    "held_amount",
];

/// The fields of a formula.
const FORMULA: &[Field<Formula>] = &[
    key(text("figure", "figure", |of, _| {
        Cell::text(of.figure.replace('_', " "))
    })),
    text("formula", "formula", |of, _| Cell::text(of.formula)),
];

/// Describes a dashboard. `scope` is what it covers, `events` are all that belong to it, whatever
/// their state.
pub fn page(about: About, scope: &str, analytics: &Analytics, events: &[HistoryRow]) -> Page {
    let summaries: Vec<Summary> = analytics
        .totals
        .iter()
        .enumerate()
        .map(|(row, group)| summary(analytics, row, group))
        .collect();
    let empty = summaries.is_empty().then(|| nothing_yet(events));
    let mut sections = if empty.is_none() {
        approved(analytics)
    } else {
        Vec::new()
    };
    if !events.is_empty() {
        let lead = "Every event in any state; only active and completed ones count above.";
        sections.push(section(
            "events",
            "Events",
            lead,
            Vec::new(),
            vec![("Events", table_of(events))],
        ));
    }
    if empty.is_none() {
        let table = Table::of("formulas", FORMULA, analytics::FORMULAS, Pii::Masked);
        let lead = "Every number is exact or rounded once, at the end, as its formula says.";
        sections.push(section(
            "formulas",
            "How figures are computed",
            lead,
            Vec::new(),
            vec![("Formulas", table)],
        ));
    }
    Page {
        about,
        scope: scope.to_owned(),
        summaries,
        empty,
        sections,
    }
}

fn nothing_yet(events: &[HistoryRow]) -> String {
    match events.len() {
        0 => "There is no distribution event yet. Figures and charts appear here with the first one that is approved.".to_owned(),
        1 => "The one event is not approved, or was cancelled. Figures and charts appear here with the first one that is approved."
            .to_owned(),
        count => format!(
            "None of the {count} events is approved and not cancelled. Figures and charts appear here with the first one that is approved."
        ),
    }
}

fn approved(analytics: &Analytics) -> Vec<Section> {
    let mut tables = Tables(figures::record(analytics));
    vec![
        section(
            "time",
            "Over time",
            "When money was distributed, and how far each quarter is paid out.",
            charts::by_quarter(analytics),
            tables.take(&[("by_quarter", "By quarter"), ("by_year", "By year")]),
        ),
        section(
            "projects",
            "Projects",
            "Which projects the money comes from.",
            charts::by_project(analytics),
            tables.take(&[("by_project", "By project")]),
        ),
        section(
            "types",
            "Types",
            "What kind of proceeds they are.",
            charts::by_type(analytics),
            tables.take(&[("by_type", "By type")]),
        ),
        section(
            "unpaid",
            "Waiting to be paid",
            "How long money has waited since its event was approved, and how long payments took.",
            charts::ageing(analytics),
            tables.take(&[
                ("ageing", "Ageing of unpaid money"),
                ("payment_days", "Days from approval to payment"),
            ]),
        ),
        section(
            "tokens",
            "Per token",
            "What one token received before tax, and what that is against the net asset value.",
            charts::per_token(analytics),
            tables.take(&[
                ("per_token", "Distributions per token"),
                ("yields", "Yield of the last twelve months"),
            ]),
        ),
        section(
            "holders",
            "Holders",
            "In whose hands the allocations are.",
            charts::top_holders(analytics),
            tables.take(&[
                ("top_holders", "The ten largest holders"),
                ("concentration", "Concentration"),
            ]),
        ),
    ]
}

/// The tables of the analytics, each of which finds its place on the page.
struct Tables(Record);

impl Tables {
    /// Takes tables by their names and gives them captions; one without rows is left out.
    fn take(&mut self, wanted: &[(&str, &'static str)]) -> Vec<(&'static str, Table)> {
        let mut found = Vec::with_capacity(wanted.len());
        for (name, caption) in wanted {
            if let Some(at) = self.0.tables.iter().position(|table| table.name == *name) {
                let table = self.0.tables.swap_remove(at);
                if !table.rows.is_empty() {
                    found.push((*caption, table));
                }
            }
        }
        found
    }
}

fn section(
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    charts: Vec<Chart>,
    tables: Vec<(&'static str, Table)>,
) -> Section {
    Section {
        id,
        title,
        lead,
        charts,
        tables,
    }
}

fn summary(analytics: &Analytics, row: usize, group: &Group) -> Summary {
    let currency = group.currency;
    let of_totals = |label, field, value| Figure {
        label,
        value,
        unit: "",
        tone: None,
        table: "totals",
        row,
        field,
    };
    let mut others = vec![of_totals("Events", "events", Cell::count(group.events))];
    if !group.held.is_zero() {
        let held = Cell::total(group.held, currency);
        others.push(of_totals("Held for blocked holders", "held_amount", held));
    }
    others.extend(holders(analytics, currency));
    others.extend(days(analytics, currency));
    others.extend(yields(analytics, currency));
    Summary {
        currency,
        split: charts::split(group),
        money: money(row, group),
        others,
    }
}

/// Lists what a currency distributed and its parts, which add up to it. What it does not use is left
/// out.
fn money(row: usize, group: &Group) -> Vec<Figure> {
    #[rustfmt::skip]
    let parts: [(&str, &str, Signed, Option<Tone>); 7] = [
        ("Distributed", "total_amount", group.total.into(), None),
        ("Paid", "total_withdrawn", group.paid.into(), Some(Tone::Paid)),
        ("Pending", "total_pending", group.pending.into(), Some(Tone::Pending)),
        ("Available", "total_available", group.available.into(), Some(Tone::Available)),
        ("Carried forward", "carried_forward_amount", group.carried_forward, Some(Tone::CarriedForward)),
        ("Tax", "tax_amount", group.tax.into(), Some(Tone::Tax)),
        ("Retained", "retained_amount", group.retained.into(), Some(Tone::Retained)),
    ];
    let always = 4;
    let shown = parts.into_iter().enumerate();
    shown
        .filter(|(at, (_, _, amount, _))| *at < always || !amount.is_zero())
        .map(|(_, (label, field, amount, tone))| Figure {
            label,
            value: Cell::Money(amount, group.currency),
            unit: "",
            tone,
            table: "totals",
            row,
            field,
        })
        .collect()
}

fn holders(analytics: &Analytics, currency: Currency) -> Vec<Figure> {
    let found = analytics
        .concentration
        .iter()
        .enumerate()
        .find(|(_, row)| row.currency == currency);
    let figure = |label, value, unit, row, field| Figure {
        label,
        value,
        unit,
        tone: None,
        table: "concentration",
        row,
        field,
    };
    found.map_or_else(Vec::new, |(row, concentration)| {
        vec![
            figure(
                "Holders",
                Cell::count(concentration.holders),
                "",
                row,
                "holders",
            ),
            figure(
                "Held by the ten largest",
                Cell::Ratio(concentration.top_ten),
                "%",
                row,
                "top_ten_percentage",
            ),
        ]
    })
}

fn days(analytics: &Analytics, currency: Currency) -> Option<Figure> {
    let (row, days) = analytics
        .payment_days
        .iter()
        .enumerate()
        .find(|(_, row)| row.currency == currency)?;
    let (value, table, field) = (Cell::Ratio(days.median), "payment_days", "median_days");
    Some(Figure {
        label: "Median time to payment",
        value,
        unit: "days",
        tone: None,
        table,
        row,
        field,
    })
}

/// The yield belongs to a project, so that it is a key figure only if the currency has a single
/// one.
fn yields(analytics: &Analytics, currency: Currency) -> Option<Figure> {
    let mut of_currency = analytics
        .yields
        .iter()
        .enumerate()
        .filter(|(_, row)| row.currency == currency);
    let (Some((row, known)), None) = (of_currency.next(), of_currency.next()) else {
        return None;
    };
    let (value, table, field) = (
        Cell::Ratio(known.yield_percentage?),
        "yields",
        "yield_percentage",
    );
    Some(Figure {
        label: "Gross yield of 12 months",
        value,
        unit: "%",
        tone: None,
        table,
        row,
        field,
    })
}

/// Makes the table of events: some of their fields, all of them visible, and those that some event
/// uses.
fn table_of(events: &[HistoryRow]) -> Table {
    let columns = history::columns();
    let wanted = |name: &&str| columns.iter().position(|column| column.field == *name);
    let places: Vec<usize> = EVENTS.iter().filter_map(wanted).collect();
    let shown = |column: &Column| Column {
        place: match column.place {
            Place::Used => Place::Used,
            Place::Everywhere | Place::Detail | Place::Data | Place::Drawn => Place::Everywhere,
        },
        keep: if column.field == "code" {
            Keep::Always
        } else {
            Keep::Usual
        },
        ..*column
    };
    let row = |of: &HistoryRow| {
        let cells = history::cells(of);
        let chosen = places.iter().filter_map(|place| cells.get(*place).cloned());
        chosen.collect()
    };
    let chosen = places.iter().filter_map(|place| columns.get(*place));
    Table {
        name: "events",
        columns: chosen.map(shown).collect(),
        rows: events.iter().map(row).collect(),
    }
}
