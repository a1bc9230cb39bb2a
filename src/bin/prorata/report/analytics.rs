//! `prorata report analytics`

use prorata::{ops, report};

use crate::{context::Context, event::Distributed, exit::Exit, prompt::check_days};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    distributed: Distributed,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    check_days(args.distributed.from, args.distributed.to)?;
    let mut ledger = cx.reader()?;
    let Distributed { project, from, to } = args.distributed;
    let period = ops::report::EventScope {
        project,
        event_type: None,
        from,
        to,
    };
    let found = ops::report::analytics(&mut ledger, &period, cx.as_of()?, cx.day())?;
    let events: u64 = found.totals.iter().map(|group| group.events).sum();
    let summary = if events == 1 {
        "1 approved event".to_owned()
    } else {
        format!("{events} approved events")
    };
    cx.report(
        ledger,
        &report::analytics::record(&found),
        "Analytics",
        &summary,
    )?;
    Ok(Exit::Done)
}
