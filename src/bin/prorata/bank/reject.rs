//! `prorata bank reject`

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
    let mut ledger = cx.writer()?;
    let pii = cx.pii("bank reject");
    let done = ops::bank::reject(&mut ledger, cx.session()?, &args.line)?;
    let said = format!(
        "rejected what was proposed for {}; the next `prorata bank reconcile` looks at it again",
        done.value.number
    );
    cx.wrote(
        ledger,
        &done,
        &report::bank::line_record(&done.value, pii),
        &said,
    )
}
