//! `prorata payment list`

use prorata::{ops, report};

use super::StatusName;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this event
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only to this holder
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusName>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::payment::FIELDS)?;
    let Args {
        event,
        holder,
        status,
    } = args;
    let filter = ops::payment::Filter {
        event,
        holder,
        status: status.map(Into::into),
    };
    ops::payment::list(&mut ledger, &filter, cx.as_of()?, &mut |payment| {
        list.add(&report::payment::cells(&payment))
    })?;
    cx.finish(ledger, list, ("payment", "payments"))
}
