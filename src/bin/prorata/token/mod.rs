//! `prorata token …`

mod history;
mod import;
mod issue;
mod redeem;
mod register;
mod transfer;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Issue tokens to a holder
    Issue(issue::Args),
    /// Transfer tokens from one holder to another
    Transfer(transfer::Args),
    /// Redeem tokens of a holder
    Redeem(redeem::Args),
    /// Import a cap table or entries from a CSV file
    Import(import::Args),
    /// Show the holdings of a project
    Register(register::Args),
    /// List the entries of a project
    History(history::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Issue(args) => issue::run(cx, args),
            Self::Transfer(args) => transfer::run(cx, args),
            Self::Redeem(args) => redeem::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::Register(args) => register::run(cx, args),
            Self::History(args) => history::run(cx, args),
        }
    }
}
