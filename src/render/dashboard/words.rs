//! Words on the page.

use crate::render::{html::escaped, text};

/// Makes words of a person harmless and markup of them words.
pub(super) fn shown(words: &str) -> String {
    escaped(&text::clean(words))
}

/// Writes a heading with a capital letter.
pub(super) fn capital(heading: &str) -> String {
    let mut signs = heading.chars();
    signs.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(signs).collect()
    })
}
