//! `prorata user list`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::user::FIELDS)?;
    ops::user::list(&mut ledger, cx.as_of()?, &mut |user| {
        list.add(&report::user::cells(&user))
    })?;
    cx.finish(ledger, list, ("user", "users"))
}
