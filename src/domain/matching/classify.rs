//! What a line is about, by the words that its text begins with.

use super::{
    Line, LineClass,
    rules::{CLASS_WORDS, Direction, LEAD_WORDS, REVERSAL_WORDS},
    text::fold,
};

/// Tells what a line is about, and what of its text follows the words that say so.
pub(super) fn classify(line: &Line) -> (LineClass, String) {
    // Runs of white space are one space, so that words of two parts are found however the bank sets them.
    let text = fold(&line.description).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = text.as_str();
    let mut reversal = line.reversal;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        if let Some((class, after)) = CLASS_WORDS.iter().find_map(|(word, class)| Some((*class, begins(rest, word)?))) {
            return (class, after.to_owned());
        }
        let speaks = |direction: Direction| match direction {
            Direction::Either => true,
            Direction::Credit => !line.amount.is_negative(),
        };
        let taken_back = REVERSAL_WORDS.iter().filter(|(_, direction)| speaks(*direction));
        if let Some(after) = taken_back.into_iter().find_map(|(word, _)| begins(rest, word)) {
            reversal = true;
            rest = after;
        } else if let Some(after) =
            LEAD_WORDS.iter().find_map(|word| begins(rest, word).filter(|after| after.starts_with(' ')))
        {
            rest = after;
        } else {
            break;
        }
    }
    (if reversal { LineClass::Reversal } else { LineClass::Principal }, rest.to_owned())
}

/// Tells what follows a word that the text begins with; the word is whole, or ends in a sign itself.
fn begins<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let after = text.strip_prefix(word)?;
    let whole = word.ends_with(|c: char| !c.is_alphanumeric()) || !after.starts_with(char::is_alphanumeric);
    whole.then_some(after)
}
