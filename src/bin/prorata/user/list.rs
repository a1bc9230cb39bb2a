//! `prorata user list`

use prorata::{domain::user::UserStatus, ops, report};

use crate::{
    flags::{rows::ListFlags, words::user_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List the users
///
/// Shows every user with role and status, active or not. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata user list
  prorata user list --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = user_status())]
    status: Option<UserStatus>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, mut args: Args) -> anyhow::Result<Outcome> {
    args.read
        .rows
        .only("status", args.status.map(UserStatus::as_str));
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::user::FIELDS)?;
    let read = ops::user::list(&mut ledger, reader.as_of, &mut |user| {
        list.add(&report::user::cells(&user))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::USER)
}
