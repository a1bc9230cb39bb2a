//! `prorata withdrawal cancel`

use prorata::{domain::withdrawal::WithdrawalStatus, ops, report};

use super::Which;
use crate::{context::Context, exit::Exit, prompt};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let selection = args.which.selection();
    let states = [WithdrawalStatus::Pending, WithdrawalStatus::Approved];
    let confirmed = prompt::confirm(cx, "cancel", || {
        ops::withdrawal::preview(&mut ledger, &selection, &states)
    })?;
    let pii = cx.pii("withdrawal cancel");
    let mut list = cx.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::cancel(
        &mut ledger,
        cx.session()?,
        &selection,
        confirmed.as_ref(),
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    cx.wrote_list(
        ledger,
        &done,
        list,
        &format!(
            "cancelled {}; the money is available again",
            super::total(&done.value)
        ),
    )
}
