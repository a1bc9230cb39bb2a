//! What is wrong with a line of a file that someone brought.

use std::{cmp::Ordering, fmt};

/// How many bad lines of a register or a list are reported: enough for every real list, and a bound
/// for a file of nothing but line ends.
pub(crate) const OF_A_LIST: usize = 1_000_000;

/// How many bad lines of a bank statement are reported: enough for every real statement, and a
/// bound for a file that is not a statement and has nothing but short bad lines.
pub(crate) fn of_a_statement(text: &str) -> usize {
    (text.len() / 20).clamp(10_000, OF_A_LIST)
}

/// What is wrong with a line of a file. An account number is never repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The line, counted from 1, or 0 for the file as a whole.
    pub line: u64,
    /// The column, if only one is wrong.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// The code of the rule that refuses it, if it can be read.
    pub code: Option<&'static str>,
}

/// Adds a bad line to those of a file, of which at most `most` are reported. The last one then says
/// that there are more.
pub(crate) fn note(lines: &mut Vec<BadLine>, bad: BadLine, most: usize) {
    match lines.len().cmp(&most) {
        Ordering::Less => lines.push(bad),
        Ordering::Equal => {
            let reason = format!(
                "this line is bad too, and others below may be: no more than {most} are listed"
            );
            lines.push(BadLine {
                code: None,
                column: None,
                reason,
                ..bad
            });
        }
        Ordering::Greater => {}
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "{}: {column}: {}", self.line, self.reason),
            None => write!(f, "{}: {}", self.line, self.reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_nothing_but_bad_lines_says_that_there_are_more() {
        let mut lines = Vec::new();
        for line in 1..=300 {
            let bad = BadLine {
                code: None,
                line,
                column: Some("amount".to_owned()),
                reason: "no number".to_owned(),
            };
            note(&mut lines, bad, 100);
        }
        let last = lines.last().map(ToString::to_string).unwrap_or_default();
        assert_eq!(lines.len(), 101);
        assert!(
            last.starts_with(
                "101: this line is bad too, and others below may be: no more than 100"
            ),
            "{last}"
        );
    }
}
