//! What is wrong with a line of a file that someone brought.

use std::fmt;

/// How many bad lines of a file are listed: all of any register, and not all of a file of nothing but line ends.
const LISTED: usize = 1_000_000;

/// What is wrong with a line of a file. An account number is never repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// The line, counted from 1, or 0 for the file as a whole.
    pub line: u64,
    /// The column, where it is one.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: String,
}

/// Adds a bad line to those of a file. Behind the last that is listed stands that there are more.
pub(crate) fn note(lines: &mut Vec<BadLine>, bad: BadLine) {
    match lines.len() {
        0..LISTED => lines.push(bad),
        LISTED => {
            let reason = "this line is bad too, and others below may be: no more than 1,000,000 are listed".to_owned();
            lines.push(BadLine { column: None, reason, ..bad });
        }
        _ => {}
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
        for line in 1..=1_000_020 {
            note(&mut lines, BadLine { line, column: Some("amount".to_owned()), reason: "no number".to_owned() });
        }
        let last = lines.last().map(ToString::to_string).unwrap_or_default();
        assert_eq!(lines.len(), LISTED + 1);
        assert!(last.starts_with("1000001: this line is bad too"), "{last}");
    }
}
