//! `prorata event …`

pub(crate) mod allocations;
mod approve;
mod calculate;
mod cancel;
mod create;
mod explain;
mod list;
mod show;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(create::Args),
    Calculate(calculate::Args),
    Approve(approve::Args),
    Cancel(cancel::Args),
    List(list::Args),
    Show(show::Args),
    Allocations(allocations::Args),
    Explain(explain::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Create(args) => create::run(cx, args),
            Self::Calculate(args) => calculate::run(cx, args),
            Self::Approve(args) => approve::run(cx, args),
            Self::Cancel(args) => cancel::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Allocations(args) => allocations::run(cx, args),
            Self::Explain(args) => explain::run(cx, args),
        }
    }
}
