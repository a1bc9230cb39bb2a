//! `prorata report activity`

use prorata::{ops, report};

use crate::{
    flags::{entries::EntryFilter, rows::ListFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// Show the audit trail in words
///
/// Shows who did what, when and to which thing, the oldest first. Anybody who can read the file may
/// run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report activity --event MARINA-2025-Q4
  prorata report activity --user bola --from 2026-01-01 --format csv")]
pub(crate) struct Args {
    #[command(flatten)]
    entries: EntryFilter,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let filter = args.entries.filter(None)?;
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::activity::FIELDS)?;
    let read = ops::audit::log(&mut ledger, &filter, reader.as_of, &mut |entry| {
        list.add(&report::activity::cells(&entry))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::ENTRY)
}
