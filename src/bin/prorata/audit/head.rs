//! `prorata audit head`

use prorata::{ops, report};

use crate::{flags::ReadFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let head = ops::audit::head(&mut ledger, reader.as_of)?;
    Ok(reader.show(&ledger, report::audit::head(&head)))
}
