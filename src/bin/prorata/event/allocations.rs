//! `prorata event allocations`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
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
