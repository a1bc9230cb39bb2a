//! `prorata audit log`

use prorata::{domain::activity::Activity, ops, report};

use super::Entries;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    entries: Entries,
    /// Only of this type, such as payment_recorded
    #[arg(long = "type", value_name = "TYPE")]
    activity: Option<Activity>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::audit::FIELDS)?;
    let filter = args.entries.filter(args.activity);
    ops::audit::log(&mut ledger, &filter, cx.as_of()?, &mut |entry| {
        list.add(&report::audit::cells(&entry))
    })?;
    cx.finish(ledger, list, ("entry", "entries"))
}
