//! Which columns of a table are shown, and how wide each is: all of them, or as many as the
//! terminal has room for.
//!
//! If a table is wider than its terminal, its bars go first, then whole columns as [`Keep`]
//! says, the last ones first. What is added up stays longest. The first column always stays, for it
//! names the row, and so does the currency as long as money is shown. If that is not enough, the
//! widest texts that are left are shortened. Figures, dates and account numbers never are: a table
//! that is still too wide then runs over, and the terminal breaks its lines.

use std::{borrow::Cow, cmp::Reverse};

use comfy_table::{Cell, CellAlignment};
use unicode_width::UnicodeWidthStr;

use super::{
    grid::{Grid, Lane},
    style::Hidden,
    style::Style,
};
use crate::report::{Keep, Sum};

/// Longer words than this are cut in tables, with an ellipsis; comfy-table counts a column's width
/// in sixteen bits.
pub(super) const LONGEST: usize = 1000;
/// The spaces between two columns.
const BETWEEN: usize = 2;
/// The cells of a bar, at most and at least: shorter ones say nothing.
const BAR: usize = 20;
const SHORTEST_BAR: usize = 8;
/// No text is shortened to less than this, nor to less than its heading.
const SHORTEST_TEXT: usize = 12;

/// The columns of a table as they are shown.
pub(super) struct Layout<'a> {
    grid: &'a Grid,
    /// For each visible column of the grid whether it is shown.
    kept: Vec<bool>,
    /// The measures of the columns that are shown, with those of the bars.
    columns: Vec<Measure<'a>>,
    /// The totals of the columns that are shown.
    totals: Vec<Vec<String>>,
}

/// The measures of one column, the same for all rows.
#[derive(Clone)]
pub(super) struct Measure<'a> {
    lane: &'a Lane,
    kind: Kind,
    /// How many characters are before the decimal point, or in all if there is none.
    whole: usize,
    /// How many characters follow it, itself included.
    fraction: usize,
}

/// What a column shows.
#[derive(Clone, Copy)]
enum Kind {
    /// Numbers on their decimal point.
    Numbers,
    /// Words, cut to a width if one is given.
    Words(Option<usize>),
    /// Bars next to the numbers of the column before it.
    Bars(usize),
}

impl<'a> Layout<'a> {
    /// Measures the columns of a grid and chooses those that are shown.
    pub(super) fn of(grid: &'a Grid, style: Style) -> Self {
        let lanes = grid.lanes();
        let mut measures: Vec<Measure> = lanes.iter().copied().map(Measure::new).collect();
        for row in grid.rows() {
            measures
                .iter_mut()
                .zip(row)
                .for_each(|(measure, words)| measure.take(words));
        }
        let mut layout = Self {
            grid,
            kept: vec![true; lanes.len()],
            columns: Vec::new(),
            totals: Vec::new(),
        };
        layout.measure(&measures);
        let room = style.width.map(usize::from);
        let mut drawn = true;
        while room.is_some_and(|room| layout.width() > room)
            && let Some(at) = layout.next_to_leave()
        {
            if let Some(kept) = layout.kept.get_mut(at) {
                *kept = false;
            }
            drawn = false;
            layout.measure(&measures);
        }
        if let Some(room) = room {
            layout.shorten(room);
        }
        if drawn {
            layout.draw(room);
        }
        layout
    }

