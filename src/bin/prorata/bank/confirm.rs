//! `prorata bank confirm`

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
    let pii = cx.pii("bank confirm");
    let done = ops::bank::confirm(&mut ledger, cx.session()?, &args.line)?;
    let said = format!("confirmed what was proposed for {}", done.value.number);
    cx.wrote(
        ledger,
        &done,
        &report::bank::line_record(&done.value, pii),
        &said,
    )
}
