//! `prorata audit head`

use prorata::{ops, report};

use crate::{flags::ReadFlags, open::Context, present::Outcome};

/// Show the head of the audit trail
///
/// Note the head outside the ledger: it proves later that nothing before it was changed or cut off.
/// Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata audit head
  prorata audit head --as-of 2026-01-31 --format json")]
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
