//! `prorata withdrawal cancel`

use prorata::{domain::withdrawal::WithdrawalStatus, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags, YesFlag, withdrawals::WithdrawalSelection},
    open::Context,
    present::Outcome,
    prompt, totals,
};

/// Cancel pending or approved withdrawals
///
/// All of them are cancelled, or none; the money is available again. A withdrawal in a payment file
/// cannot be cancelled. It asks before it cancels more than one. An operator or an admin may run
/// it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal cancel W-000001 --as bola
  prorata withdrawal cancel --event MARINA-2025-Q4 --all --yes --as bola")]
pub(crate) struct Args {
    #[command(flatten)]
    withdrawals: WithdrawalSelection,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let selection = args.withdrawals.into();
    let states = [WithdrawalStatus::Pending, WithdrawalStatus::Approved];
    let confirmed = prompt::confirm(&writer, args.yes, "cancel", || {
        ops::withdrawal::preview(&mut ledger, writer.key(), &selection, &states)
    })?;
    let pii = writer.pii(args.pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::cancel(
        &mut ledger,
        writer.session()?,
        &selection,
        confirmed.as_ref(),
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    Ok(writer.wrote_list(
        &done,
        list,
        format!(
            "cancelled {}; the money is available again",
            totals::of_batch(&done.value)
        ),
    ))
}
