//! `prorata export …`

mod beancount;
mod hledger;

use crate::{open::Context, present::Outcome};
use clap::Subcommand;

/// The layouts.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Hledger(hledger::Args),
    Beancount(beancount::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Hledger(args) => hledger::run(cx, args),
            Self::Beancount(args) => beancount::run(cx, args),
        }
    }
}
