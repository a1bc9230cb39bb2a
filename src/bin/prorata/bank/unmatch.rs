//! `prorata bank unmatch`

use prorata::{domain::text::words, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Undo the match or the explanation of a line
///
/// The line is open again. Payments and remittances stay recorded; if the line was a credit that
/// proved a return, the return is taken back. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank unmatch L-000001 --reason 'Wrong payment' --as bola
  prorata bank unmatch L-000001 --reason 'Wrong payment' --dry-run --as bola")]
pub(crate) struct Args {
    /// Bank line code, for example L-000104
    line: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let pii = writer.pii(args.pii);
    let request = ops::bank::UnmatchRequest {
        line: &args.line,
        reason: &args.reason,
    };
    let done = ops::bank::unmatch(&mut ledger, writer.session()?, &request)?;
    let said = format!(
        "took back what {} was matched with; payments and remittances stay recorded",
        done.value.number
    );
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
