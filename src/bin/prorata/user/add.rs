//! `prorata user add`

use prorata::{
    domain::{code::Code, text::words},
    ops, report,
};

use super::RoleName;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Code of the user
    code: Code,
    /// What the user may do
    #[arg(long, value_name = "ROLE")]
    role: RoleName,
    /// Name of the user
    #[arg(long, value_name = "NAME", value_parser = words)]
    name: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let input = ops::user::NewUser {
        code: args.code,
        role: args.role.into(),
        name: args.name,
    };
    let done = ops::user::add(&mut ledger, cx.session()?, &input)?;
    let user = &done.value;
    let said = format!("added {} as {}", user.user.code, user.role);
    cx.wrote(ledger, &done, &report::user::record(user), &said)
}
