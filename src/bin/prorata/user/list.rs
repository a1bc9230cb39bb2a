//! `prorata user list`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// List the users
///
/// Shows every user with role and status, active or not. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata user list
  prorata user list --as-of 2026-01-31 --format csv")]
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
