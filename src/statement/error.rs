//! Why a statement file is refused.

use thiserror::Error;

use crate::{domain::bad_line::BadLine, tabular::FileError};

/// Why a statement file is refused. Nothing of it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StatementError {
    /// The file is something else, such as an HTML page or a workbook.
    #[error("the file is not a bank statement but {what}")]
    NotAStatement {
        /// What the file is.
        what: String,
    },
    /// Its bytes are not text in the encoding.
    #[error("the file's text cannot be read: {detail}")]
    Encoding {
        /// What is wrong.
        detail: String,
    },
    /// The file does not prove how to read it, so a profile must say it.
    #[error("{}{detail}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    Undecided {
        /// The line, if it is a line.
        line: Option<u64>,
        /// What is not proven.
        detail: String,
    },
    /// The file has the right form and contains no statement.
    #[error("the file contains no statement: {detail}")]
    Empty {
        /// What is missing.
        detail: String,
    },
    /// The workbook has no sheet of the name.
    #[error("there is no sheet `{name}`; {others}")]
    NoSheet {
        /// The name.
        name: String,
        /// What there is.
        others: String,
    },
    /// Lines cannot be read.
    #[error("{} bad {}", lines.len(), if lines.len() == 1 { "line" } else { "lines" })]
    BadLines {
        /// Every bad line.
        lines: Vec<BadLine>,
    },
}

impl From<FileError> for StatementError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotATable { what } => Self::NotAStatement { what },
            FileError::Encoding { detail } => Self::Encoding { detail },
            FileError::NoSheet { name, others } => Self::NoSheet { name, others },
        }
    }
}
