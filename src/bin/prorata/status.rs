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
    let standing = ops::ledger::status(&mut ledger)?;
    let waiting = standing
        .waiting
        .into_iter()
        .map(|waits| (waits.event, waits.what, waits.count, waits.role));
    let status = report::ledger::Status {
        ledger: ledger.path().display().to_string(),
        ledger_id: standing.ledger_id,
        created_at: standing.created_at,
        four_eyes: standing.four_eyes,
        counts: [
            standing.users,
            standing.projects,
            standing.holders,
            standing.open_events,
            standing.payments,
        ],
        last_backup: standing.last_backup,
        head: standing.head,
        waiting: waiting.collect(),
    };
    cx.show(ledger, &report::ledger::status(&status))
}
