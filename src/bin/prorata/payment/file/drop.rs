//! `prorata payment file drop`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Take items out of a payment file
///
/// Their withdrawals can be paid or put into another file again, and are marked. The file keeps the
/// others and has new bytes. Before the first export an operator or an admin may run it. After an
/// export, an approver or an admin may who did not export the file first, for items that the bank
/// refused or never made: a bank line that shows the item, or a payment of it, keeps it in the file.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file drop F-000001 W-000002 --reason 'The bank refused it' --as chidi
  prorata payment file drop F-000001 W-000002 --reason 'Holder blocked' --dry-run --as bola")]
pub(crate) struct Args {
    /// Payment file code, for example F-000001
    file: String,
    /// Codes of withdrawals in the file, for example W-000002
    #[arg(value_name = "WITHDRAWAL", required = true)]
    withdrawals: Vec<String>,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::payment::file::ending::drop_items(
        &mut ledger,
        writer.session()?,
        ops::payment::file::ending::ItemDrop {
            file: &args.file,
            withdrawals: &args.withdrawals,
            reason: &args.reason,
        },
    )?;
    let file = &done.value;
    let total = file.total.grouped(file.currency.decimals());
    let said = format!(
        "payment file {} now has {}, {} {total}; next: `prorata payment file export {} -o FILE`",
        file.number,
        noun::PAYMENT.count(file.payments),
        file.currency,
        file.number
    );
    Ok(writer.wrote(&done, report::payment_file::record(file), said))
}
