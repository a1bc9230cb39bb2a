//! `prorata bank explain`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank line
    line: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let pii = cx.pii("bank explain");
    let explained = ops::bank::explain(&mut ledger, &args.line)?;
    cx.show(
        ledger,
        &report::bank::explanation(&explained.line, &explained.alternatives, pii),
    )
}
