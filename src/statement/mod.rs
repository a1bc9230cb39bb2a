//! Bank statements in: bytes to statements, in four families told apart by their content.

mod camt053;
mod common;
mod mt940;
mod ofx;

use thiserror::Error;

pub use crate::domain::bad_line::BadLine;
use crate::domain::{
    statement::{Statement, StatementFile, StatementFormat},
    time::Date,
};

/// How a statement file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The encoding that the user names, as the Encoding Standard does.
    pub encoding: Option<&'a str>,
    /// The last day that is not in the future.
    pub today: Date,
}

/// Why a file is not taken. Nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is something else, such as an HTML page or a workbook.
    #[error("the file is {what}, not a bank statement")]
    NotAStatement {
        /// What it is.
        what: &'static str,
    },
    /// Its bytes are no text in the encoding.
    #[error("the file's text cannot be read: {detail}")]
    Encoding {
        /// What is wrong.
        detail: String,
    },
    /// It does not prove how it is to be read, so a profile must say it.
    #[error("{}{detail}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Undecided {
        /// The line, where it is one.
        line: Option<u64>,
        /// What is not proven.
        detail: String,
    },
    /// It has the right form and holds no statement.
    #[error("the file holds no statement: {detail}")]
    Empty {
        /// What was looked for.
        detail: String,
    },
    /// Lines cannot be read.
    #[error("{} bad {}", lines.len(), if lines.len() == 1 { "line" } else { "lines" })]
    BadLines {
        /// Every bad line.
        lines: Vec<BadLine>,
    },
}

/// What a reader found in a text.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The statements; never none.
    pub(super) statements: Vec<Statement>,
    /// What was decided where the file does not say it.
    pub(super) decisions: Vec<String>,
    /// What the file proves.
    pub(super) proofs: Vec<String>,
}

/// Reads a statement file.
///
/// # Errors
/// [`Unreadable`]; nothing is taken of a file that cannot be read whole.
pub fn read(bytes: &[u8], options: Options<'_>) -> Result<StatementFile, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable::Encoding { detail: error.to_string() })?;
    let upper = text.to_ascii_uppercase();
    let (format, parsed) = if upper.contains("<OFX>") {
        (StatementFormat::Ofx, ofx::read(text, &options)?)
    } else if upper.trim_start().starts_with('<') {
        (StatementFormat::Camt053, camt053::read(text, &options)?)
    } else {
        (StatementFormat::Mt940, mt940::read(text, &options)?)
    };
    let Parsed { statements, decisions, proofs } = parsed;
    Ok(StatementFile { format, encoding: "UTF-8", profile: None, decisions, proofs, statements })
}
