//! `prorata report balances`

use prorata::{ops, report};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// Show what every holder has in approved events
///
/// Shows what is allocated, withheld, paid, pending, available and carried forward, by holder and
/// currency. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report balances
  prorata report balances --project MARINA --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Only from events of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::portfolio::BALANCES)?;
    let read = ops::report::balances(
        &mut ledger,
        args.project.as_deref(),
        reader.as_of,
        &mut |balance| list.add(&report::portfolio::balance(&balance)),
    );
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::BALANCE)
}
