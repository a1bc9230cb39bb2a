//! The bad lines of a file.

use super::super::error::StatementError;
use crate::domain::bad_line::{BadLine, note, of_a_statement};

/// The bad lines of a file. A file with one is refused.
#[derive(Debug)]
pub(in crate::statement) struct BadLines {
    lines: Vec<BadLine>,
    /// How many are kept.
    most: usize,
    /// Whether it was noted that the file holds too many statements.
    crowded: bool,
}

impl BadLines {
    /// Creates an empty list, with room for the bad lines of a text of this length.
    pub(in crate::statement) fn of(text: &str) -> Self {
        Self {
            lines: Vec::new(),
            most: of_a_statement(text),
            crowded: false,
        }
    }

    /// Notes what is wrong in a column of a line.
    pub(in crate::statement) fn push(
        &mut self,
        line: u64,
        column: &str,
        reason: impl Into<String>,
    ) {
        note(
            &mut self.lines,
            BadLine {
                code: None,
                line,
                column: Some(column.to_owned()),
                reason: reason.into(),
            },
            self.most,
        );
    }

    /// Returns the value of a result, or notes the reason why there is none.
    pub(in crate::statement) fn take<T>(
        &mut self,
        line: u64,
        column: &str,
        read: Result<T, String>,
    ) -> Option<T> {
        read.map_err(|reason| self.push(line, column, reason)).ok()
    }

    /// Notes, once, that the file holds too many statements.
    pub(in crate::statement) fn push_crowded(&mut self, most: usize) {
        if self.crowded {
            return;
        }
        self.crowded = true;
        self.lines.push(BadLine {
            code: None,
            line: 0,
            column: None,
            reason: format!("the file contains more than {most} statements; split it"),
        });
    }

    /// Refuses the file if any line is bad.
    ///
    /// # Errors
    /// [`StatementError::BadLines`] with every bad line, in the order of the file.
    pub(in crate::statement) fn refuse(mut self) -> Result<(), StatementError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        self.lines.sort_by_key(|bad| bad.line);
        Err(StatementError::BadLines { lines: self.lines })
    }
}
