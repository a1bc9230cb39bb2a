//! `prorata token register`

use prorata::{ops, report};

use crate::{context::Context, environment::Environment, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project
    project: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let day = cx.global.as_of.unwrap_or_else(|| Environment::now().1);
    let mut list = cx.list(report::token::REGISTER)?;
    ops::token::register(&mut ledger, &args.project, day, &mut |holding| {
        list.add(&report::token::holding(&holding))
    })?;
    cx.finish_effective(ledger, list, ("holder", "holders"))
}
