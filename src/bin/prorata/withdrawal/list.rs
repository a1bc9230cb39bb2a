//! `prorata withdrawal list`

use prorata::{ops, report};

use super::StatusName;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this event
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only of this project
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Only of this holder
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    /// Only in this state
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusName>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let pii = cx.pii("withdrawal list");
    let mut list = cx.list(report::withdrawal::FIELDS)?;
    let Args {
        event,
        project,
        holder,
        status,
    } = args;
    let filter = ops::withdrawal::Filter {
        event,
        project,
        holder,
        status: status.map(Into::into),
    };
    ops::withdrawal::list(&mut ledger, &filter, cx.as_of()?, &mut |withdrawal| {
        list.add(&report::withdrawal::cells(&withdrawal, pii))
    })?;
    cx.finish(ledger, list, ("withdrawal", "withdrawals"))
}
