//! `prorata user set`

use prorata::{
    domain::{
        text,
        user::{Role, UserStatus},
    },
    ops, report,
};

use crate::{
    flags::{WriteFlags, words},
    open::Context,
    people::with_approver,
    present::Outcome,
};

/// Change a user's role, name or status
///
/// An inactive user may not act; at least one active admin must be left. An admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata user set bola --status inactive --as amaka
  prorata user set chidi --role approver --name 'Chidi Nwosu' --as amaka")]
pub(crate) struct Args {
    /// User code, for example bola
    user: String,
    /// Role of the user
    #[arg(long, value_name = "ROLE", value_parser = words::role(), required_unless_present_any = ["name", "status"])]
    role: Option<Role>,
    /// Name of the user
    #[arg(long, value_name = "NAME", value_parser = text::name)]
    name: Option<String>,
    /// Whether the user may act
    #[arg(long, value_name = "STATUS", value_parser = words::user_status())]
    status: Option<UserStatus>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let Args {
        user,
        role,
        name,
        status,
        ..
    } = args;
    let input = ops::user::Change {
        user,
        role,
        name,
        status,
    };
    let done = ops::user::set(&mut ledger, writer.session()?, &input)?;
    let user = &done.value;
    let said = format!(
        "changed {}: {}, {}",
        user.user.code,
        user.role,
        user.status.as_str()
    );
    let outcome = writer.wrote(&done, report::user::record(user), said);
    Ok(with_approver(cx, &mut ledger, outcome))
}
