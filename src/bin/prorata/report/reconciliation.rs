//! `prorata report reconciliation`

use prorata::{domain::time::Date, ops, report};

use crate::{
    flags::ReadFlags,
    open::Context,
    present::{Heading, Outcome},
    usage::check_period,
};

/// Show bank lines and payments by class, and what is left
///
/// Puts every bank line and payment into one class, lists what is left to settle, and proves the
/// closing balance. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report reconciliation --account RENT
  prorata report reconciliation --from 2026-01-01 --to 2026-01-31 --output reconciliation.xlsx")]
pub(crate) struct Args {
    /// Only this bank account: its code, for example RENT
    #[arg(long, value_name = "BANK")]
    account: Option<String>,
    /// Only payments of this event and their lines: its code, for example MARINA-2025-Q4
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// First date, for example 2026-01-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Option<Date>,
    /// Last date, for example 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
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
