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
    let rows: Vec<_> = checks
        .into_iter()
        .map(|check| (check.name, check.findings, check.looked_at))
        .collect();
    cx.show(ledger, &report::ledger::checks(&rows))?;
    Ok(if clean { Exit::Done } else { Exit::Differences })
}
