//! `prorata token …`

mod history;
mod import;
mod imports;
mod issue;
mod redeem;
mod register;
mod transfer;
mod undo;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Issue(issue::Args),
    Transfer(transfer::Args),
    Redeem(redeem::Args),
    Import(import::Args),
    Imports(imports::Args),
    Undo(undo::Args),
    Register(register::Args),
    History(history::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Issue(args) => issue::run(cx, args),
            Self::Transfer(args) => transfer::run(cx, args),
            Self::Redeem(args) => redeem::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::Imports(args) => imports::run(cx, args),
            Self::Undo(args) => undo::run(cx, args),
            Self::Register(args) => register::run(cx, args),
            Self::History(args) => history::run(cx, args),
        }
    }
}
