//! `prorata status`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: &Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let summary = ops::ledger::status(&mut ledger)?;
    let file = ledger.path().display().to_string();
    cx.show(ledger, &report::ledger::status(file, summary))
}
