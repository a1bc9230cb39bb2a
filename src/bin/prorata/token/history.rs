//! `prorata token history`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project
    project: String,
    /// Only entries of this holder
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::token::ENTRIES)?;
    let until = cx.global.as_of;
    ops::token::history(
        &mut ledger,
        &args.project,
        args.holder.as_deref(),
        until,
        &mut |entry| list.add(&report::token::entry(&entry)),
    )?;
    cx.finish_effective(ledger, list, ("entry", "entries"))
}
