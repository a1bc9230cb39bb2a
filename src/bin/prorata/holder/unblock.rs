//! `prorata holder unblock`

use prorata::{
    domain::{holder::HolderStatus, text::words},
    ops, report,
};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Unblock a holder
///
/// Requests, approvals and payments are possible again. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder unblock eze --reason 'Order lifted' --as bola
  prorata holder unblock eze --reason 'Order lifted' --dry-run --as bola")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
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
    let status = HolderStatus::Active;
    let done = ops::holder::block(
        &mut ledger,
        writer.session()?,
        &args.holder,
        &status,
        &args.reason,
    )?;
    let record = report::holder::record(&done.value, writer.pii(args.pii));
    Ok(writer.wrote(
        &done,
        record,
        format!("unblocked holder {}", done.value.holder.code),
    ))
}
