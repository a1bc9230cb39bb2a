//! Command lines that the parser takes and the command refuses: exit 2.

use prorata::{domain::time::Date, report::SelectionError};
use thiserror::Error;

/// A command line that the parser takes and the command refuses.
#[derive(Debug, Error)]
pub(crate) enum Usage {
    /// A bulk command needs a yes.
    #[error("this would {verb} {what}; without a terminal it needs `--yes`")]
    NeedsYes {
        /// What would be done.
        verb: &'static str,
        /// To what.
        what: String,
    },
    /// A bulk approval needs what was reviewed.
    #[error(
        "this would {verb} {what}; without a terminal, give what was reviewed: `--hash {hash}`{}",
        expect.as_ref().map(|expect| format!(" or `--expect {expect}`")).unwrap_or_default()
    )]
    NeedsReview {
        /// What would be done.
        verb: &'static str,
        /// To what.
        what: String,
        /// The hash of the selection.
        hash: String,
        /// The number and the sum.
        expect: Option<String>,
    },
    /// The user said no.
    #[error("not confirmed; nothing was written")]
    NotConfirmed,
    /// A day in the future.
    #[error("`--as-of {date}` is in the future; its report would change")]
    AsOfInFuture {
        /// The date.
        date: Date,
    },
    /// The operating system's user has no name.
    #[error(
        "the operating system has no name for this user; name a user of the ledger with `--as`"
    )]
    NoActor,
    /// No command and no topic has this name.
    #[error("there is no command or topic `{given}`")]
    NoTopic {
        /// What was given.
        given: String,
        /// What is most like it.
        nearest: Option<String>,
    },
    /// Rows or fields that a list does not have.
    #[error(transparent)]
    Rows(#[from] SelectionError),
    /// An argument that only the command can check.
    #[error("{0}")]
    Invalid(String),
}

impl Usage {
    /// The stable code.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NeedsYes { .. } => "usage.needs_yes",
            Self::NeedsReview { .. } => "usage.needs_review",
            Self::NotConfirmed => "usage.not_confirmed",
            Self::AsOfInFuture { .. } => "usage.as_of_in_future",
            Self::NoActor => "usage.no_actor",
            Self::Rows(SelectionError::UnknownField { .. }) => "usage.unknown_field",
            Self::Rows(SelectionError::Value { .. } | SelectionError::NothingToSearch)
            | Self::NoTopic { .. }
            | Self::Invalid(_) => "usage.invalid",
        }
    }
}

/// Refuses a period that ends before it begins: its empty report would look like one in which
/// nothing happened.
pub(crate) fn check_period(from: Option<Date>, to: Option<Date>) -> Result<(), Usage> {
    match from.zip(to).filter(|(from, to)| from > to) {
        Some((from, to)) => Err(Usage::Invalid(format!(
            "the period ends on {to}, before it begins on {from}"
        ))),
        None => Ok(()),
    }
}
