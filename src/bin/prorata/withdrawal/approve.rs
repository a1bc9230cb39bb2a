//! `prorata withdrawal approve`

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
    let confirmed = prompt::confirm(cx, "approve", || {
        ops::withdrawal::preview(&mut ledger, &selection, &[WithdrawalStatus::Pending])
    })?;
    let pii = cx.pii("withdrawal approve");
    let mut list = cx.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::approve(
        &mut ledger,
        cx.session()?,
        &selection,
        confirmed.as_ref(),
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    let said = format!(
        "approved {}; next: pay, then `prorata withdrawal pay`",
        super::total(&done.value)
    );
    cx.wrote_list(ledger, &done, list, &said)
}
