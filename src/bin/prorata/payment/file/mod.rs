//! `prorata payment file …`

mod cancel;
mod create;
mod drop;
mod export;
mod list;
mod show;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(create::Args),
    Export(export::Args),
    List(list::Args),
    Show(show::Args),
    Drop(drop::Args),
    Cancel(cancel::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Create(args) => create::run(cx, args),
            Self::Export(args) => export::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Drop(args) => drop::run(cx, args),
            Self::Cancel(args) => cancel::run(cx, args),
        }
    }
}
