//! What a reader returns.

use crate::domain::statement::Statement;

/// The statements of a file, with what the file proves and what the reader decided.
#[derive(Debug, Default)]
pub(in crate::statement) struct FileContent {
    /// The statements, in the order of the file.
    pub(in crate::statement) statements: Vec<Statement>,
    /// What the file does not say and the reader decided.
    pub(in crate::statement) decisions: Vec<String>,
    /// What the file proves.
    pub(in crate::statement) proofs: Vec<String>,
}
