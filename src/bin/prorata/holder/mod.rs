//! `prorata holder …`

mod add;
mod block;
mod import;
mod list;
mod set;
mod show;
mod unblock;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a holder
    Add(add::Args),
    /// Change what is given of a holder
    Set(set::Args),
    /// Block a holder: no request, approval or payment
    Block(block::Args),
    /// Open a blocked holder again
    Unblock(unblock::Args),
    /// Import holders from a CSV file
    Import(import::Args),
    /// List the holders
    List(list::Args),
    /// Show a holder
    Show(show::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::Block(args) => block::run(cx, args),
            Self::Unblock(args) => unblock::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
        }
    }
}
