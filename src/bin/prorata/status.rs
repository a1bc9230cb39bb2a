//! `prorata status`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let summary = ops::ledger::status(&mut ledger)?;
    let file = ledger.path().display().to_string();
    Ok(reader.show(&ledger, report::ledger::status(file, summary)))
}
