//! `prorata project exclusions`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the exclusions of a project
///
/// Shows who takes no part in the events of a project, from which record date to which, and what
/// becomes of the holder's part; those that ended too. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata project exclusions MARINA
  prorata project exclusions MARINA --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::exclusion::STANDING)?;
    let read =
        ops::project::exclusion::list(&mut ledger, &args.project, reader.as_of, &mut |standing| {
            list.add(&report::exclusion::standing(&standing))
        });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::EXCLUSION)
}
