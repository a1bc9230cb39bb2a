//! `prorata holder list`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let pii = cx.pii("holder list");
    let mut list = cx.list(report::holder::FIELDS)?;
    ops::holder::list(&mut ledger, cx.as_of()?, &mut |holder| {
        list.add(&report::holder::cells(&holder, pii))
    })?;
    cx.finish(ledger, list, ("holder", "holders"))
}
