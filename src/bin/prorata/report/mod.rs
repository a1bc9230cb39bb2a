//! `prorata report …`

mod activity;
mod allocations;
mod analytics;
mod balances;
mod controls;
mod dashboard;
mod history;

mod month_end;
mod portfolio;
mod reconciliation;
mod statement;
mod tax_schedule;
mod tax_year;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    History(history::Args),
    Portfolio(portfolio::Args),
    Balances(balances::Args),
    #[command(after_long_help = "\
Examples:
  prorata report allocations MARINA-2025-Q4
  prorata report allocations MARINA-2025-Q4 --as-of 2026-01-31 --format csv")]
    Allocations(allocations::Args),
    Statement(statement::Args),
    Activity(activity::Args),
    Analytics(analytics::Args),
    Controls(controls::Args),
    Dashboard(dashboard::Args),
    Reconciliation(reconciliation::Args),
    MonthEnd(month_end::Args),
    TaxSchedule(tax_schedule::Args),
    TaxYear(tax_year::Args),
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
            Self::Controls(args) => controls::run(cx, args),
            Self::Dashboard(args) => dashboard::run(cx, args),
            Self::Reconciliation(args) => reconciliation::run(cx, args),
            Self::MonthEnd(args) => month_end::run(cx, args),
            Self::TaxSchedule(args) => tax_schedule::run(cx, args),
            Self::TaxYear(args) => tax_year::run(cx, args),
        }
    }
}
