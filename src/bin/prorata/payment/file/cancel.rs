//! `prorata payment file cancel`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Cancel a payment file and release its withdrawals
///
/// Its withdrawals can be paid or put into another file again, but for those that a bank line shows or
/// a payment is recorded for: they stay. Make sure first that the bank never pays the file. An
/// operator or an admin may cancel a file that was never exported; after an export only an approver
/// or an admin who did not export it first, and its withdrawals are marked.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file cancel F-000001 --reason 'Never uploaded' --as bola
  prorata payment file cancel F-000001 --reason 'Never uploaded' --dry-run --as bola")]
pub(crate) struct Args {
    /// Payment file code, for example F-000001
    file: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::payment::file::ending::cancel(
        &mut ledger,
        writer.session()?,
        ops::payment::file::ending::Cancellation {
            file: &args.file,
            reason: &args.reason,
        },
    )?;
    let said = format!(
        "cancelled payment file {}; its withdrawals are free: make sure that the bank never pays it",
        done.value.number
    );
    Ok(writer.wrote(&done, report::payment_file::record(&done.value), said))
}
