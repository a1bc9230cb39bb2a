//! `prorata user set`

use prorata::{domain::text::words, ops, report};

use super::{RoleName, StatusName};
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// User
    user: String,
    /// What the user may do
    #[arg(long, value_name = "ROLE", required_unless_present_any = ["name", "status"])]
    role: Option<RoleName>,
    /// Name of the user
    #[arg(long, value_name = "NAME", value_parser = words)]
    name: Option<String>,
    /// Whether the user may act
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusName>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let Args {
        user,
        role,
        name,
        status,
    } = args;
    let input = ops::user::Change {
        user,
        role: role.map(Into::into),
        name,
        status: status.map(Into::into),
    };
    let done = ops::user::set(&mut ledger, cx.session()?, &input)?;
    let user = &done.value;
    let said = format!(
        "changed {}: {}, {}",
        user.user.code,
        user.role,
        user.status.as_str()
    );
    cx.wrote(ledger, &done, &report::user::record(user), &said)
}
