//! `prorata nav set`

use prorata::{
    domain::{
        quantity::Amount,
        time::{Date, parse_date},
    },
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Project
    project: String,
    /// Net asset value, in the project's currency
    #[arg(allow_negative_numbers = true)]
    amount: Amount,
    /// Date of the value
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Date,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let input = ops::nav::NewNav {
        project: args.project,
        amount: args.amount,
        date: args.date,
    };
    let done = ops::nav::set(&mut ledger, cx.session()?, &input)?;
    let said = format!(
        "recorded the NAV of {} on {}",
        done.value.0.project.code, done.value.0.nav_date
    );
    cx.wrote(ledger, &done, &report::nav::record(&done.value), &said)
}
