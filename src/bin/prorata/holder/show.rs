//! `prorata holder show`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder
    holder: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let pii = cx.pii("holder show");
    let holder = ops::holder::show(&mut ledger, &args.holder)?;
    cx.show(ledger, &report::holder::record(&holder, pii))
}
