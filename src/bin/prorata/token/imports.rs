//! `prorata token imports`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the register files that were imported into a project
///
/// Shows every import with its entries, and whether it was taken back. Anybody who can read the file
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token imports MARINA
  prorata token imports MARINA --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::token::IMPORTS)?;
    let read = ops::token::imports(&mut ledger, &args.project, reader.as_of, &mut |import| {
        list.add(&report::token::import(&import))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::IMPORT)
}
