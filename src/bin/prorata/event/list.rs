//! `prorata event list`

use prorata::{
    domain::event::{EventStatus, EventType},
    ops, report,
};

use crate::{
    flags::{events::EventFilter, rows::ListFlags, words},
    noun,
    open::Context,
    present::Outcome,
};

/// List the events
///
/// Shows the events with status and totals, by project, type, status and date. Anybody who can read
/// the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event list --status active
  prorata event list --project MARINA --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    #[command(flatten)]
    events: EventFilter,
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = words::event_status())]
    status: Option<EventStatus>,
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE", value_parser = words::event_type())]
    event_type: Option<EventType>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    args.events.check()?;
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::event::FIELDS)?;
    let Args {
        events: EventFilter { project, from, to },
        status,
        event_type,
        ..
    } = args;
    let filter = ops::event::Filter {
        project,
        status,
        event_type,
        from,
        to,
    };
    let read = ops::event::list(&mut ledger, &filter, reader.as_of, &mut |event| {
        list.add(&report::event::cells(&event))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::EVENT)
}
