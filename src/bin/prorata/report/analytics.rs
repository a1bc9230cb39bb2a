//! `prorata report analytics`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this project
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Distributed on or after this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Distributed on or before this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let Args { project, from, to } = args;
    let period = ops::report::Period { project, event_type: None, from, to };
    let found = ops::report::analytics(&mut ledger, &period, cx.as_of()?, cx.day())?;
    let events: u64 = found.totals.iter().map(|group| group.events).sum();
    let summary = if events == 1 { "1 approved event".to_owned() } else { format!("{events} approved events") };
    cx.report(ledger, &report::analytics::record(&found), "Analytics", &summary)?;
    Ok(Exit::Done)
}
