//! Turns reports into bytes: tables, CSV, JSON, Markdown, HTML and XLSX, all from the same cells.
//!
//! A list goes through a [`ListWriter`], row by row; a single thing through [`record`]. CSV, JSON
//! and XLSX need the same memory for any number of rows. Tables, Markdown and HTML hold the words
//! of the visible columns until the end, since a column is as wide as its widest cell: about a
//! hundred bytes a row.
//!
//! | | columns | numbers | text |
//! |---|---|---|---|
//! | CSV, JSON | all, by field | plain decimals | whole; CSV disarms formulas |
//! | XLSX | all, by field | numbers, or text beyond 15 digits | hostile signs replaced |
//! | tables, Markdown, HTML | those of every place, by heading | grouped, with totals | hostile signs replaced, markup escaped |
//!
//! A table on a terminal may be narrower and may draw; see [`Style`] and [`Hidden`].
//!
//! Markdown, HTML and XLSX say what they are [`About`], where that is given. In CSV and JSON there
//! is no place for it, and under a table the program says it on standard error.

mod chart;
mod csv;
mod dashboard;
mod draw;
mod grid;
mod html;
pub mod journal;
mod json;
mod layout;
mod markdown;
#[cfg(test)]
mod samples;
mod table;
mod text;
mod xlsx;

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use thiserror::Error as ThisError;

use crate::report::{About, Cell, Columns, Record};
pub use dashboard::dashboard;
use grid::Grid;
pub use text::clean;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for people.
    Table,
    /// Comma-separated values after RFC 4180.
    Csv,
    /// One array or one object.
    Json,
    /// A table as GitHub reads it.
    Markdown,
    /// A page that stands alone.
    Html,
    /// A spreadsheet.
    Xlsx,
}

/// How a table looks. Other formats look the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With what it is written.
    pub ink: Ink,
    /// How many columns the terminal has; `None` where there is none, and a table is as wide as it
    /// has to be.
    pub width: Option<u16>,
}

impl Style {
    /// Figures and words alone, as wide as they have to be.
    pub const PLAIN: Self = Self {
        ink: Ink::Plain,
        width: None,
    };
}

/// With what a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Figures and words, no terminal escapes at all.
    Plain,
    /// Headings and labels are bold, and drawings stand beside figures.
    Colored,
}

/// What a table that is wider than its terminal does not show. The same table in another format has
/// all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The headings of the columns that are left out.
    pub left_out: Vec<&'static str>,
    /// The headings of the columns whose texts are shortened.
    pub shortened: Vec<&'static str>,
}

impl Hidden {
    /// Adds what another table hides, each heading once.
    fn add(&mut self, other: Self) {
        for (all, headings) in [
            (&mut self.left_out, other.left_out),
            (&mut self.shortened, other.shortened),
        ] {
            for heading in headings {
                if !all.contains(&heading) {
                    all.push(heading);
                }
            }
        }
    }
}

/// Why a report could not be written.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The output failed; a closed pipe is one of its kinds.
    #[error("cannot write the output: {0}")]
    Write(#[from] io::Error),
    /// A row does not fit the columns.
    #[error("a row has {found} cells for {expected} columns")]
    CellCount {
        /// The columns.
        expected: usize,
        /// The cells.
        found: usize,
    },
    /// A total is outside the range of totals.
    #[error(
        "the total of `{column}` has too many digits; write the list as CSV or JSON, which add nothing up"
    )]
    TotalTooLarge {
        /// The column's field name.
        column: &'static str,
    },
    /// A spreadsheet cannot hold the list.
    #[error("a sheet holds at most 1048575 rows; write the list as CSV")]
    TooManyRows,
    /// A spreadsheet cannot hold a text.
    #[error(
        "a text of `{column}` has more than 32767 characters, too many for a spreadsheet; write CSV or JSON"
    )]
    TextTooLong {
        /// The column's field name.
        column: &'static str,
    },
    /// The workbook could not be put together, as a rule because the temporary directory is full.
    #[error("cannot make the workbook: {0}")]
    Xlsx(String),
    /// A chart could not be drawn.
    #[error("cannot draw a chart: {0}")]
    Chart(String),
}

/// Writes a list, row by row. Without [`ListWriter::finish`] the output stays incomplete.
#[must_use = "only `finish` completes the output"]
pub struct ListWriter<W: Write> {
    columns: Columns,
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

impl Format {
    /// Reads a file name's extension, without regard to case: `.csv .json .md .html .xlsx`, and
    /// `.txt` for a table.
    pub fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "md" => Some(Self::Markdown),
            "html" => Some(Self::Html),
            "xlsx" => Some(Self::Xlsx),
            "txt" => Some(Self::Table),
            _ => None,
        }
    }
}

