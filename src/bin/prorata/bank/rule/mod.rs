//! `prorata bank rule …`

mod add;
mod list;
mod remove;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    List(list::Args),
    Remove(remove::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Remove(args) => remove::run(cx, args),
        }
    }
}
