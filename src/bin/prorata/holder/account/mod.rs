//! `prorata holder account …`

mod list;
mod remove;
mod set;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Set(set::Args),
    List(list::Args),
    Remove(remove::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Set(args) => set::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Remove(args) => remove::run(cx, args),
        }
    }
}
