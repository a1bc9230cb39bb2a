//! `prorata withdrawal show`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Withdrawal
    withdrawal: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let pii = cx.pii("withdrawal show");
    let withdrawal = ops::withdrawal::show(&mut ledger, &args.withdrawal)?;
    cx.show(ledger, &report::withdrawal::record(&withdrawal, pii))
}
