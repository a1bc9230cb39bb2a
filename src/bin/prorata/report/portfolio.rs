//! `prorata report portfolio`

use prorata::{ops, report};

use crate::{
    flags::ReadFlags,
    noun,
    open::Context,
    present::{Heading, Outcome},
};

/// Show a holder's tokens, events, totals and payments
///
/// Shows everything that one holder has and had, over all projects or one. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report portfolio --holder musa
  prorata report portfolio --holder musa --project MARINA --output musa.html")]
pub(crate) struct Args {
    /// Holder code, for example musa
    #[arg(long, value_name = "HOLDER")]
    holder: String,
    /// Only of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let scope = ops::report::PortfolioScope {
        holder: &args.holder,
        project: args.project.as_deref(),
    };
    let found = ops::report::portfolio(&mut ledger, scope, reader.as_of, reader.day)?;
    let heading = Heading {
        title: format!("Portfolio of {} ({})", found.name, found.holder.code),
        summary: noun::EVENT.count(found.events.len()),
    };
    reader.report(&mut ledger, report::portfolio::record(&found), heading)
}
