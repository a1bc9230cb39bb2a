//! `prorata withdrawal reject`

use prorata::{domain::text::words, ops, report};

use super::Which;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let selection = args.which.selection();
    let pii = cx.pii("withdrawal reject");
    let mut list = cx.list(report::withdrawal::FIELDS)?;
    let done = ops::withdrawal::reject(
        &mut ledger,
        cx.session()?,
        &selection,
        &args.reason,
        &mut |withdrawal| list.add(&report::withdrawal::cells(&withdrawal, pii)),
    )?;
    cx.wrote_list(
        ledger,
        &done,
        list,
        &format!(
            "rejected {}; the money is available again",
            super::total(&done.value)
        ),
    )
}
