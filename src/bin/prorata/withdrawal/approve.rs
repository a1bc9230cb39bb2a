//! `prorata withdrawal approve`

use prorata::{domain::withdrawal::WithdrawalStatus, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags, YesFlag, withdrawals::WithdrawalSelection},
    open::Context,
    present::Outcome,
    prompt, totals,
};

/// Approve pending withdrawals
///
/// All of them are approved, or none. With four eyes on, whoever requested a withdrawal or last
/// changed its bank details may not approve it. It asks before it approves more than one. An
/// approver or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal approve W-000001 W-000002 --as chidi
  prorata withdrawal approve --event MARINA-2025-Q4 --all --yes --as chidi")]
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
    let confirmed = prompt::confirm(&writer, args.yes, "approve", || {
        ops::withdrawal::preview(
            &mut ledger,
            writer.key(),
            &selection,
            &[WithdrawalStatus::Pending],
        )
    })?;
    let pii = writer.pii(args.pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::approve(
        &mut ledger,
        writer.session()?,
        &selection,
        confirmed.as_ref(),
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    let said = format!(
        "approved {}; next: pay, then `prorata withdrawal pay`",
        totals::of_batch(&done.value)
    );
    Ok(writer.wrote_list(&done, list, said))
}
