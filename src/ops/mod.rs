//! What the commands do: one function, one transaction, its entries in the audit trail.
//!
//! An operation reads through `store`, decides through `domain` and writes through `store`. It
//! knows no SQL and no rule, and prints nothing: what it lists it hands row by row to a [`Sink`].

pub mod audit;
pub mod bank;
mod books;
pub mod complete;
pub mod event;
pub mod export;
pub mod forward;
pub mod history;
pub mod holder;
pub mod ledger;
mod named;
pub mod nav;
mod pages;
pub mod payment;
pub mod project;
pub mod proposal;
mod propose;
pub mod report;
mod requests;
pub mod reserve;
mod rows;
pub mod tax;
pub mod token;
pub mod user;
pub mod withdrawal;

use crate::{
    domain::{Refused, activity::Concern, code::NotACode, event::Event, withdrawal::Withdrawal},
    intake::BadLine,
    statement::StatementError,
    store,
};

/// Why an operation did not succeed. Nothing was written, but for a commit whose outcome is not
/// known.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule refused it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Rules refused some of many things; none was done.
    #[error("{} of {of} are refused", refusals.len())]
    Many {
        /// What was refused, each under its name.
        refusals: Vec<(String, Refused)>,
        /// How many things there were.
        of: u64,
    },
    /// Lines of a file are bad; none was taken.
    #[error("{} bad {}", distinct(lines), if distinct(lines) == 1 { "line" } else { "lines" })]
    BadLines {
        /// Every bad line.
        lines: Vec<BadLine>,
        /// The first refusal of a rule among them.
        refused: Option<Refused>,
    },
    /// A bank statement cannot be read.
    #[error(transparent)]
    Unreadable(StatementError),
    /// A payment does not fit into the layout of a payment file.
    #[error("{0}")]
    Unfileable(String),
    /// The code that was made for an event is not a code.
    #[error("{0}; give the event a code of its own")]
    Code(#[from] NotACode),
    /// The ledger file could not be used.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What was listed could not be handed on.
    #[error(transparent)]
    Output(OutputError),
}

/// Counts the lines themselves: one line may be bad for more than one reason.
fn distinct(lines: &[BadLine]) -> usize {
    lines
        .iter()
        .map(|bad| bad.line)
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

/// What a sink answers when it cannot take a row.
pub type OutputError = Box<dyn std::error::Error + Send + Sync>;

/// Takes the rows of a list, one after the other.
pub type Sink<'a, T> = &'a mut dyn FnMut(T) -> Result<(), OutputError>;

impl store::Refusal for Error {
    fn refused(&self) -> Option<&Refused> {
        match self {
            // A question is answered, and the command runs again.
            Self::Refused(refused) => (!refused.is_question()).then_some(refused),
            Self::Many { refusals, .. } => refusals.first().map(|(_, refused)| refused),
            Self::BadLines { refused, .. } => refused.as_ref(),
            Self::Code(_)
            | Self::Unreadable(_)
            | Self::Unfileable(_)
            | Self::Store(_)
            | Self::Output(_) => None,
        }
    }

    fn store(&self) -> Option<&store::Error> {
        match self {
            Self::Store(error) => Some(error),
            Self::Code(_)
            | Self::Unreadable(_)
            | Self::Unfileable(_)
            | Self::Refused(_)
            | Self::Many { .. }
            | Self::BadLines { .. }
            | Self::Output(_) => None,
        }
    }
}

impl From<Vec<BadLine>> for Error {
    fn from(lines: Vec<BadLine>) -> Self {
        Self::BadLines {
            lines,
            refused: None,
        }
    }
}

impl From<StatementError> for Error {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::BadLines { lines } => Self::from(lines),
            StatementError::NotAStatement { .. }
            | StatementError::Encoding { .. }
            | StatementError::NoSheet { .. }
            | StatementError::Undecided { .. }
            | StatementError::Empty { .. } => Self::Unreadable(error),
        }
    }
}

/// Names what a step about an event concerns.
fn about_event(event: &Event) -> Concern {
    Concern {
        project: Some(event.project.id),
        event: Some(event.event.id),
        withdrawal: None,
    }
}

/// Names what a step about a withdrawal concerns.
fn about_withdrawal(withdrawal: &Withdrawal) -> Concern {
    Concern {
        project: Some(withdrawal.project.id),
        event: Some(withdrawal.event.id),
        withdrawal: Some(withdrawal.id),
    }
}
