//! `prorata project list`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the projects
///
/// Shows every project with its name and currency. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project list
  prorata project list --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::project::FIELDS)?;
    let read = ops::project::list(&mut ledger, reader.as_of, &mut |project| {
        list.add(&report::project::cells(&project))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::PROJECT)
}
