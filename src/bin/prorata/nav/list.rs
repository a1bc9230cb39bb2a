//! `prorata nav list`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the net asset values of a project
///
/// Shows the values by date; --as-of shows those of a date or earlier. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata nav list MARINA
  prorata nav list MARINA --as-of 2025-12-31 --format csv")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::nav::FIELDS)?;
    let read = ops::nav::list(
        &mut ledger,
        &args.project,
        args.read.as_of.as_of,
        &mut |nav| list.add(&report::nav::cells(&nav)),
    );
    list.ended(read)?;
    reader.listed_as_recorded(&mut ledger, list, noun::VALUE)
}
