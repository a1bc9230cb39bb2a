//! `prorata report activity`

use prorata::{
    domain::time::{Date, Instant, parse_date},
    ops, report,
};

use crate::{context::Context, exit::Exit, prompt::check_days};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only about this event
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only about this withdrawal
    #[arg(long, value_name = "WITHDRAWAL")]
    withdrawal: Option<String>,
    /// Only by this user
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// On or after this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// On or before this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    check_days(args.from, args.to)?;
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::activity::COLUMNS)?;
    let Args { event, withdrawal, user, from, to } = args;
    let filter = ops::audit::Filter {
        event,
        withdrawal,
        user,
        activity: None,
        from: from.and_then(Instant::start_of),
        to: to.and_then(Instant::end_of),
    };
    ops::audit::log(&mut ledger, &filter, cx.as_of()?, &mut |entry| list.add(&report::activity::cells(&entry)))?;
    cx.finish(ledger, list, ("entry", "entries"))
}
