//! `prorata user …`

mod acknowledge;
mod add;
mod list;
mod set;
mod show;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    List(list::Args),
    Show(show::Args),
    Set(set::Args),
    Acknowledge(acknowledge::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::Acknowledge(args) => acknowledge::run(cx, args),
        }
    }
}
