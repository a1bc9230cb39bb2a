//! `prorata withdrawal reject`

use prorata::{domain::text::words, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags, withdrawals::WithdrawalSelection},
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    withdrawals: WithdrawalSelection,
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
    let selection = args.withdrawals.into();
    let pii = writer.pii(args.pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::reject(
        &mut ledger,
        writer.session()?,
        &selection,
        &args.reason,
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    Ok(writer.wrote_list(
        &done,
        list,
        format!(
            "rejected {}; the money is available again",
            super::total(&done.value)
        ),
    ))
}
