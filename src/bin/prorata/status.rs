//! `prorata status`

use prorata::{ops, report};

use crate::{environment::Environment, flags::OutputFlags, open::Context, present::Outcome};

/// Show a summary of the ledger and all open work
///
/// Counts what is in the ledger and lists every step that waits for somebody, with the role that
/// can take it, the last backup and the head of the audit trail. Anybody who can read the file may
/// run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata status
  prorata status --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let summary = ops::ledger::status(&mut ledger, Environment::now().0)?;
    let file = ledger.path().display().to_string();
    let left = summary.leftovers.join(", ");
    let folder = summary.folder.clone();
    let mut outcome = reader.show(&ledger, report::ledger::status(file, summary));
    if let Some(folder) = folder {
        outcome = outcome.remark(format!("{folder}; take that right away with `chmod g-w`"));
    }
    if !left.is_empty() {
        outcome = outcome.remark(format!(
            "left behind by a run that was killed, and removed by the next one that writes there: {left}"
        ));
    }
    Ok(outcome)
}
