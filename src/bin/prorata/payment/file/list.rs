//! `prorata payment file list`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::payment_file::FIELDS)?;
    ops::payment::file::list(&mut ledger, cx.as_of()?, &mut |file| {
        list.add(&report::payment_file::cells(&file))
    })?;
    cx.finish(ledger, list, ("payment file", "payment files"))
}