    /// Measures the columns that are shown, their totals included.
    fn measure(&mut self, measures: &[Measure<'a>]) {
        self.columns = measures
            .iter()
            .zip(&self.kept)
            .filter(|(_, kept)| **kept)
            .map(|(measure, _)| measure.clone())
            .collect();
        self.totals = self.grid.totals_of(
            &self
                .columns
                .iter()
                .map(|column| column.lane)
                .collect::<Vec<_>>(),
        );
        for row in &self.totals {
            self.columns
                .iter_mut()
                .zip(row)
                .for_each(|(column, words)| column.take(words));
        }
    }

    /// Returns how wide the table is.
    fn width(&self) -> usize {
        let between = self.columns.len().saturating_sub(1) * BETWEEN;
        self.columns.iter().map(Measure::width).sum::<usize>() + between
    }

    /// Returns which column is the next to leave a table that is too wide.
    fn next_to_leave(&self) -> Option<usize> {
        let lanes = || {
            let lanes = self.grid.lanes().into_iter();
            lanes
                .zip(&self.kept)
                .enumerate()
                .filter(|(_, (_, kept))| **kept)
        };
        let money = lanes().any(|(_, (lane, _))| lane.holds_money());
        let rank = |lane: &Lane| match (lane.keep(), lane.sum()) {
            _ if lane.field() == "currency" && money => None,
            (Keep::Last, _) => Some(0),
            (Keep::Usual, Sum::No) => Some(1),
            (Keep::Usual, Sum::Yes) => Some(2),
            (Keep::Always, _) => None,
        };
        let may_leave = lanes()
            .skip(1)
            .filter_map(|(at, (lane, _))| Some((rank(lane)?, Reverse(at))));
        may_leave.min().map(|(_, Reverse(at))| at)
    }

    /// Shortens the widest texts until the table fits, as far as that may be.
    fn shorten(&mut self, room: usize) {
        let mut width = self.width();
        while width > room {
            let widest = self
                .columns
                .iter_mut()
                .filter(|column| column.can_be_shortened())
                .max_by_key(|column| column.width());
            let Some(widest) = widest else { return };
            let shorter = widest.width() - 1;
            widest.kind = Kind::Words(Some(shorter));
            width -= 1;
        }
    }

    /// Puts bars next to the columns that have them, as many as there is room for.
    fn draw(&mut self, room: Option<usize>) {
        let mut barred: Vec<usize> = (0..)
            .zip(&self.columns)
            .filter(|(_, column)| column.lane.has_bars())
            .map(|(at, _)| at)
            .collect();
        let free = room.map(|room| room.saturating_sub(self.width()));
        let cells = |count: usize| {
            free.map_or(BAR, |free| {
                (free / count.max(1)).saturating_sub(BETWEEN).min(BAR)
            })
        };
        while !barred.is_empty() && cells(barred.len()) < SHORTEST_BAR {
            barred.pop();
        }
        let cells = cells(barred.len());
        // From the right, so that what is put in moves no place that is still to come.
        for at in barred.into_iter().rev() {
            if let Some(column) = self.columns.get(at).cloned() {
                self.columns.insert(
                    at + 1,
                    Measure {
                        kind: Kind::Bars(cells),
                        ..column
                    },
                );
            }
        }
    }

    /// Lists the columns that are shown.
    pub(super) fn columns(&self) -> &[Measure<'a>] {
        &self.columns
    }

    /// Lists the rows, each with a cell for each column that is shown.
    pub(super) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        self.grid.rows().enumerate().map(|(at, row)| {
            let kept = row
                .zip(&self.kept)
                .filter(|(_, kept)| **kept)
                .map(|(words, _)| words);
            self.row(kept, |column, cells| self.grid.bar(column.lane, at, cells))
        })
    }

    /// Lists the totals rows. They have no bars: a total is longer than all that it adds up.
    pub(super) fn totals(&self) -> impl ExactSizeIterator<Item = Vec<Cell>> {
        self.totals
            .iter()
            .map(|row| self.row(row.iter().map(String::as_str), |_, _| String::new()))
    }

    fn row<'b>(
        &self,
        mut words: impl Iterator<Item = &'b str>,
        bar: impl Fn(&Measure, usize) -> String,
    ) -> Vec<Cell> {
        let cell = |column: &Measure| match column.kind {
            Kind::Bars(cells) => Cell::new(bar(column, cells)),
            Kind::Numbers | Kind::Words(_) => column.cell(words.next().unwrap_or_default()),
        };
        self.columns.iter().map(cell).collect()
    }

    /// Returns what is not shown.
    pub(super) fn hidden(&self) -> Hidden {
        let left = self
            .grid
            .lanes()
            .into_iter()
            .zip(&self.kept)
            .filter(|(_, kept)| !**kept);
        let short = self
            .columns
            .iter()
            .filter(|column| matches!(column.kind, Kind::Words(Some(_))));
        Hidden {
            left_out: left.map(|(lane, _)| lane.heading()).collect(),
            shortened: short.map(Measure::heading).collect(),
        }
    }
}

