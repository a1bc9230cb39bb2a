//! What a cell or a row of them says by itself: an amount, a balance, a placeholder, words.

use super::{
    money::Direction,
    preamble,
    table::{Source, Which},
};
use crate::domain::signed::Signed;

/// An amount cell, read.
#[derive(Clone, Copy)]
pub(super) struct Money {
    pub(super) value: Signed,
    pub(super) signed: bool,
    pub(super) direction: Option<Direction>,
}

impl Money {
    /// Tells the value in a column of its own; a mark that contradicts the column turns it.
    pub(super) fn within(self, column: Direction) -> Signed {
        if self.direction.is_some_and(|own| own != column) {
            self.value.negated()
        } else {
            self.value
        }
    }
}

/// What a dated row is.
pub(super) enum Row {
    Line(Signed, Source),
    Balance(Which, Signed),
    /// A balance's or sum's words without its figure.
    Nothing,
    NoAmount,
}

/// Tells lines from balances. A balance may stand in the column of amounts too, if the words say
/// so.
pub(super) fn balance_row(
    movement: Option<(Signed, Source)>,
    balance: Option<Signed>,
    description: &str,
) -> Row {
    let label = preamble::balance_label(description);
    match (movement, balance, label) {
        (None, Some(balance), label) => Row::Balance(label.unwrap_or(Which::Unnamed), balance),
        (None, None, Some(_)) => Row::Nothing,
        (None, None, None) if preamble::is_total(description) => Row::Nothing,
        (None, None, None) => Row::NoAmount,
        (Some((amount, _)), Some(balance), Some(which))
            if amount.is_zero() || amount.magnitude() == balance.magnitude() =>
        {
            Row::Balance(which, balance)
        }
        (Some((amount, source)), None, Some(which)) => Row::Balance(
            which,
            if matches!(source, Source::Debit | Source::Out) && !amount.is_negative() {
                amount.negated()
            } else {
                amount
            },
        ),
        (Some((amount, _)), Some(balance), None) if amount.is_zero() && description.is_empty() => {
            Row::Balance(Which::Unnamed, balance)
        }
        (Some((amount, source)), _, _) => Row::Line(amount, source),
    }
}

/// Tells whether a value date's cell says that there is none.
pub(super) fn is_no_date(cell: &str) -> bool {
    cell.chars()
        .all(|c| matches!(c, '0' | '-' | '/' | '.' | ' '))
}

/// Tells whether a cell only fills the place of an id.
pub(super) fn is_placeholder(cell: &str) -> bool {
    const WORDS: [&str; 12] = [
        "nonref",
        "notprovided",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "not provided",
        "no ref",
        "noref",
        "unknown",
        "#n/a",
    ];
    let mut characters = cell.chars();
    let first = characters.next();
    let same = first.is_some_and(|first| characters.all(|next| next == first || next == ' '));
    first.is_none() || same || WORDS.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

/// Writes a text as one line: white space and control characters become single spaces.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    push_words(&mut line, text);
    line
}

/// Adds words to a text, single spaces between them.
pub(super) fn push_words(line: &mut String, text: &str) {
    let is_gap = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    for word in text.split(is_gap).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_no_ids() {
        for cell in [
            "",
            "0",
            "000000",
            "-",
            "----",
            "N/A",
            "nonref",
            "NOTPROVIDED",
            "xxxx",
            "0 0",
        ] {
            assert!(is_placeholder(cell), "{cell}");
        }
        for cell in ["S2201", "0010", "12"] {
            assert!(!is_placeholder(cell), "{cell}");
        }
    }

    #[test]
    fn a_description_is_one_line() {
        assert_eq!(one_line(" NIP\u{0}TRF\r\n  TO\u{202e}\tX "), "NIP TRF TO X");
    }
}
