//! Which withdrawals a command is about.

use prorata::ops::withdrawal::Selection;

/// Named withdrawals, or all of an event.
#[derive(Debug, clap::Args)]
pub(crate) struct WithdrawalSelection {
    /// Withdrawal codes, for example W-000001 W-000002
    #[arg(
        value_name = "WITHDRAWAL",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    withdrawals: Vec<String>,
    /// Event code, for example MARINA-2025-Q4; needs --all
    #[arg(long, value_name = "EVENT", requires = "all")]
    event: Option<String>,
    /// Every withdrawal of the event that can be changed so
    #[arg(long, requires = "event")]
    all: bool,
}

impl From<WithdrawalSelection> for Selection {
    fn from(flags: WithdrawalSelection) -> Self {
        match flags.event {
            Some(event) => Self::AllOf(event),
            None => Self::These(flags.withdrawals),
        }
    }
}
