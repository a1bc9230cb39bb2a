//! `prorata user add`

use prorata::{
    domain::{code::Code, text, user::Role},
    ops, report,
};

use crate::{
    flags::{WriteFlags, words},
    open::Context,
    people::with_approver,
    present::Outcome,
};

/// Add a user
///
/// Users act under their code, in one role, and are never removed: the audit trail keeps their
/// names. An admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata user add bola --role operator --name 'Bola Sanni' --as amaka
  prorata user add chidi --role approver --as amaka --dry-run")]
pub(crate) struct Args {
    /// Code of the user: letters, digits and -._, for example bola
    code: Code,
    /// Role of the user
    #[arg(long, value_name = "ROLE", value_parser = words::role())]
    role: Role,
    /// Name of the user
    #[arg(long, value_name = "NAME", value_parser = text::name)]
    name: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::user::NewUser {
        code: args.code,
        role: args.role,
        name: args.name,
    };
    let done = ops::user::add(&mut ledger, writer.session()?, &input)?;
    let user = &done.value;
    let said = format!("added {} as {}", user.user.code, user.role);
    let outcome = writer.wrote(&done, report::user::record(user), said);
    Ok(with_approver(cx, &mut ledger, outcome))
}
