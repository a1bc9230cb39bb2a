//! Lists, written row by row.

use std::io::{BufWriter, Write};

use super::{
    csv,
    error::Error,
    format::Format,
    grid::Grid,
    html, json, markdown,
    style::{Hidden, Ink, Style},
    table, xlsx,
};
use crate::report::{About, Cell, Column};

/// Writes a list, row by row. Without [`ListWriter::finish`] the output stays incomplete.
#[must_use = "only `finish` completes the output"]
pub struct ListWriter<W: Write> {
    /// How many cells a row has.
    width: usize,
    rows: u64,
    sink: Sink<W>,
}

enum Sink<W: Write> {
    Csv(Box<csv::List<W>>),
    Json(json::List<W>),
    Xlsx(Box<xlsx::List>, W),
    Grid(Grid, Page, W),
}

/// What a grid becomes.
#[derive(Clone, Copy)]
enum Page {
    Table(Style),
    Markdown,
    Html,
}

impl<W: Write> ListWriter<W> {
    /// Begins a list. CSV has its header even if no row follows.
    ///
    /// # Errors
    /// [`Error::Write`] if the output or a temporary file fails.
    pub fn new(format: Format, columns: &[Column], style: Style, out: W) -> Result<Self, Error> {
        let grid = |page, ink, out| Sink::Grid(Grid::new(columns, ink), page, out);
        let sink = match format {
            Format::Csv => Sink::Csv(Box::new(csv::List::new(
                columns.iter().map(|column| column.field),
                out,
            )?)),
            Format::Json => Sink::Json(json::List::new(columns, out)),
            Format::Xlsx => Sink::Xlsx(Box::new(xlsx::List::new(columns)?), out),
            Format::Table => grid(Page::Table(style), style.ink, out),
            Format::Markdown => grid(Page::Markdown, Ink::Plain, out),
            Format::Html => grid(Page::Html, Ink::Plain, out),
        };
        Ok(Self {
            width: columns.len(),
            rows: 0,
            sink,
        })
    }

    /// Writes one row, a cell for each column.
    ///
    /// # Errors
    /// [`Error::CellCount`] for another number of cells; whatever the format cannot hold;
    /// [`Error::Write`].
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        check_count(self.width, cells)?;
        if let Sink::Grid(grid, _, _) = &mut self.sink {
            grid.push(cells)?;
            self.rows += 1;
            return Ok(());
        }
        self.counted(cells, None)
    }

    /// Writes one row, which totals leave out if it has a status for that.
    ///
    /// # Errors
    /// [`Error::CellCount`] for another number of cells; whatever the format cannot hold;
    /// [`Error::Write`].
    pub fn counted(&mut self, cells: &[Cell], uncounted: Option<&str>) -> Result<(), Error> {
        check_count(self.width, cells)?;
        match &mut self.sink {
            Sink::Csv(list) => list.row(cells.iter()),
            Sink::Json(list) => list.row(cells),
            Sink::Xlsx(list, _) => list.row(cells),
            Sink::Grid(grid, _, _) => grid.push_counted(cells, uncounted),
        }?;
        self.rows += 1;
        Ok(())
    }

    /// Returns how many rows were written.
    pub fn rows_written(&self) -> u64 {
        self.rows
    }

    /// Writes what is left, `about` included if the format has a place for it, and gives the
    /// output back, flushed, with what a narrow table hides.
    ///
    /// # Errors
    /// [`Error::Write`] if the output or a temporary file fails, [`Error::Xlsx`] for a workbook.
    pub fn finish(self, about: Option<&About>) -> Result<(W, Hidden), Error> {
        let mut hidden = Hidden::default();
        let mut out = match self.sink {
            Sink::Csv(list) => list.finish()?,
            Sink::Json(list) => list.finish()?,
            Sink::Xlsx(list, mut out) => {
                list.finish(about, &mut out)?;
                out
            }
            Sink::Grid(grid, page, mut out) => {
                let mut buffered = BufWriter::with_capacity(1 << 16, &mut out);
                match page {
                    Page::Table(style) => {
                        table::list(&grid, style, &mut buffered).map(|found| hidden = found)
                    }
                    Page::Markdown => markdown::list(&grid, about, &mut buffered),
                    Page::Html => html::list(&grid, about, &mut buffered),
                }?;
                buffered.flush()?;
                drop(buffered);
                out
            }
        };
        out.flush()?;
        Ok((out, hidden))
    }
}

/// Refuses a row with another number of cells than columns.
pub(super) fn check_count(expected: usize, cells: &[Cell]) -> Result<(), Error> {
    if cells.len() == expected {
        Ok(())
    } else {
        Err(Error::CellCount {
            expected,
            found: cells.len(),
        })
    }
}
