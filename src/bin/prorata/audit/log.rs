//! `prorata audit log`

use prorata::{domain::activity::Activity, ops, report};

use crate::{
    flags::{entries::EntryFilter, rows::ListFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// List the entries of the audit trail
///
/// Shows every change and every refused attempt, the oldest first. Anybody who can read the file
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata audit log --event MARINA-2025-Q4
  prorata audit log --type payment_recorded --user bola --format csv")]
pub(crate) struct Args {
    #[command(flatten)]
    entries: EntryFilter,
    /// Only of this type, for example payment_recorded
    #[arg(long = "type", value_name = "TYPE")]
    activity: Option<Activity>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let filter = args.entries.filter(args.activity)?;
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::audit::FIELDS)?;
    let read = ops::audit::log(&mut ledger, &filter, reader.as_of, &mut |entry| {
        list.add(&report::audit::cells(&entry))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::ENTRY)
}
