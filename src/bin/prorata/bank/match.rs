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
/// approved withdrawal that nobody recorded as paid is recorded as paid by the line. One remittance
/// of tax of the same amount is matched alone. An operator or an admin may run it; with four eyes
/// on, not the one who approved a withdrawal that it records as paid; a line that names another
/// creditor than the payee is for an approver or an admin who had no hand in the payment, and a
/// remittance for one who did not record it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank match L-000002 P-000001 --as bola
  prorata bank match L-000005 W-000001 W-000002 --as bola")]
pub(crate) struct Args {
    /// Bank line code, for example L-000120; money out pays the payments, money in returns them
    line: String,
    /// Codes of payments or approved withdrawals, for example P-000037; or one remittance code
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
