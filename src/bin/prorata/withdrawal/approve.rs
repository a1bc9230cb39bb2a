//! `prorata withdrawal approve`

use prorata::{
    domain::{selection::Agreed, withdrawal::WithdrawalStatus},
    ops::{self, withdrawal::Selection},
    report,
    store::Ledger,
};

use crate::{
    flags::{
        PiiFlag, WriteFlags, YesFlag,
        review::ReviewFlags,
        withdrawals::{Source, WithdrawalSelection},
    },
    open::Context,
    present::Outcome,
    prompt::{self, Bulk, Selects},
    totals,
};

/// Approve pending withdrawals
///
/// All of them are approved, or none. With four eyes on, whoever requested a withdrawal, set or
/// changed anything of its bank details, or unblocked its holder in the last 90 days may not approve
/// it. A first payment to an account, a holder unblocked lately and an account that another holder
/// has too are marked. It asks before it approves more than one. Without a terminal, approving all of
/// an event needs what was reviewed: --hash or --expect, as --dry-run prints them. An approver or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal approve --event MARINA-2025-Q4 --all --dry-run --as chidi
  prorata withdrawal approve --event MARINA-2025-Q4 --all --expect 7:250000.00 --as chidi")]
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
    let whole = args.withdrawals.source();
    args.withdrawals.check(writer.cx.may_ask())?;
    let bulk = Bulk {
        verb: "approve",
        selects: match whole {
            Source::AllOf(_) | Source::Event(_) => Selects::Whole,
            Source::Names | Source::With(_) | Source::File(_) => Selects::ByName,
        },
        source: whole,
    };
    let selection: Selection = args.withdrawals.clone().into();
    let look = |ledger: &mut Ledger| {
        let pending = [WithdrawalStatus::Pending];
        let now = Some(Context::now());
        ops::withdrawal::preview(ledger, writer.key(), &selection, &pending, now)
    };
    let rehearse = |ledger: &mut Ledger, session| {
        let agreed = Agreed::default();
        let run = ops::withdrawal::approve(ledger, session, &selection, &agreed, &mut |_| Ok(()));
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
    let mut numbers = Vec::new();
    let mut list = writer.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::approve(
        &mut ledger,
        writer.session()?,
        &selection,
        &agreed,
        &mut |withdrawal| {
            numbers.push(withdrawal.number.to_string());
            list.add(&report::withdrawal::cells(&withdrawal, pii))
        },
    )?;
    let said = format!(
        "approved {}; next: `prorata payment file create --account ACCOUNT {} --profile PROFILE`",
        totals::of_batch(&done.value),
        match &selection {
            Selection::AllOf(event) => format!("--event {event}"),
            Selection::These(_) => numbers.join(" "),
        }
    );
    Ok(writer.wrote_list(&done, list, said))
}
