//! `prorata report activity`

use prorata::{ops, report};

use crate::{audit::Entries, context::Context, exit::Exit, prompt::check_days};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    entries: Entries,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    check_days(args.entries.from, args.entries.to)?;
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::activity::FIELDS)?;
    let filter = args.entries.filter(None);
    ops::audit::log(&mut ledger, &filter, cx.as_of()?, &mut |entry| {
        list.add(&report::activity::cells(&entry))
    })?;
    cx.finish(ledger, list, ("entry", "entries"))
}
