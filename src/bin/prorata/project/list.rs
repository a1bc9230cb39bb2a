//! `prorata project list`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

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
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let mut list = reader.list(report::project::FIELDS)?;
    ops::project::list(&mut ledger, reader.as_of, &mut |project| {
        list.add(&report::project::cells(&project))
    })?;
    reader.listed(&mut ledger, list, noun::PROJECT)
}
