//! `prorata report balances`

use prorata::{ops, report};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this project's events
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let mut list = reader.list(report::portfolio::BALANCES)?;
    ops::report::balances(
        &mut ledger,
        args.project.as_deref(),
        reader.as_of,
        &mut |balance| list.add(&report::portfolio::balance(&balance)),
    )?;
    reader.listed(&mut ledger, list, noun::BALANCE)
}
