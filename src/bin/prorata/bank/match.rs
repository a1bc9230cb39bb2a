//! `prorata bank match`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank line: money out pays the payments, money in sends them back
    line: String,
    /// Payments whose sum is the line's amount
    #[arg(value_name = "PAYMENT", required = true)]
    payments: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let pii = cx.pii("bank match");
    let done = ops::bank::match_line(&mut ledger, cx.session()?, (&args.line, &args.payments))?;
    let said = format!("matched {}", done.value.number);
    cx.wrote(
        ledger,
        &done,
        &report::bank::line_record(&done.value, pii),
        &said,
    )
}
