//! What a cell or a row means by itself: an amount, a balance, a placeholder, words.

use super::{
    super::direction::Direction,
    labels::{self, BalanceKind},
};
use crate::domain::signed::Signed;

/// Which column the amount of a line is in and how it is marked. What its sign may mean depends on
/// this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AmountForm {
    /// An amount without any mark.
    Unmarked,
    /// An amount with a plus or a minus.
    Signed,
    /// An amount marked as money in.
    In,
    /// An amount marked as money out.
    Out,
    /// The debit column.
    Debit,
    /// The credit column.
    Credit,
}

/// An amount as a row states it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Movement {
    pub(super) amount: Signed,
    pub(super) form: AmountForm,
}

/// The amount in a cell.
#[derive(Clone, Copy)]
pub(super) struct CellAmount {
    pub(super) value: Signed,
    pub(super) signed: bool,
    pub(super) direction: Option<Direction>,
}

impl CellAmount {
    /// Returns the value in a debit or credit column. A mark that contradicts the column turns it.
    pub(super) fn within(self, column: Direction) -> Signed {
        if self.direction.is_some_and(|own| own != column) {
            self.value.negated()
        } else {
            self.value
        }
    }
}

/// What a row with a date is.
pub(super) enum DatedRow {
    Line(Movement),
    Balance(BalanceKind, Signed),
    /// The words of a balance or a sum without its figure.
    Nothing,
    NoAmount,
}

/// Decides what a row with a date is. A balance may also be in the column of amounts, if the words
/// say so.
pub(super) fn dated_row(
    movement: Option<Movement>,
    balance: Option<Signed>,
    description: &str,
) -> DatedRow {
    let label = labels::balance_label(description);
    match (movement, balance, label) {
        (None, Some(balance), label) => {
            DatedRow::Balance(label.unwrap_or(BalanceKind::Unnamed), balance)
        }
        (None, None, Some(_)) => DatedRow::Nothing,
        (None, None, None) if labels::is_total(description) => DatedRow::Nothing,
        (None, None, None) => DatedRow::NoAmount,
        (Some(Movement { amount, .. }), Some(balance), Some(kind))
            if amount.is_zero() || amount.magnitude() == balance.magnitude() =>
        {
            DatedRow::Balance(kind, balance)
        }
        (Some(Movement { amount, form }), None, Some(kind)) => DatedRow::Balance(
            kind,
            if matches!(form, AmountForm::Debit | AmountForm::Out) && !amount.is_negative() {
                amount.negated()
            } else {
                amount
            },
        ),
        (Some(Movement { amount, .. }), Some(balance), None)
            if amount.is_zero() && description.is_empty() =>
        {
            DatedRow::Balance(BalanceKind::Unnamed, balance)
        }
        (Some(movement), _, _) => DatedRow::Line(movement),
    }
}

/// Returns whether the cell of a value date says that there is none.
pub(super) fn is_empty_date(cell: &str) -> bool {
    cell.chars()
        .all(|c| matches!(c, '0' | '-' | '/' | '.' | ' '))
}

/// Returns whether a cell only fills the place of an id.
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

/// Returns a text as one line: white space and control characters become single spaces.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    push_words(&mut line, text);
    line
}

/// Adds words to a text, with single spaces between them.
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
    fn a_placeholder_is_not_an_id() {
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
