//! `prorata report analytics`

use prorata::{ops, report};

use crate::{
    flags::{ReadFlags, events::EventFilter},
    noun,
    open::Context,
    present::{Heading, Outcome},
};

/// Show totals, payment days, concentration, yields and ageing
///
/// Shows the figures of approved events, by type, project and time. Anybody who can read the file
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report analytics
  prorata report analytics --project MARINA --from 2025-01-01 --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    events: EventFilter,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    args.events.check()?;
    let (reader, mut ledger) = cx.read(&args.read)?;
    let EventFilter { project, from, to } = args.events;
    let period = ops::report::EventScope {
        project,
        event_type: None,
        from,
        to,
    };
    let found = ops::report::analytics(&mut ledger, &period, reader.as_of, reader.day)?;
    let events: u64 = found.totals.iter().map(|group| group.events).sum();
    let heading = Heading {
        title: "Analytics".to_owned(),
        summary: noun::APPROVED_EVENT.count(events),
    };
    reader.report(&mut ledger, report::analytics::record(&found), heading)
}
