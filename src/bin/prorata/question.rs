//! A question on a terminal that is answered with yes or no.

use dialoguer::{Confirm, console::Term};

/// Asks a question; no if there is no answer.
pub(crate) fn agree(question: &str) -> bool {
    Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact_on(&Term::stderr())
        .unwrap_or(false)
}
