//! `prorata user list`

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
    let mut list = reader.list(report::user::FIELDS)?;
    ops::user::list(&mut ledger, reader.as_of, &mut |user| {
        list.add(&report::user::cells(&user))
    })?;
    reader.listed(&mut ledger, list, noun::USER)
}
