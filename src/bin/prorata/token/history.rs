//! `prorata token history`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the register entries of a project
///
/// Shows what was issued, transferred and redeemed, by date; --as-of shows entries of a date or
/// earlier. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token history MARINA
  prorata token history MARINA --holder musa --format csv")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    /// Only entries of this holder: the code, for example musa
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::token::ENTRIES)?;
    let until = args.read.as_of.as_of;
    let read = ops::token::history(
        &mut ledger,
        &args.project,
        args.holder.as_deref(),
        until,
        &mut |entry| list.add(&report::token::entry(&entry)),
    );
    list.ended(read)?;
    reader.listed_as_recorded(&mut ledger, list, noun::ENTRY)
}
