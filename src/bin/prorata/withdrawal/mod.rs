//! `prorata withdrawal …`

mod approve;
mod cancel;
mod list;
mod pay;
mod reject;
mod request;
mod set;
mod show;

use crate::{open::Context, present::Outcome};
use clap::Subcommand;

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Request(request::Args),
    Set(set::Args),
    Approve(approve::Args),
    Reject(reject::Args),
    Cancel(cancel::Args),
    Pay(pay::Args),
    List(list::Args),
    Show(show::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Request(args) => request::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::Approve(args) => approve::run(cx, args),
            Self::Reject(args) => reject::run(cx, args),
            Self::Cancel(args) => cancel::run(cx, args),
            Self::Pay(args) => pay::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
        }
    }
}
