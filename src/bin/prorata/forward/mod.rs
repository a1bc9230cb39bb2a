//! `prorata forward …`

mod list;
mod release;
mod write_off;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::Args),
    Release(release::Args),
    WriteOff(write_off::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(args) => list::run(cx, args),
            Self::Release(args) => release::run(cx, args),
            Self::WriteOff(args) => write_off::run(cx, args),
        }
    }
}
