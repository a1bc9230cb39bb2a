//! `prorata report reconciliation`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{context::Context, exit::Exit, prompt::check_days};

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
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    check_days(args.from, args.to)?;
    let mut ledger = cx.reader()?;
    let scope = ops::report::ReconciliationScope {
        account: args.account,
        event: args.event,
        from: args.from,
        to: args.to,
    };
    let found = ops::report::reconciliation(&mut ledger, &scope, cx.as_of()?, cx.day())?;
    let left = found.report.items.len();
    let record = report::reconciliation::record(&found.report);
    cx.report(
        ledger,
        &record,
        "Reconciliation",
        &format!("{left} left to settle"),
    )?;
    for (account, last) in &found.unseen {
        let since = last.map_or_else(|| "never".to_owned(), |last| format!("last at {last}"));
        cx.say(&format!("{account} has lines that no run has seen (run {since}); next: `prorata bank reconcile {account}`"));
    }
    Ok(Exit::Done)
}
