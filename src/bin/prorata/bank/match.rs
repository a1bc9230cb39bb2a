//! `prorata bank match`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Match a line with payments that add up to it
///
/// Money out pays the payments; money in returns them. The sum must be the line's amount. An
/// operator or an admin may run it; with four eyes on, a line that names another creditor than the
/// payee is for an approver or an admin who had no hand in the payment.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank match L-000120 P-000037 --as bola
  prorata bank match L-000121 P-000038 P-000039 --as bola")]
pub(crate) struct Args {
    /// Bank line code, for example L-000120; money out pays the payments, money in returns them
    line: String,
    /// Payment codes, for example P-000037; their sum is the amount of the line
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
    let request = ops::bank::MatchRequest {
        line: &args.line,
        payments: &args.payments,
    };
    let done = ops::bank::match_line(&mut ledger, writer.session()?, &request)?;
    let said = format!("matched {}", done.value.number);
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