impl<'a> Measure<'a> {
    fn new(lane: &'a Lane) -> Self {
        let kind = if lane.holds_numbers() {
            Kind::Numbers
        } else {
            Kind::Words(None)
        };
        Self {
            lane,
            kind,
            whole: 0,
            fraction: 0,
        }
    }

    fn take(&mut self, words: &str) {
        let fraction = if self.holds_numbers() {
            fraction(words)
        } else {
            0
        };
        self.fraction = self.fraction.max(fraction);
        self.whole = self
            .whole
            .max(width(&shortened(words)).saturating_sub(fraction));
    }

    /// Returns its heading; bars have none.
    pub(super) fn heading(&self) -> &'static str {
        match self.kind {
            Kind::Bars(_) => "",
            Kind::Numbers | Kind::Words(_) => self.lane.heading(),
        }
    }

    /// Returns whether it holds numbers, which are aligned right.
    pub(super) fn holds_numbers(&self) -> bool {
        matches!(self.kind, Kind::Numbers)
    }

    /// Returns how wide it is.
    pub(super) fn width(&self) -> usize {
        let whole = width(self.lane.heading()).max(self.whole + self.fraction);
        match self.kind {
            Kind::Numbers | Kind::Words(None) => whole,
            Kind::Words(Some(shorter)) => shorter,
            Kind::Bars(cells) => cells,
        }
    }

    fn can_be_shortened(&self) -> bool {
        let shortest = width(self.lane.heading()).max(SHORTEST_TEXT);
        matches!(self.kind, Kind::Words(_)) && self.lane.holds_texts() && self.width() > shortest
    }

    /// Makes a cell, with spaces in place of the decimals that other numbers of the column have and
    /// this one has not.
    fn cell(&self, words: &str) -> Cell {
        match self.kind {
            Kind::Words(Some(room)) => Cell::new(cut(&shortened(words), room)),
            Kind::Words(None) | Kind::Bars(_) => Cell::new(shortened(words)),
            Kind::Numbers if is_number(words) => {
                let spaces = self.fraction.saturating_sub(fraction(words));
                Cell::new(format!("{words}{}", " ".repeat(spaces)))
            }
            Kind::Numbers => Cell::new(shortened(words)).set_alignment(CellAlignment::Left),
        }
    }
}

/// Counts the characters from the decimal point on.
fn fraction(words: &str) -> usize {
    if is_number(words) {
        words.find('.').map_or(0, |at| words.len() - at)
    } else {
        0
    }
}

/// Returns whether words are a number, and not a label in a column of numbers, such as a total's.
fn is_number(words: &str) -> bool {
    words
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-'))
}

/// Cuts words that no table can hold.
pub(super) fn shortened(words: &str) -> Cow<'_, str> {
    match words.char_indices().nth(LONGEST) {
        None => Cow::Borrowed(words),
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()).into(),
    }
}

/// Cuts words to a width, with an ellipsis if something is missing.
fn cut(words: &str, room: usize) -> Cow<'_, str> {
    if width(words) <= room {
        return Cow::Borrowed(words);
    }
    // No sign is more narrow than nothing, so as many signs as there are places are enough to begin
    // with.
    let mut kept: String = words.chars().take(room).collect();
    while width(&kept) >= room && kept.pop().is_some() {}
    format!("{}…", kept.trim_end()).into()
}

/// Measures words as the terminal shows them.
fn width(words: &str) -> usize {
    UnicodeWidthStr::width(words)
}

#[cfg(test)]
mod tests;
