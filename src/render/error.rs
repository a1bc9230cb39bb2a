//! Why a report could not be written.

use std::io;

use thiserror::Error as ThisError;

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
