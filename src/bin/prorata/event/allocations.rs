//! `prorata event allocations`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::event::ALLOCATIONS)?;
    ops::event::allocations(&mut ledger, &args.event, cx.as_of()?, &mut |row| {
        list.add(&report::event::allocation(&row))
    })?;
    cx.finish(ledger, list, ("allocation", "allocations"))
}
