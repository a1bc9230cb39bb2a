//! `prorata user show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show a user
///
/// Shows one user with role, status and name. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata user show bola
  prorata user show bola --format json")]
pub(crate) struct Args {
    /// User code, for example bola
    user: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let user = ops::user::show(&mut ledger, &args.user)?;
    Ok(reader.show(&ledger, report::user::record(&user)))
}
