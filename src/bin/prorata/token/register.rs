//! `prorata token register`

use prorata::{ops, report};

use crate::{environment::Environment, flags::ReadFlags, noun, open::Context, present::Outcome};

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
    let day = args
        .read
        .as_of
        .as_of
        .unwrap_or_else(|| Environment::now().1);
    let mut list = reader.list(report::token::REGISTER)?;
    ops::token::register(&mut ledger, &args.project, day, &mut |holding| {
        list.add(&report::token::holding(&holding))
    })?;
    reader.listed_as_recorded(&mut ledger, list, noun::HOLDER)
}
