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

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder
    holder: String,
    /// Why
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
        format!("opened holder {}", done.value.holder.code),
    ))
}
