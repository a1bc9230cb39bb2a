//! `prorata nav set`

use prorata::{
    domain::{
        quantity::Amount,
        time::{Date, parse_date},
    },
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

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
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::nav::NewNav {
        project: args.project,
        amount: args.amount,
        date: args.date,
    };
    let done = ops::nav::set(&mut ledger, writer.session()?, &input)?;
    let said = format!(
        "recorded the NAV of {} on {}",
        done.value.0.project.code, done.value.0.nav_date
    );
    Ok(writer.wrote(&done, report::nav::record(&done.value), said))
}
