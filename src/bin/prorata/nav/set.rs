//! `prorata nav set`

use prorata::{
    domain::{quantity::Amount, time::Date},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Record the net asset value of a project at a date
///
/// A later value for the same date replaces the earlier one in new calculations; both stay in the
/// audit trail. A calculation that used another value is refused at its approval. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata nav set MARINA 480000000 --date 2025-12-31 --as bola
  prorata nav set MARINA 480000000 --date 2025-12-31 --dry-run --as bola")]
pub(crate) struct Args {
    /// Project code, for example MARINA
    project: String,
    /// Net asset value in the project's currency, for example 480000000
    #[arg(allow_negative_numbers = true)]
    amount: Amount,
    /// Date of the value, for example 2025-12-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
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
        done.value.nav.project.code, done.value.nav.nav_date
    );
    Ok(writer.wrote(&done, report::nav::record(&done.value), said))
}
