//! `prorata nav …`

mod list;
mod set;

use clap::Subcommand;

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Record a net asset value at a date
    Set(set::Args),
    /// List the net asset values of a project
    List(list::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Set(args) => set::run(cx, args),
            Self::List(args) => list::run(cx, args),
        }
    }
}
