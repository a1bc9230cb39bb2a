//! `prorata event show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show an event
///
/// Shows one event with status, totals and the hash of its calculation. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event show MARINA-2025-Q4
  prorata event show MARINA-2025-Q4 --output event.html")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let detail = ops::event::show(&mut ledger, &args.event)?;
    Ok(reader.show(&ledger, report::event::shown(&detail)))
}
