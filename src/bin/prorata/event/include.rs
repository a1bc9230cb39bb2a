//! `prorata event include`

use prorata::{ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome, totals};

/// Let holders take part in one event
///
/// The holders take part in this event, whatever the project's exclusions say. A calculated event is
/// a draft again. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event include MARINA-2025-Q4 treasury --as bola
  prorata event include MARINA-2025-Q4 eze musa --dry-run --as bola")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// Holder codes, for example treasury
    #[arg(required = true, value_name = "HOLDER")]
    holders: Vec<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let session = writer.session()?;
    let done = ops::event::include(&mut ledger, session, &args.event, &args.holders)?;
    let said = totals::of_draft(&done.value.event);
    Ok(writer.wrote(&done, report::event::shown(&done.value), said))
}
