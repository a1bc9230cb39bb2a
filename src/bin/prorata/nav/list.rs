//! `prorata nav list`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project
    project: String,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let mut list = reader.list(report::nav::FIELDS)?;
    ops::nav::list(
        &mut ledger,
        &args.project,
        args.read.as_of.as_of,
        &mut |nav| list.add(&report::nav::cells(&nav)),
    )?;
    reader.listed_as_recorded(&mut ledger, list, noun::VALUE)
}
