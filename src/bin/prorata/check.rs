//! `prorata check`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: &Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let checks = ops::ledger::check(&mut ledger)?;
    let clean = checks.iter().all(|check| check.findings.is_empty());
    cx.show(ledger, &report::ledger::checks(&checks))?;
    Ok(if clean { Exit::Done } else { Exit::Differences })
}
