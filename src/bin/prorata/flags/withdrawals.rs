//! Which withdrawals a command is about.

use std::path::Path;

use prorata::ops::withdrawal::Selection;

use crate::usage::Usage;

/// Named withdrawals, or all of an event.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct WithdrawalSelection {
    /// Withdrawal codes, for example W-000001 W-000002
    #[arg(
        value_name = "WITHDRAWAL",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    withdrawals: Vec<String>,
    /// Event code, for example MARINA-2025-Q4; needs --all
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Every withdrawal of the event that can be changed so
    #[arg(long, requires = "event")]
    all: bool,
}

/// What a question names.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// The withdrawals that are named.
    Names,
    /// All of an event.
    AllOf(&'a str),
    /// All of an event that was not said to be all: it is asked about even if it is only one.
    Event(&'a str),
    /// Those of a cancelled event.
    With(&'a str),
    /// Those of a file.
    File(&'a Path),
}

impl WithdrawalSelection {
    /// Refuses an event without `--all`, unless it is asked about.
    pub(crate) fn check(&self, asks: bool) -> Result<(), Usage> {
        match &self.event {
            Some(event) if !self.all && !asks => Err(Usage::Invalid(format!(
                "`--event {event}` needs `--all`: it is about every withdrawal of the event"
            ))),
            Some(_) | None => Ok(()),
        }
    }

    /// Returns what a question names.
    pub(crate) fn source(&self) -> Source<'_> {
        match &self.event {
            Some(event) if self.all => Source::AllOf(event),
            Some(event) => Source::Event(event),
            None => Source::Names,
        }
    }
}

impl From<WithdrawalSelection> for Selection {
    fn from(flags: WithdrawalSelection) -> Self {
        match flags.event {
            Some(event) => Self::AllOf(event),
            None => Self::These(flags.withdrawals),
        }
    }
}
