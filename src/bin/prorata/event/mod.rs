//! `prorata event …`

pub(crate) mod allocations;
mod approve;
mod calculate;
mod cancel;
mod create;
mod deduct;
mod exclude;
mod explain;
mod include;
mod list;
mod participants;
mod set;
mod show;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(create::Args),
    Set(set::Args),
    Deduct(deduct::Args),
    Exclude(exclude::Args),
    Include(include::Args),
    Participants(participants::Args),
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
            Self::Set(args) => set::run(cx, args),
            Self::Deduct(args) => deduct::run(cx, args),
            Self::Exclude(args) => exclude::run(cx, args),
            Self::Include(args) => include::run(cx, args),
            Self::Participants(args) => participants::run(cx, args),
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
