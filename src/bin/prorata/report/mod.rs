//! `prorata report …`

mod activity;
mod allocations;
mod analytics;
mod balances;
mod dashboard;
mod history;

mod month_end;
mod portfolio;
mod reconciliation;
mod statement;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Events with their totals, by project and in order of time
    History(history::Args),
    /// One holder: tokens, events, lifetime totals, payments
    Portfolio(portfolio::Args),
    /// What each holder has in approved events
    Balances(balances::Args),
    /// The allocations of an event
    Allocations(allocations::Args),
    /// What a holder is owed: opening balance, movements, closing balance
    Statement(statement::Args),
    /// The audit trail in words: who did what, when, to which thing
    Activity(activity::Args),
    /// Totals by type, project and time, payment days, concentration, yields, ageing
    Analytics(analytics::Args),
    /// One page with charts and tables, for a browser
    Dashboard(dashboard::Args),
    /// Bank lines and payments, each in one class, what is left, and the closing proof
    Reconciliation(reconciliation::Args),
    /// All reports of a month in one folder, complete or not at all
    MonthEnd(month_end::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::History(args) => history::run(cx, args),
            Self::Portfolio(args) => portfolio::run(cx, args),
            Self::Balances(args) => balances::run(cx, args),
            Self::Allocations(args) => allocations::run(cx, args),
            Self::Statement(args) => statement::run(cx, args),
            Self::Activity(args) => activity::run(cx, args),
            Self::Analytics(args) => analytics::run(cx, args),
            Self::Dashboard(args) => dashboard::run(cx, args),
            Self::Reconciliation(args) => reconciliation::run(cx, args),
            Self::MonthEnd(args) => month_end::run(cx, args),
        }
    }
}
