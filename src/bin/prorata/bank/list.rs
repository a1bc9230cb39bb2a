//! `prorata bank list`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let pii = cx.pii("bank list");
    let mut list = cx.list(report::bank::ACCOUNTS)?;
    ops::bank::list(&mut ledger, cx.as_of()?, &mut |account| {
        list.add(&report::bank::account(&account, pii))
    })?;
    cx.finish(ledger, list, ("bank account", "bank accounts"))
}
