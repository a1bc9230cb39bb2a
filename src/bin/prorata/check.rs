//! `prorata check`

use std::time::Duration;

use prorata::{
    ops, report,
    store::{Access, Ledger},
};

use crate::{
    environment::Environment,
    exit::Exit,
    flags::{ChangeFlags, OutputFlags},
    open::Context,
    present::Outcome,
};

/// Derive every sum again and verify the audit trail
///
/// Checks the file, the links between rows, the audit trail, and every sum against its sources.
/// Ends with exit code 3 and a list of findings if anything differs. Nothing is repaired. If nothing
/// is found and a user of the ledger runs it, the audit trail notes that. Anybody who can read the
/// file may run it.
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
    if clean {
        note(cx);
    }
    let outcome = reader.show(&ledger, report::ledger::checks(&checks));
    Ok(outcome.exit(if clean { Exit::Done } else { Exit::Differences }))
}

/// Notes that nothing was found, if a user of the ledger runs the command and can write the file.
fn note(cx: &Context) {
    let noted = cx.session(&ChangeFlags::default()).map(|session| {
        let wait = Duration::from_millis(200).min(cx.global.wait);
        let mut ledger = Ledger::open(&cx.global.ledger, Access::Write, wait)?;
        ops::ledger::note_check(&mut ledger, session)
    });
    if let Ok(Err(error)) = noted {
        cx.voice
            .explain(&format!("the audit trail does not note the check: {error}"));
    }
}
