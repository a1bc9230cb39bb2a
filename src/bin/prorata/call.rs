//! Which command was given.

use prorata::domain::{key::Key, session::ClaimedBy};

use crate::message::Errors;

/// Which command was given, and what its errors need to know.
pub(crate) struct Call {
    /// The words of the command, such as `bank lines`.
    pub(crate) command: String,
    /// How the acting user was named.
    pub(crate) claimed_by: ClaimedBy,
    /// How errors are printed.
    pub(crate) errors: Errors,
    /// Whether neither a flag nor a file's name settles the format.
    pub(crate) is_format_open: bool,
    /// The flags from whose names was removed what cannot be seen.
    pub(crate) cleaned: Vec<String>,
    /// Whether every question is answered with yes.
    pub(crate) yes: bool,
    /// Whether the command changes a ledger, so that a failure says that nothing was written.
    pub(crate) writes: bool,
    /// The idempotency key.
    pub(crate) key: Option<Key>,
}
