//! `prorata event explain`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
    /// Holder
    holder: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let explained = ops::event::explain(&mut ledger, &args.event, &args.holder)?;
    cx.show(ledger, &report::event::explanation(&explained))
}
