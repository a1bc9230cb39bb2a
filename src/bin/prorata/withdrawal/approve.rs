//! `prorata withdrawal approve`

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
    let confirmed = prompt::confirm(&writer, args.yes, "approve", || {
        ops::withdrawal::preview(&mut ledger, &selection, &[WithdrawalStatus::Pending])
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
        super::total(&done.value)
    );
    Ok(writer.wrote_list(&done, list, said))
}
