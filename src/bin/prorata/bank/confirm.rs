//! `prorata bank confirm`

use prorata::{domain::text::words, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Confirm the match that is proposed for a line
///
/// The line is matched, and a payment that the ledger did not have is recorded. An operator or an
/// admin may run it; with four eyes on, a line that names another creditor than the payee is for an
/// approver or an admin who had no hand in the payment, and a remittance of tax for one who did not
/// record it: a line shows that money left, the receipt that the authority got it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank confirm L-000104 --as bola
  prorata bank confirm L-000105 --reason 'Receipt FIRS/2026/7781' --as chidi")]
pub(crate) struct Args {
    /// Bank line code, for example L-000104
    line: String,
    /// Reason, which the audit trail keeps; of tax the number of the authority's receipt
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let pii = writer.pii(args.pii);
    let request = ops::bank::ConfirmRequest {
        line: &args.line,
        reason: args.reason.as_deref(),
    };
    let done = ops::bank::confirm(&mut ledger, writer.session()?, &request)?;
    let said = format!("confirmed what was proposed for {}", done.value.number);
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
