//! `prorata nav list`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project
    project: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::nav::FIELDS)?;
    ops::nav::list(&mut ledger, &args.project, cx.global.as_of, &mut |nav| {
        list.add(&report::nav::cells(&nav))
    })?;
    cx.finish_effective(ledger, list, ("value", "values"))
}
