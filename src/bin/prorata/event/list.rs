//! `prorata event list`

use prorata::{ops, report};

use super::{Distributed, StatusName, TypeName};
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    distributed: Distributed,
    /// Only in this state
    #[arg(long, value_name = "STATUS")]
    status: Option<StatusName>,
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<TypeName>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::event::FIELDS)?;
    let Args {
        distributed: Distributed { project, from, to },
        status,
        event_type,
    } = args;
    let filter = ops::event::Filter {
        project,
        status: status.map(Into::into),
        event_type: event_type.map(Into::into),
        from,
        to,
    };
    ops::event::list(&mut ledger, &filter, cx.as_of()?, &mut |event| {
        list.add(&report::event::cells(&event))
    })?;
    cx.finish(ledger, list, ("event", "events"))
}
