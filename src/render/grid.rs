//! Rows as people see them: the visible columns in words, and their totals. Tables, Markdown and
//! HTML lay it out.

use std::borrow::Cow;

use super::{draw, error::Error, style::Ink, text};
use crate::{
    domain::{currency::Currency, quantity::Total, signed::Signed},
    report::{Cell, Column, Draw, Keep, Place, Sum, Table, uncounted},
};

/// The visible columns of a list. Memory grows with the rows: one string holds them all.
pub(super) struct Grid {
    /// The visible columns.
    lanes: Vec<Lane>,
    /// For each column whether it is visible.
    visible: Vec<bool>,
    ink: Ink,
    /// The largest amounts next to which bars are drawn, by currency.
    largest: Vec<(Currency, i128)>,
    /// A tab after each cell and a line feed after each row; cleaned words hold neither.
    words: String,
    count: u64,
    /// The place of the column that says whether a row counts.
    counting: Option<(usize, Column)>,
    /// How many rows the totals leave out, by their status.
    left_out: Vec<(String, u64)>,
}

/// One column of a grid.
pub(super) struct Lane {
    column: Column,
    numbers: bool,
    money: bool,
    /// Whether it holds names and texts, and nothing whose every sign counts.
    texts: bool,
    sums: Sums,
    /// The numbers next to which bars are drawn, one for each row.
    values: Vec<Option<draw::Value>>,
    /// The largest of them that is not money.
    largest: i128,
    /// What its values say, for columns that are shown only if they say something.
    said: Said,
}

/// Whether a column says anything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// All values are empty or zero.
    Nothing,
    /// One is not.
    Something,
}

/// What a column adds up to: money by currency, anything else for all rows.
#[derive(Default)]
struct Sums {
    money: Vec<(Currency, Signed)>,
    quantity: Option<Total>,
    count: Option<i64>,
}

/// Which values a totals row adds up.
#[derive(Clone, Copy)]
enum Totalled {
    Money(Currency),
    Others,
    Everything(Option<Currency>),
}

impl Grid {
    /// Makes an empty grid.
    pub(super) fn new(columns: &[Column], ink: Ink) -> Self {
        let visible: Vec<bool> = columns
            .iter()
            .map(|column| is_visible(column, ink))
            .collect();
        let lanes = columns
            .iter()
            .filter(|column| is_visible(column, ink))
            .map(Lane::new)
            .collect();
        Self {
            lanes,
            visible,
            ink,
            largest: Vec::new(),
            words: String::new(),
            count: 0,
            counting: (0..)
                .zip(columns)
                .find(|(_, column)| !column.uncounted.is_empty())
                .map(|(at, column)| (at, *column)),
            left_out: Vec::new(),
        }
    }

    /// Makes a grid of a table that is held in memory.
    pub(super) fn of(table: &Table, ink: Ink) -> Result<Self, Error> {
        let mut grid = Self::new(&table.columns, ink);
        for row in &table.rows {
            grid.push(row)?;
        }
        Ok(grid)
    }

    /// Adds a row.
    pub(super) fn push(&mut self, cells: &[Cell]) -> Result<(), Error> {
        let status = self
            .counting
            .and_then(|(at, column)| uncounted(&column, cells.get(at)?));
        self.push_counted(cells, status)
    }

    /// Adds a row, which totals leave out if it has a status for that.
    pub(super) fn push_counted(
        &mut self,
        cells: &[Cell],
        uncounted: Option<&str>,
    ) -> Result<(), Error> {
        if let Some(status) = uncounted {
            match self.left_out.iter_mut().find(|(known, _)| known == status) {
                Some((_, rows)) => *rows += 1,
                None => self.left_out.push((status.to_owned(), 1)),
            }
        }
        let visible = cells
            .iter()
            .zip(&self.visible)
            .filter(|(_, visible)| **visible)
            .map(|(cell, _)| cell);
        for (lane, cell) in self.lanes.iter_mut().zip(visible) {
            lane.take(cell);
            if uncounted.is_none() {
                lane.add(cell)?;
            }
            if self.ink == Ink::Colored && lane.column.draw == Draw::Bar {
                let value = draw::value(cell);
                lane.values.push(value);
                match value {
                    Some((Some(currency), units)) => match self
                        .largest
                        .iter_mut()
                        .find(|(known, _)| *known == currency)
                    {
                        Some((_, largest)) => *largest = units.max(*largest),
                        None => self.largest.push((currency, units)),
                    },
                    Some((None, units)) => lane.largest = units.max(lane.largest),
                    None => {}
                }
            }
            self.words.push_str(&words(lane.column, cell));
            self.words.push('\t');
        }
        self.words.push('\n');
        self.count += 1;
        Ok(())
    }

