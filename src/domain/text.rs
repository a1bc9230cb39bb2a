//! Words that people write: names, titles, reasons, notes.

use thiserror::Error;

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadText {
    /// A control character stands in it; it could rewrite a terminal.
    #[error("a control character stands in the text; write letters, digits and signs")]
    Control,
    /// It is longer than 1,000 characters.
    #[error("the text is longer than 1,000 characters")]
    TooLong,
    /// Nothing but spaces stands in it.
    #[error("the text is empty")]
    Empty,
}

/// Checks words and takes the spaces around them away.
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
    if trimmed.is_empty() { Err(BadText::Empty) } else { Ok(trimmed.to_owned()) }
}

/// Tells control characters, and the marks that turn the direction of what follows.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
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
        assert_eq!(words("  "), Err(BadText::Empty));
        assert_eq!(words(&"x".repeat(1_001)), Err(BadText::TooLong));
    }
}
