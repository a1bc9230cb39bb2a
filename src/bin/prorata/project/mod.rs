//! `prorata project …`

mod add;
mod exclude;
mod exclusions;
mod include;
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
    Exclude(exclude::Args),
    Include(include::Args),
    Exclusions(exclusions::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::Exclude(args) => exclude::run(cx, args),
            Self::Include(args) => include::run(cx, args),
            Self::Exclusions(args) => exclusions::run(cx, args),
        }
    }
}
