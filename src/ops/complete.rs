//! What completes a name that somebody began to type.

use super::Error;
use crate::store::{Choice, Choices, Ledger};

/// Finds the names that begin with what was typed, at most 50.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn names(ledger: &mut Ledger, choices: Choices, typed: &str) -> Result<Vec<Choice>, Error> {
    ledger.read(|tx| Ok(tx.choices(choices, typed)?))
}
