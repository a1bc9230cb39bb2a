//! Bank statements in: bytes to statements, in four families told apart by their content.

mod camt053;
mod common;
mod decode;
mod delimited;
mod detect;
mod mt940;
mod ofx;
mod profile;
#[cfg(test)]
mod samples;

use thiserror::Error;

pub use crate::domain::bad_line::BadLine;
use crate::domain::{
    statement::{Statement, StatementFile, StatementFormat},
    time::Date,
};

pub use profile::{Column, Columns, Continuation, Mark, Profile, ProfileError, SignRule};

/// How a statement file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The encoding that the user names, as the Encoding Standard does.
    pub encoding: Option<&'a str>,
    /// The last day that is not in the future.
    pub today: Date,
    /// What overrides the inference, for delimited text.
    pub profile: Option<&'a Profile>,
}

/// Why a file is not taken. Nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is something else, such as an HTML page or a workbook.
    #[error("the file is no bank statement but {what}")]
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

/// What a family's reader found in a text.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    /// The statements, in the order of the file.
    pub(super) statements: Vec<Statement>,
    /// What the file does not say itself and the reader decided.
    pub(super) decisions: Vec<String>,
    /// What the file proves.
    pub(super) proofs: Vec<String>,
}

/// Reads a statement file. Its family is told by its content, never by its name.
///
/// # Errors
/// [`Unreadable`]; nothing is taken of a file that cannot be read whole.
pub fn read(bytes: &[u8], options: Options<'_>) -> Result<StatementFile, Unreadable> {
    detect::refuse_known_binary(bytes)?;
    let wanted = options.encoding.or_else(|| {
        options
            .profile
            .and_then(|profile| profile.encoding.as_deref())
    });
    let decode::Decoded {
        text,
        encoding,
        how,
    } = decode::text(bytes, wanted)?;
    let format = detect::detect(&text)?;
    let mut parsed = match format {
        StatementFormat::Csv => delimited::read(&text, &options)?,
        StatementFormat::Ofx => ofx::read(&text, &options)?,
        StatementFormat::Camt053 => camt053::read(&text, &options)?,
        StatementFormat::Mt940 => mt940::read(&text, &options)?,
    };
    parsed
        .proofs
        .insert(0, format!("the text is {encoding}: {how}"));
    Ok(StatementFile {
        format,
        encoding,
        profile: options
            .profile
            .filter(|_| format == StatementFormat::Csv)
            .map(|profile| profile.name.clone()),
        decisions: parsed.decisions,
        proofs: parsed.proofs,
        statements: parsed.statements,
    })
}