    /// Returns how many rows there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Lists the visible columns.
    pub(super) fn lanes(&self) -> Vec<&Lane> {
        self.lanes.iter().filter(|lane| lane.is_seen()).collect()
    }

    /// Draws the bar next to a number of a column.
    pub(super) fn bar(&self, lane: &Lane, row: usize, cells: usize) -> String {
        let Some((currency, units)) = lane.values.get(row).copied().flatten() else {
            return String::new();
        };
        let largest = match currency {
            Some(currency) => self
                .largest
                .iter()
                .find(|(known, _)| *known == currency)
                .map_or(0, |(_, largest)| *largest),
            None => lane.largest,
        };
        draw::bar(units, largest, cells)
    }

    /// Lists the rows, each with its visible cells.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        self.words.split_terminator('\n').map(|row| {
            let words = row.split_terminator('\t').zip(&self.lanes);
            words
                .filter(|(_, lane)| lane.is_seen())
                .map(|(words, _)| words)
        })
    }

    /// Builds the totals rows: one for each currency and one for what is not money, or a single one
    /// if that is clear. There are none below a single row.
    pub(super) fn totals(&self) -> Vec<Vec<String>> {
        self.totals_of(&self.lanes())
    }

    /// Says which rows the totals leave out; `None` if there are no totals or all rows count.
    pub(super) fn left_out(&self) -> Option<String> {
        if self.left_out.is_empty() || self.totals().is_empty() {
            return None;
        }
        let parts: Vec<String> = self
            .left_out
            .iter()
            .map(|(status, rows)| format!("{rows} {status}"))
            .collect();
        Some(format!("not in the totals: {}", parts.join(", ")))
    }

    /// Builds the totals rows of some of the visible columns.
    pub(super) fn totals_of(&self, lanes: &[&Lane]) -> Vec<Vec<String>> {
        let mut currencies: Vec<Currency> = lanes
            .iter()
            .flat_map(|lane| &lane.sums.money)
            .map(|(currency, _)| *currency)
            .collect();
        currencies.sort_unstable_by_key(|currency| currency.code());
        currencies.dedup();
        let others = lanes
            .iter()
            .any(|lane| lane.sums.quantity.is_some() || lane.sums.count.is_some());
        if self.count < 2 || (currencies.is_empty() && !others) {
            return Vec::new();
        }
        if currencies.len() < 2 {
            return vec![total(
                lanes,
                Totalled::Everything(currencies.first().copied()),
            )];
        }
        let money = currencies.into_iter().map(Totalled::Money);
        money
            .chain(others.then_some(Totalled::Others))
            .map(|which| total(lanes, which))
            .collect()
    }
}

fn total(lanes: &[&Lane], which: Totalled) -> Vec<String> {
    let mut label = Some(match which {
        Totalled::Money(currency) | Totalled::Everything(Some(currency)) => {
            format!("total {currency}")
        }
        Totalled::Others | Totalled::Everything(None) => "total".to_owned(),
    });
    lanes
        .iter()
        .map(|lane| match lane.column.sum {
            Sum::No => label.take().unwrap_or_default(),
            Sum::Yes => lane.sums.shown(which),
        })
        .collect()
}

/// Returns whether a column may appear for people: one that is only drawn appears with an ink that
/// draws.
fn is_visible(column: &Column, ink: Ink) -> bool {
    match column.place {
        Place::Everywhere | Place::Used => true,
        Place::Detail | Place::Data => false,
        Place::Drawn => ink == Ink::Colored,
    }
}

/// Returns whether a value of a single thing appears for people.
pub(super) fn is_seen(column: &Column, cell: &Cell, ink: Ink) -> bool {
    match column.place {
        Place::Used => cell.is_used(),
        Place::Everywhere | Place::Detail | Place::Data | Place::Drawn => {
            is_visible(column, ink) && *cell != Cell::Empty
        }
    }
}

