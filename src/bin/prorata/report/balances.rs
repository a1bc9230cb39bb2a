//! `prorata report balances`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this project's events
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::portfolio::BALANCES)?;
    ops::report::balances(
        &mut ledger,
        args.project.as_deref(),
        cx.as_of()?,
        &mut |balance| list.add(&report::portfolio::balance(&balance)),
    )?;
    cx.finish(ledger, list, ("balance", "balances"))
}
