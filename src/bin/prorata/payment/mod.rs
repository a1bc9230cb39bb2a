//! `prorata payment …`

mod correct;
mod file;
mod list;
mod r#return;
mod settle;
mod show;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::Args),
    Show(show::Args),
    Return(r#return::Args),
    Correct(correct::Args),
    Settle(settle::Args),
    /// Make payment files for the bank's bulk upload
    #[command(subcommand)]
    File(file::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Return(args) => r#return::run(cx, args),
            Self::Correct(args) => correct::run(cx, args),
            Self::Settle(args) => settle::run(cx, args),
            Self::File(command) => command.run(cx),
        }
    }
}
