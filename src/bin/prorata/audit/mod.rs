//! `prorata audit …`

mod head;
mod log;
mod verify;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Log(log::Args),
    Head(head::Args),
    Verify(verify::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Log(args) => log::run(cx, args),
            Self::Head(args) => head::run(cx, args),
            Self::Verify(args) => verify::run(cx, args),
        }
    }
}
