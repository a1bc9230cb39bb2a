//! `prorata audit log`

use prorata::{
    domain::{
        activity::Activity,
        time::{Date, Instant, parse_date},
    },
    ops, report,
};

use crate::{context::Context, exit::Exit};

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
    /// Only of this type, such as payment_recorded
    #[arg(long = "type", value_name = "TYPE")]
    activity: Option<Activity>,
    /// On or after this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// On or before this day (UTC)
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::audit::COLUMNS)?;
    let filter = ops::audit::Filter {
        event: args.event,
        withdrawal: args.withdrawal,
        user: args.user,
        activity: args.activity,
        from: args.from.and_then(Instant::start_of),
        to: args.to.and_then(Instant::end_of),
    };
    ops::audit::log(&mut ledger, &filter, cx.as_of()?, &mut |entry| list.add(&report::audit::cells(&entry)))?;
    cx.finish(ledger, list, ("entry", "entries"))
}