impl<W: Write> ListWriter<W> {
    /// Begins a list. CSV has its header even where no row follows.
    ///
    /// # Errors
    /// [`Error::Write`] where the output or a temporary file fails.
    pub fn new(format: Format, columns: Columns, style: Style, out: W) -> Result<Self, Error> {
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
            columns,
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
        check_count(self.columns, cells)?;
        match &mut self.sink {
            Sink::Csv(list) => list.row(cells.iter()),
            Sink::Json(list) => list.row(cells),
            Sink::Xlsx(list, _) => list.row(cells),
            Sink::Grid(grid, _, _) => grid.push(cells),
        }?;
        self.rows += 1;
        Ok(())
    }

    /// Tells how many rows were written.
    pub fn rows_written(&self) -> u64 {
        self.rows
    }

    /// Writes what is left, `about` included where the format has a place for it, and gives the
    /// output back, flushed, with what a narrow table hides.
    ///
    /// # Errors
    /// [`Error::Write`] where the output or a temporary file fails, [`Error::Xlsx`] for a workbook.
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

/// Writes a single thing, and what it is about where that is given and the format has a place for
/// it. CSV has the fields where the record has no tables, the table alone where it has one, and
/// else all tables in one with the fields in every row. Answers what narrow tables hide.
///
/// # Errors
/// As [`ListWriter::row`] and [`ListWriter::finish`].
pub fn record<W: Write>(
    record: &Record,
    format: Format,
    style: Style,
    about: Option<&About>,
    out: &mut W,
) -> Result<Hidden, Error> {
    for table in &record.tables {
        table
            .rows
            .iter()
            .try_for_each(|row| check_count(table.columns, row))?;
    }
    let mut out = BufWriter::new(out);
    let mut hidden = Hidden::default();
    match format {
        Format::Table => table::record(record, style, &mut out).map(|found| hidden = found),
        Format::Csv => csv::record(record, &mut out),
        Format::Json => json::record(record, &mut out),
        Format::Markdown => markdown::record(record, about, &mut out),
        Format::Html => html::record(record, about, &mut out),
        Format::Xlsx => xlsx::record(record, about, &mut out),
    }?;
    out.flush()?;
    Ok(hidden)
}

fn check_count(columns: Columns, cells: &[Cell]) -> Result<(), Error> {
    if cells.len() == columns.len() {
        Ok(())
    } else {
        Err(Error::CellCount {
            expected: columns.len(),
            found: cells.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{samples::*, *};

    #[test]
    fn an_extension_tells_the_format_in_any_case() {
        let format = |name: &str| Format::from_extension(Path::new(name));
        assert_eq!(format("a/register.CSV"), Some(Format::Csv));
        assert_eq!(format("r.json"), Some(Format::Json));
        assert_eq!(format("r.md"), Some(Format::Markdown));
        assert_eq!(format("r.html"), Some(Format::Html));
        assert_eq!(format("r.v2.xlsx"), Some(Format::Xlsx));
        assert_eq!(format("r.txt"), Some(Format::Table));
        for name in ["r", ".csv", "r.pdf", "r."] {
            assert_eq!(format(name), None, "{name}");
        }
    }

    #[test]
    fn a_row_of_another_length_is_refused_in_every_format_and_not_counted() {
        for format in [
            Format::Table,
            Format::Csv,
            Format::Json,
            Format::Markdown,
            Format::Html,
            Format::Xlsx,
        ] {
            let mut list = ListWriter::new(format, PAYMENTS, Style::PLAIN, Vec::new()).unwrap();
            let refused = list.row(&[Cell::Empty]);
            assert!(
                matches!(
                    refused,
                    Err(Error::CellCount {
                        expected: 6,
                        found: 1
                    })
                ),
                "{format:?}"
            );
            assert_eq!(list.rows_written(), 0);
            assert!(list.finish(None).is_ok());
        }
    }

    #[test]
    fn a_closed_pipe_can_be_told_in_every_format() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for format in [
            Format::Table,
            Format::Csv,
            Format::Json,
            Format::Markdown,
            Format::Html,
            Format::Xlsx,
        ] {
            let mut list = ListWriter::new(format, PAYMENTS, Style::PLAIN, Closed).unwrap();
            let written = (0..10_000).try_for_each(|_| list.row(&payment("a", "1", "1", "NGN")));
            let Err(error) = written.and_then(|()| list.finish(None).map(drop)) else {
                panic!("{format:?}")
            };
            assert!(
                matches!(&error, Error::Write(io) if io.kind() == io::ErrorKind::BrokenPipe),
                "{format:?}: {error}"
            );
            let Err(error) = record(&event(), format, Style::PLAIN, None, &mut Closed) else {
                panic!("{format:?}")
            };
            assert!(
                matches!(&error, Error::Write(io) if io.kind() == io::ErrorKind::BrokenPipe),
                "{format:?}: {error}"
            );
        }
    }
}
