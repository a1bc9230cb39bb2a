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
    /// Create a distribution event
    Create(create::Args),
    /// Take the snapshot and allocate the amount over it
    Calculate(calculate::Args),
    /// Approve a calculation; holders may withdraw then
    Approve(approve::Args),
    /// Cancel an event and its open withdrawals
    Cancel(cancel::Args),
    /// List the events
    List(list::Args),
    /// Show an event
    Show(show::Args),
    /// List the allocations of an event
    Allocations(allocations::Args),
    /// Explain a holder's allocation to the last unit
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
