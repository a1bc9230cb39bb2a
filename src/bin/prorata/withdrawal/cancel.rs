//! `prorata withdrawal cancel`

use prorata::{domain::withdrawal::WithdrawalStatus, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags, YesFlag, withdrawals::WithdrawalSelection},
    open::Context,
    present::Outcome,
    prompt,
};

/// The arguments.
#[derive(Debug, clap::Args)]
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
        ops::withdrawal::preview(&mut ledger, &selection, &states)
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
            super::total(&done.value)
        ),
    ))
}
