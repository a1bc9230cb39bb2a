//! `prorata payment …`

mod file;
mod list;
mod r#return;
mod show;

use clap::Subcommand;

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the payments
    List(list::Args),
    /// Show a payment
    Show(show::Args),
    /// Note that the bank sent a payment back
    Return(r#return::Args),
    /// Payment files for the bank's bulk upload
    #[command(subcommand)]
    File(file::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Return(args) => r#return::run(cx, args),
            Self::File(command) => command.run(cx),
        }
    }
}

/// The states of payments, as the command line names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum StatusName {
    /// Recorded by a user
    Recorded,
    /// Found on the bank's statement
    Reconciled,
    /// Sent back by the bank
    Returned,
}

impl From<StatusName> for prorata::domain::payment::PaymentStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Recorded => Self::Recorded,
            StatusName::Reconciled => Self::Reconciled,
            StatusName::Returned => Self::Returned,
        }
    }
}
