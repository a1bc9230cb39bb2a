//! `prorata audit …`

mod head;
mod log;
mod verify;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the entries of the audit trail
    Log(log::Args),
    /// Show the head of the audit trail
    Head(head::Args),
    /// Verify the trail and every row against it; exit 3 where something differs
    ///
    /// Every entry is hashed again, and every row is compared with the hash that the last entry which
    /// wrote it committed to. The rows are read from the tables; indexes are not looked at, `prorata
    /// check` checks them.
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
