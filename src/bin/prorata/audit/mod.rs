//! `prorata audit …`

mod head;
mod log;
mod verify;

use clap::Subcommand;

use crate::{context::Context, exit::Exit};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the entries of the audit trail
    Log(log::Args),
    /// Show the head of the audit trail
    Head(head::Args),
    /// Verify the trail and every row against it; exit 3 where something differs
    Verify(verify::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Log(args) => log::run(cx, args),
            Self::Head(args) => head::run(cx, args),
            Self::Verify(args) => verify::run(cx, args),
        }
    }
}
