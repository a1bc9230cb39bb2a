//! `prorata bank match`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank line: money out pays the payments, money in sends them back
    line: String,
    /// Payments whose sum is the line's amount
    #[arg(value_name = "PAYMENT", required = true)]
    payments: Vec<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let pii = writer.pii(args.pii);
    let done = ops::bank::match_line(&mut ledger, writer.session()?, (&args.line, &args.payments))?;
    let said = format!("matched {}", done.value.number);
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
