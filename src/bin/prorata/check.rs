//! `prorata check`

use prorata::{ops, report};

use crate::{exit::Exit, flags::OutputFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let checks = ops::ledger::check(&mut ledger)?;
    let clean = checks.iter().all(|check| check.findings.is_empty());
    let outcome = reader.show(&ledger, report::ledger::checks(&checks));
    Ok(outcome.exit(if clean { Exit::Done } else { Exit::Differences }))
}
