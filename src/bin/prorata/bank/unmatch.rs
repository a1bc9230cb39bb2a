//! `prorata bank unmatch`

use prorata::{domain::text::words, ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank line
    line: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let pii = cx.pii("bank unmatch");
    let request = ops::bank::UnmatchRequest {
        line: &args.line,
        reason: &args.reason,
    };
    let done = ops::bank::unmatch(&mut ledger, cx.session()?, &request)?;
    let said = format!(
        "took back what {} was matched with; payments stay recorded",
        done.value.number
    );
    cx.wrote(
        ledger,
        &done,
        &report::bank::line_record(&done.value, pii),
        &said,
    )
}
