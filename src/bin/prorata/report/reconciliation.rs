//! `prorata report reconciliation`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{
    flags::ReadFlags,
    open::Context,
    present::{Heading, Outcome},
    usage::check_period,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this bank account
    #[arg(long, value_name = "BANK")]
    account: Option<String>,
    /// Only the payments of this event, and what they are linked to
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// From this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Up to this day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    check_period(args.from, args.to)?;
    let (reader, mut ledger) = cx.read(&args.read)?;
    let scope = ops::report::ReconciliationScope {
        account: args.account,
        event: args.event,
        from: args.from,
        to: args.to,
    };
    let found = ops::report::reconciliation(&mut ledger, &scope, reader.as_of, reader.day)?;
    let heading = Heading {
        title: "Reconciliation".to_owned(),
        summary: format!("{} left to settle", found.report.items.len()),
    };
    let record = report::reconciliation::record(&found.report);
    let mut outcome = reader.report(&mut ledger, record, heading)?;
    for (account, last) in &found.unseen {
        let since = last.map_or_else(
            || "it was never reconciled".to_owned(),
            |last| format!("last reconciled at {last}"),
        );
        outcome = outcome.remark(format!(
            "{account} has lines that are not reconciled ({since}); next: `prorata bank reconcile {account}`"
        ));
    }
    Ok(outcome)
}
