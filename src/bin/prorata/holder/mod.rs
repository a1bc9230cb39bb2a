//! `prorata holder …`

mod account;
mod add;
mod block;
mod import;
mod list;
mod rename;
mod set;
mod show;
mod unblock;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    Set(set::Args),
    Rename(rename::Args),
    Block(block::Args),
    Unblock(unblock::Args),
    Import(import::Args),
    List(list::Args),
    Show(show::Args),
    /// Set, list and remove bank accounts of holders
    #[command(subcommand)]
    Account(account::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::Rename(args) => rename::run(cx, args),
            Self::Block(args) => block::run(cx, args),
            Self::Unblock(args) => unblock::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Account(command) => command.run(cx),
        }
    }
}
