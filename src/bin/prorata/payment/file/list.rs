//! `prorata payment file list`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
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
