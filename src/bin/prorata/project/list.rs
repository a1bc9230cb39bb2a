//! `prorata project list`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::project::FIELDS)?;
    ops::project::list(&mut ledger, cx.as_of()?, &mut |project| {
        list.add(&report::project::cells(&project))
    })?;
    cx.finish(ledger, list, ("project", "projects"))
}
