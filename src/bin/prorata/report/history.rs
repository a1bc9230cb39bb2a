//! `prorata report history`

use prorata::{domain::event::EventType, ops, report};

use crate::{
    flags::{events::EventFilter, rows::ListFlags, words},
    noun,
    open::Context,
    present::Outcome,
};

/// Show the events with their totals, in order of time
///
/// Shows what was distributed, paid and is still available, by project, type and date. Anybody who
/// can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report history --project MARINA
  prorata report history --from 2025-01-01 --to 2025-12-31 --output history.xlsx")]
pub(crate) struct Args {
    #[command(flatten)]
    events: EventFilter,
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
    let mut list = reader.list_of(&report::history::columns())?;
    let Args {
        events: EventFilter { project, from, to },
        event_type,
        ..
    } = args;
    let period = ops::report::EventScope {
        project,
        event_type,
        from,
        to,
    };
    let read = ops::report::history(&mut ledger, &period, reader.as_of, &mut |row| {
        list.add(&report::history::cells(&row))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::EVENT)
}
