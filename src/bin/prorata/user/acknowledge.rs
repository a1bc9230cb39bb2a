//! `prorata user acknowledge`

use prorata::{ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Acknowledge a new or changed user
///
/// Says that you know of a user who was added, took another role or is active again. Until somebody
/// does, the user does not count as a second person for the work of the one who did that. An approver or an admin
/// may run it, but for the user and for who introduced the user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata user acknowledge chidi --as dayo
  prorata user acknowledge chidi --dry-run --as dayo")]
pub(crate) struct Args {
    /// User code, for example chidi
    user: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::user::acknowledge(&mut ledger, writer.session()?, &args.user)?;
    let user = &done.value;
    let said = format!("acknowledged {} as {}", user.user.code, user.role);
    Ok(writer.wrote(&done, report::user::record(user), said))
}
