//! Words that people write: names, titles, reasons, notes.

use std::borrow::Cow;

use thiserror::Error;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadText {
    /// It has a control character, which could rewrite a terminal.
    #[error("the text has a control character; write letters, digits and signs")]
    Control,
    /// It is longer than 1,000 characters.
    #[error("the text is longer than 1,000 characters")]
    TooLong,
    /// It has a character that cannot be seen, so that two texts look the same and are not.
    #[error("the text has a character that cannot be seen; write it again without it")]
    Invisible,
    /// It has nothing but spaces.
    #[error("the text is empty")]
    Empty,
}

/// Checks words and drops the spaces around them.
///
/// # Errors
/// [`BadText`].
pub fn words(text: &str) -> Result<String, BadText> {
    let trimmed = text.trim();
    if trimmed.chars().any(is_control) {
        return Err(BadText::Control);
    }
    if trimmed.chars().count() > 1_000 {
        return Err(BadText::TooLong);
    }
    if trimmed.is_empty() {
        Err(BadText::Empty)
    } else {
        Ok(trimmed.to_owned())
    }
}

/// Checks a name as [`words`], after every character that cannot be seen is removed: programs for
/// offices and messages leave them in what is copied.
///
/// # Errors
/// [`BadText`].
pub fn name(text: &str) -> Result<String, BadText> {
    words(&visible(text))
}

/// Checks a reference as [`words`], and writes letters of full width as others have them. A reference
/// is compared with those of others, so a character that cannot be seen is refused.
///
/// # Errors
/// [`BadText`].
pub fn reference(text: &str) -> Result<String, BadText> {
    if text.contains(is_invisible) {
        return Err(BadText::Invisible);
    }
    words(&text.chars().map(narrow).collect::<String>())
}

/// Writes a reference as it is compared: without case and width.
pub fn folded(reference: &str) -> String {
    let narrow = reference.trim().chars().map(narrow);
    narrow.flat_map(char::to_lowercase).collect()
}

/// Removes every character that cannot be seen.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(is_invisible) {
        Cow::Owned(text.replace(is_invisible, ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Returns whether a character has no shape of its own and can hide in a text.
///
/// # Source
/// Unicode 17: the general categories Cf, Zl and Zp, the fillers of Hangul, and the blank of Braille.
pub const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
        | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// Writes a letter or sign of full width as the usual one.
pub fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

/// Writes numbers one after the other, the first ten of them.
pub fn listed(numbers: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    const LISTED: usize = 10;
    let mut numbers = numbers.into_iter().map(|number| number.to_string());
    let mut shown: Vec<String> = numbers.by_ref().take(LISTED).collect();
    if numbers.next().is_some() {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

/// Shows what was written in a message: at most so many characters, and none that a terminal would
/// obey.
pub fn excerpt(text: &str, most: usize) -> String {
    let shown = |c: char| if is_control(c) { '\u{fffd}' } else { c };
    let mut signs = text.chars();
    let mut excerpt: String = signs.by_ref().take(most).map(shown).collect();
    if signs.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Returns whether a character is a control character, or a mark that turns the direction of what
/// follows.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_rewrite_a_terminal_is_refused() {
        assert_eq!(words(" Adaeze  Obi "), Ok("Adaeze  Obi".to_owned()));
        assert_eq!(words("\u{1b}[2J"), Err(BadText::Control));
        assert_eq!(words("a\nb"), Err(BadText::Control));
        assert_eq!(words("abc\u{202e}fdp"), Err(BadText::Control));
        assert_eq!(excerpt("a\nb\u{1b}c", 4), "a\u{fffd}b\u{fffd}…");
        assert_eq!(excerpt("1,250", 40), "1,250");
        assert_eq!(words("  "), Err(BadText::Empty));
        assert_eq!(words(&"x".repeat(1_001)), Err(BadText::TooLong));
    }

    #[test]
    fn what_cannot_be_seen_is_removed_from_names_and_refused_in_references() {
        for c in [
            '\u{ad}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2028}',
            '\u{2029}',
            '\u{2060}',
            '\u{feff}',
            '\u{115f}',
            '\u{1160}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{2800}',
            '\u{e0041}',
        ] {
            let text = format!("Ada{c} Obi");
            assert_eq!(
                name(&text),
                Ok("Ada Obi".to_owned()),
                "{}",
                c.escape_unicode()
            );
            assert_eq!(
                reference(&text),
                Err(BadText::Invisible),
                "{}",
                c.escape_unicode()
            );
        }
        assert_eq!(name("\u{200b}\u{3164}"), Err(BadText::Empty));
        assert_eq!(name("Ọláwálé \u{1b}"), Err(BadText::Control));
        assert_eq!(
            name("Ọláwálé Łódź 株式会社"),
            Ok("Ọláwálé Łódź 株式会社".to_owned())
        );
    }

    #[test]
    fn references_are_the_same_whatever_their_case_and_width() {
        assert_eq!(reference(" ＴＲＸ－１　ａ "), Ok("TRX-1 a".to_owned()));
        assert_eq!(folded("ＴＲＸ－１É"), "trx-1é");
        assert_eq!(folded(" trx-1é "), folded("TRX-1É"));
        assert_ne!(folded("trx-1"), folded("trx1"));
    }
}
