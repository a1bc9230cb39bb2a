//! Rows as people see them: the visible columns in words, and their totals. Tables, Markdown and HTML lay it out.

use super::{Error, text};
use crate::{
    domain::{currency::Currency, quantity::Total, signed::Signed},
    report::{Cell, Column, Columns, Place, Sum, Table},
};

/// The visible columns of a list. Memory grows with the rows: one string holds them all.
pub(super) struct Grid {
    lanes: Vec<Lane>,
    /// A tab after each cell and a line feed after each row; cleaned words hold neither.
    words: String,
    count: u64,
}

/// One column of a grid.
pub(super) struct Lane {
    column: Column,
    numbers: bool,
    sums: Sums,
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
    pub(super) fn new(columns: Columns) -> Self {
        let lane = |column: &Column| Lane { column: *column, numbers: false, sums: Sums::default() };
        Self { lanes: columns.iter().map(lane).collect(), words: String::new(), count: 0 }
    }

    /// Makes a grid of a table that is held whole.
    pub(super) fn of(table: &Table) -> Result<Self, Error> {
        let mut grid = Self::new(table.columns);
        for row in &table.rows {
            grid.push(row)?;
        }
        Ok(grid)
    }

    /// Adds a row.
    pub(super) fn push(&mut self, cells: &[Cell]) -> Result<(), Error> {
        for (lane, cell) in self.lanes.iter_mut().zip(cells) {
            if lane.is_visible() {
                lane.numbers |= text::is_number(cell);
                lane.add(cell)?;
                self.words.push_str(&text::shown(cell));
                self.words.push('\t');
            }
        }
        self.words.push('\n');
        self.count += 1;
        Ok(())
    }

    /// Tells how many rows there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Lists the visible columns.
    pub(super) fn lanes(&self) -> impl Iterator<Item = &Lane> {
        self.lanes.iter().filter(|lane| lane.is_visible())
    }

    /// Lists the rows, each with its visible cells.
    pub(super) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = &str>> {
        self.words.split_terminator('\n').map(|row| row.split_terminator('\t'))
    }

    /// Builds the totals rows: one for each currency and one for what is no money, or a single one where that is clear.
    /// There are none below a single row.
    pub(super) fn totals(&self) -> Vec<Vec<String>> {
        let mut currencies: Vec<Currency> =
            self.lanes.iter().flat_map(|lane| &lane.sums.money).map(|(currency, _)| *currency).collect();
        currencies.sort_unstable_by_key(|currency| currency.code());
        currencies.dedup();
        let others = self.lanes.iter().any(|lane| lane.sums.quantity.is_some() || lane.sums.count.is_some());
        if self.count < 2 || (currencies.is_empty() && !others) {
            return Vec::new();
        }
        if currencies.len() < 2 {
            return vec![self.total(Totalled::Everything(currencies.first().copied()))];
        }
        let money = currencies.into_iter().map(Totalled::Money);
        money.chain(others.then_some(Totalled::Others)).map(|which| self.total(which)).collect()
    }

    fn total(&self, which: Totalled) -> Vec<String> {
        let mut label = Some(match which {
            Totalled::Money(currency) | Totalled::Everything(Some(currency)) => format!("total {currency}"),
            Totalled::Others | Totalled::Everything(None) => "total".to_owned(),
        });
        self.lanes()
            .map(|lane| match lane.column.sum {
                Sum::No => label.take().unwrap_or_default(),
                Sum::Yes => lane.sums.shown(which),
            })
            .collect()
    }
}

impl Lane {
    /// Tells its heading.
    pub(super) fn heading(&self) -> &'static str {
        self.column.heading
    }

    /// Tells whether it holds numbers, which stand to the right.
    pub(super) fn holds_numbers(&self) -> bool {
        self.numbers
    }

    fn is_visible(&self) -> bool {
        self.column.place == Place::Everywhere
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
            Cell::Count(count) => sums.count.unwrap_or(0).checked_add(*count).map(|sum| sums.count = Some(sum)),
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
        fits.ok_or(Error::TotalTooLarge { column: self.column.field })
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
            let (_, sum) = self.money.iter().find(|(currency, _)| *currency == wanted)?;
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
