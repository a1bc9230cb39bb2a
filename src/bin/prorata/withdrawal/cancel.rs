//! `prorata withdrawal cancel`

use prorata::{
    domain::{selection::Agreed, withdrawal::WithdrawalStatus},
    ops, report,
    store::Ledger,
};

use crate::{
    flags::{PiiFlag, WriteFlags, YesFlag, review::ReviewFlags, withdrawals::WithdrawalSelection},
    open::Context,
    present::Outcome,
    prompt::{self, Bulk, Selects},
    totals,
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
    review: ReviewFlags,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    args.withdrawals.check(writer.cx.may_ask())?;
    let bulk = Bulk {
        verb: "cancel",
        selects: Selects::ByName,
        source: args.withdrawals.source(),
    };
    let selection = args.withdrawals.clone().into();
    let look = |ledger: &mut Ledger| {
        let states = [WithdrawalStatus::Pending, WithdrawalStatus::Approved];
        ops::withdrawal::preview(ledger, writer.key(), &selection, &states, None)
    };
    let rehearse = |ledger: &mut Ledger, session| {
        let agreed = Agreed::default();
        let run = ops::withdrawal::cancel(ledger, session, &selection, &agreed, &mut |_| Ok(()));
        run.map(drop)
    };
    let agreed = prompt::reviewed(
        &writer,
        &mut ledger,
        args.yes,
        args.review.into(),
        bulk,
        (&look, &rehearse),
    )?;
    let pii = writer.pii(args.pii);
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::cancel(
        &mut ledger,
        writer.session()?,
        &selection,
        &agreed,
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
