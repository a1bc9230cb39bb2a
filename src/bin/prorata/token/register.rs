//! `prorata token register`

use prorata::{ops, report};

use crate::{
    environment::Environment, flags::rows::ListFlags, noun, open::Context, present::Outcome,
};

/// Show the holdings of a project
///
/// Shows every holder's tokens and share, today or on the date of --as-of, from everything that is
/// recorded now. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token register MARINA
  prorata token register MARINA --as-of 2025-12-31 --output register.xlsx")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let day = args
        .read
        .as_of
        .as_of
        .unwrap_or_else(|| Environment::now().1);
    let mut list = reader.list(report::token::REGISTER)?;
    let read = ops::token::register(&mut ledger, &args.project, day, &mut |holding| {
        list.add(&report::token::holding(&holding))
    });
    list.ended(read)?;
    reader.listed_as_recorded(&mut ledger, list, noun::HOLDER)
}
