//! `prorata user show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// User
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
