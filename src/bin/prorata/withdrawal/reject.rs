//! `prorata withdrawal reject`

use prorata::{
    domain::{text::words, withdrawal::WithdrawalStatus},
    ops, report,
};

use crate::{
    flags::{PiiFlag, WriteFlags, review::ReviewFlags, withdrawals::WithdrawalSelection},
    open::Context,
    present::Outcome,
    prompt, totals,
};

/// Reject pending withdrawals
///
/// All of them are rejected, or none; the money is available again. An approver or an admin may run
/// it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal reject W-000001 --reason 'Account unclear' --as chidi
  prorata withdrawal reject --event MARINA-2025-Q4 --all --reason 'Wrong event' --as chidi")]
pub(crate) struct Args {
    #[command(flatten)]
    withdrawals: WithdrawalSelection,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    review: ReviewFlags,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    args.withdrawals.check(false)?;
    let selection = args.withdrawals.into();
    let reviewed = args.review.into();
    if writer.is_dry_run() {
        let pending = [WithdrawalStatus::Pending];
        let key = writer.key();
        let preview = ops::withdrawal::preview(&mut ledger, key, &selection, &pending, None)?;
        prompt::say_selection(&writer, preview.as_ref());
    }
    let pii = writer.pii(args.pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::reject(
        &mut ledger,
        writer.session()?,
        &selection,
        &args.reason,
        &reviewed,
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    Ok(writer.wrote_list(
        &done,
        list,
        format!(
            "rejected {}; the money is available again",
            totals::of_batch(&done.value)
        ),
    ))
}
