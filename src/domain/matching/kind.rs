//! What a line is about, by the words that its text begins with.

use std::borrow::Cow;

use super::{
    line::{Line, LineKind},
    rules::{Direction, KIND_WORDS, LEAD_WORDS, REVERSAL_WORDS},
    text::fold,
};
use crate::domain::{signed::Signed, statement::StatementLine};

/// Returns what a line is about, and what of its text follows the words that say so.
pub(super) fn read(line: &Line) -> (LineKind, String) {
    let text = fold(&line.description);
    let text = one_spaced(&text);
    let (kind, rest) = read_text(&text, line.amount, line.reversal);
    (kind, rest.to_owned())
}

/// Returns what a line is about, by the bank's words.
pub fn kind_of(line: &Line) -> LineKind {
    of_text(&line.description, line.amount, line.reversal)
}

/// Returns what a line of a statement is about that has no number yet.
pub fn kind_of_statement_line(line: &StatementLine) -> LineKind {
    of_text(&line.description, line.amount, line.reversal)
}

/// Returns what a line is about by its text and amount, and whether its format marks it as a
/// reversal.
fn of_text(description: &str, amount: Signed, reversal: bool) -> LineKind {
    let text = fold(description);
    read_text(&one_spaced(&text), amount, reversal).0
}

/// Makes runs of white space one space, so that words of two parts are found however the bank sets
/// them.
fn one_spaced(text: &str) -> Cow<'_, str> {
    let is_spaced = text
        .split(' ')
        .all(|word| !word.is_empty() && !word.contains(char::is_whitespace));
    if is_spaced {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn read_text(text: &str, amount: Signed, mut reversal: bool) -> (LineKind, &str) {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some((kind, after)) = KIND_WORDS
            .iter()
            .find_map(|(word, kind)| Some((*kind, begins(rest, word)?)))
        {
            return (kind, after);
        }
        let speaks = |direction: Direction| match direction {
            Direction::Either => true,
            Direction::Credit => !amount.is_negative(),
        };
        let taken_back = REVERSAL_WORDS
            .iter()
            .filter(|(_, direction)| speaks(*direction));
        if let Some(after) = taken_back
            .into_iter()
            .find_map(|(word, _)| begins(rest, word))
        {
            reversal = true;
            rest = after;
        } else if let Some(after) = LEAD_WORDS
            .iter()
            .find_map(|word| begins(rest, word).filter(|after| after.starts_with(' ')))
        {
            rest = after;
        } else {
            break;
        }
    }
    (
        if reversal {
            LineKind::Reversal
        } else {
            LineKind::Principal
        },
        rest,
    )
}

/// Returns what follows a word that the text begins with; the word is whole, or ends in a sign
/// itself.
pub(super) fn begins<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    // Most words begin with another letter, and looking at that first costs less than comparing
    // them.
    if text.as_bytes().first() != word.as_bytes().first() {
        return None;
    }
    let after = text.strip_prefix(word)?;
    let whole =
        word.ends_with(|c: char| !c.is_alphanumeric()) || !after.starts_with(char::is_alphanumeric);
    whole.then_some(after)
}
