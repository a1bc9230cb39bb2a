//! `prorata check`

use prorata::{ops, report};

use crate::{
    environment::Environment, exit::Exit, flags::OutputFlags, open::Context, present::Outcome,
};

/// Derive every sum again and verify the audit trail
///
/// Checks the file, the links between rows, the audit trail, and every sum against its sources.
/// Ends with exit code 3 and a list of findings if anything differs. Nothing is changed or
/// repaired. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata check
  prorata check --ledger copy.db --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let checks = ops::ledger::check(&mut ledger, Environment::now().0)?;
    let clean = checks.iter().all(|check| check.findings.is_empty());
    let outcome = reader.show(&ledger, report::ledger::checks(&checks));
    Ok(outcome.exit(if clean { Exit::Done } else { Exit::Differences }))
}
