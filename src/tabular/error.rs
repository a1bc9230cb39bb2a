//! Why a file cannot be read as a table.

use thiserror::Error;

/// Why a file cannot be read as a table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FileError {
    /// The file is something else, such as a PDF document or a damaged workbook.
    #[error("the file is not a table but {what}")]
    NotATable {
        /// What the file is.
        what: String,
    },
    /// Its bytes are not text in the encoding.
    #[error("the file's text cannot be read: {detail}")]
    Encoding {
        /// What is wrong.
        detail: String,
    },
    /// The workbook has no sheet of the name, or the file has no sheets.
    #[error("there is no sheet `{name}`; {others}")]
    NoSheet {
        /// The name.
        name: String,
        /// What there is.
        others: String,
    },
}

impl FileError {
    /// Says that the file is something else.
    pub(crate) fn not_a_table(what: impl Into<String>) -> Self {
        Self::NotATable { what: what.into() }
    }
}
