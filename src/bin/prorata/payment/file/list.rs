//! `prorata payment file list`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// List the payment files
///
/// Shows the files with account, total and status. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file list
  prorata payment file list --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let mut list = reader.list(report::payment_file::FIELDS)?;
    ops::payment::file::list(&mut ledger, reader.as_of, &mut |file| {
        list.add(&report::payment_file::cells(&file))
    })?;
    reader.listed(&mut ledger, list, noun::PAYMENT_FILE)
}
