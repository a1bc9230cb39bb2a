//! The values of a page.

use crate::{
    domain::{currency::Currency, signed::Signed, time::Date},
    report::{about::About, cell::Cell, record::Table},
};

/// A dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The title and the state of the ledger.
    pub about: About,
    /// What it covers: all projects, or the code and name of one.
    pub scope: String,
    /// The key figures of each currency; none if no event was approved yet.
    pub summaries: Vec<Summary>,
    /// What to say if there are no figures.
    pub empty: Option<String>,
    /// The parts, in order.
    pub sections: Vec<Section>,
}

/// The key figures of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The currency.
    pub currency: Currency,
    /// How what is distributed splits into paid, pending and available.
    pub split: Chart,
    /// The money: distributed, and its parts with the tones of the chart.
    pub money: Vec<Figure>,
    /// The other figures.
    pub others: Vec<Figure>,
}

/// One figure, and where it is in `report analytics`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is.
    pub label: &'static str,
    /// The number.
    pub value: Cell,
    /// What it counts, after the number: `days`, `%`.
    pub unit: &'static str,
    /// The tone that it has in charts.
    pub tone: Option<Tone>,
    /// The table of the analytics.
    pub table: &'static str,
    /// The row in that table.
    pub row: usize,
    /// The field of that row.
    pub field: &'static str,
}

/// A part of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name in links.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it is about.
    pub lead: &'static str,
    /// Its charts.
    pub charts: Vec<Chart>,
    /// Its tables, each with its caption.
    pub tables: Vec<(&'static str, Table)>,
}

/// A chart of exact numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What it shows, in words for readers without sight.
    pub description: String,
    /// What it leaves out.
    pub note: Option<String>,
    /// The currency of its numbers.
    pub currency: Currency,
    /// The numbers.
    pub plot: Plot,
}

/// The numbers of a chart. Only what was carried forward, less what was brought forward, may be below
/// zero: it is said, and not drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plot {
    /// A column for each category, in order of time, with layers from the bottom up.
    Columns(Stack),
    /// A bar for each category, the first on top, with layers from the left.
    Bars(Stack),
    /// A single bar over the whole width.
    Split(Stack),
    /// Lines that stay level until the next point.
    Steps(Steps),
}

/// Categories, each with a number per layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The categories.
    pub categories: Vec<Category>,
    /// The layers, with a number for each category.
    pub layers: Vec<Layer>,
}

/// A category and the sum of its layers, those below zero too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// What its layers add up to.
    pub total: Signed,
}

impl Stack {
    /// Returns how far the layers of a category reach: what they add up to without those below zero.
    pub fn reach(&self, category: usize) -> Signed {
        let values = self
            .layers
            .iter()
            .filter_map(|layer| layer.values.get(category));
        let drawn = values.filter(|value| !value.is_negative());
        drawn.fold(Signed::ZERO, |sum, value| {
            sum.checked_add(*value).unwrap_or(sum)
        })
    }

    /// Returns how far the layers of any category reach.
    pub fn highest(&self) -> Signed {
        let reached = (0..self.categories.len()).map(|category| self.reach(category));
        reached.max().unwrap_or(Signed::ZERO)
    }
}

/// One layer of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its name.
    pub name: &'static str,
    /// How it is drawn.
    pub tone: Tone,
    /// A number for each category.
    pub values: Vec<Signed>,
}

/// How money is drawn: the same in every chart of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It reached its holder.
    Paid,
    /// A request holds it.
    Pending,
    /// Nobody asked for it yet.
    Available,
    /// It waits for the next event of its holder.
    CarriedForward,
    /// It is tax.
    Tax,
    /// The fund retains it.
    Retained,
    /// All of it, without distinction.
    Whole,
}

/// Lines over days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// The lines, the highest end first.
    pub lines: Vec<Line>,
    /// The first day.
    pub from: Date,
    /// The last day, to which each line is drawn.
    pub until: Date,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its points, in order of time; at least one.
    pub points: Vec<(Date, Signed)>,
}