/// Writes a cell for people; a series of a column that is visible only where it is drawn is a line.
pub(super) fn words(column: Column, cell: &Cell) -> Cow<'_, str> {
    match (column.place, cell) {
        (Place::Drawn, Cell::Series(amounts, _)) => draw::line(amounts).into(),
        (Place::Drawn | Place::Everywhere | Place::Used | Place::Detail | Place::Data, _) => {
            text::shown(cell)
        }
    }
}

impl Lane {
    fn new(column: &Column) -> Self {
        Self {
            column: *column,
            numbers: false,
            money: false,
            texts: true,
            sums: Sums::default(),
            values: Vec::new(),
            largest: 0,
            said: Said::Nothing,
        }
    }

    fn is_seen(&self) -> bool {
        self.said == Said::Something || self.column.place != Place::Used
    }

    fn take(&mut self, cell: &Cell) {
        if cell.is_used() {
            self.said = Said::Something;
        }
        self.numbers |= text::is_number(cell);
        self.money |= matches!(cell, Cell::Money(..));
        self.texts &= matches!(
            cell,
            Cell::Empty | Cell::Text(_) | Cell::Names(_) | Cell::Json(_)
        );
    }

    /// Returns its field name.
    pub(super) fn field(&self) -> &'static str {
        self.column.field
    }

    /// Returns whether it is added up.
    pub(super) fn sum(&self) -> Sum {
        self.column.sum
    }

    /// Returns whether a narrow table may leave it out.
    pub(super) fn keep(&self) -> Keep {
        self.column.keep
    }

    /// Returns whether it holds money.
    pub(super) fn holds_money(&self) -> bool {
        self.money
    }

    /// Returns whether it holds names and texts, and nothing whose every sign counts.
    pub(super) fn holds_texts(&self) -> bool {
        self.texts
    }

    /// Returns whether there is a bar next to any of its numbers.
    pub(super) fn has_bars(&self) -> bool {
        self.values.iter().flatten().any(|(_, units)| *units > 0)
    }

    /// Returns its heading.
    pub(super) fn heading(&self) -> &'static str {
        self.column.heading
    }

    /// Returns whether it holds numbers, which are aligned right.
    pub(super) fn holds_numbers(&self) -> bool {
        self.numbers
    }

    fn add(&mut self, cell: &Cell) -> Result<(), Error> {
        if self.column.sum == Sum::No {
            return Ok(());
        }
        let sums = &mut self.sums;
        let fits = match cell {
            Cell::Money(amount, currency) => sums.add_money(*amount, *currency),
            Cell::Tokens(tokens) => sums.add_quantity(*tokens),
            Cell::Percent(percent) => sums.add_quantity(percent.widen()),
            Cell::Count(count) => sums
                .count
                .unwrap_or(0)
                .checked_add(*count)
                .map(|sum| sums.count = Some(sum)),
            Cell::Empty
            | Cell::Ratio(_)
            | Cell::Series(..)
            | Cell::Text(_)
            | Cell::Flag(_)
            | Cell::Date(_)
            | Cell::Instant(_)
            | Cell::Account(..)
            | Cell::Names(_)
            | Cell::Json(_) => Some(()),
        };
        fits.ok_or(Error::TotalTooLarge {
            column: self.column.field,
        })
    }
}

impl Sums {
    fn add_money(&mut self, amount: Signed, currency: Currency) -> Option<()> {
        match self.money.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => *sum = sum.checked_add(amount)?,
            None => self.money.push((currency, amount)),
        }
        Some(())
    }

    fn add_quantity(&mut self, quantity: Total) -> Option<()> {
        self.quantity = Some(self.quantity.unwrap_or(Total::ZERO).checked_add(quantity)?);
        Some(())
    }

    fn shown(&self, which: Totalled) -> String {
        let money = |wanted: Currency| {
            let (_, sum) = self
                .money
                .iter()
                .find(|(currency, _)| *currency == wanted)?;
            Some(sum.grouped(wanted.decimals()))
        };
        let others = || {
            let quantity = self.quantity.map(|sum| sum.grouped(0));
            quantity.or_else(|| self.count.map(|sum| sum.to_string()))
        };
        match which {
            Totalled::Money(currency) => money(currency),
            Totalled::Others => others(),
            Totalled::Everything(currency) => currency.and_then(money).or_else(others),
        }
        .unwrap_or_default()
    }
}
