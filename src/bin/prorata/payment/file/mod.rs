//! `prorata payment file …`

mod cancel;
mod create;
mod export;
mod list;
mod show;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lock approved withdrawals to a payment file
    Create(create::Args),
    /// Write a payment file for the bank; the same bytes every time
    Export(export::Args),
    /// List the payment files
    List(list::Args),
    /// Show a payment file and its payments
    Show(show::Args),
    /// Cancel a payment file: its withdrawals are free again
    Cancel(cancel::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Create(args) => create::run(cx, args),
            Self::Export(args) => export::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Cancel(args) => cancel::run(cx, args),
        }
    }
}
