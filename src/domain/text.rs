//! Words that people write: names, titles, reasons, notes.

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
}
