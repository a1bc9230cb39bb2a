//! `prorata event allocations`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// List the allocations of an event
///
/// Shows what every holder of the record date was allocated, and what of it is paid, pending and
/// available. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event allocations MARINA-2025-Q4
  prorata event allocations MARINA-2025-Q4 --as-of 2026-01-31 --output allocations.xlsx")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let mut list = reader.list(report::event::ALLOCATIONS)?;
    ops::event::allocations(&mut ledger, &args.event, reader.as_of, &mut |row| {
        list.add(&report::event::allocation(&row))
    })?;
    reader.listed(&mut ledger, list, noun::ALLOCATION)
}
