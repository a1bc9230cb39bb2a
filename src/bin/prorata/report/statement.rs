//! `prorata report statement`

use prorata::{domain::time::Date, ops, report};

use crate::{
    flags::ReadFlags,
    noun,
    open::Context,
    present::{Heading, Outcome},
    usage::{Usage, check_period},
};

/// Show what a holder was owed: opening, movements, closing
///
/// The statement of a period that is over never changes. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report statement musa
  prorata report statement musa --from 2026-01-01 --to 2026-03-31 --output musa.html")]
pub(crate) struct Args {
    /// Holder code, for example musa
    #[arg(value_name = "HOLDER", required_unless_present = "of")]
    holder: Option<String>,
    /// The holder code, as a flag
    #[arg(
        long = "holder",
        value_name = "HOLDER",
        hide = true,
        conflicts_with = "holder"
    )]
    of: Option<String>,
    /// First date, for example 2026-01-01 [default: the beginning]
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Option<Date>,
    /// Last date, for example 2026-03-31 [default: today, or the date of --as-of]
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    to: Option<Date>,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let Args {
        holder,
        of,
        from,
        to,
        mut read,
    } = args;
    let holder = holder.or(of).unwrap_or_default();
    let (known, day) = (Context::as_of(read.as_of)?, Context::day(read.as_of));
    let to = to.unwrap_or(day);
    if to > day {
        let message = format!("`--to {to}` is after {day}; what is owed then is not known yet");
        return Err(Usage::Invalid(message).into());
    }
    check_period(from, Some(to))?;
    // The statement of a period that is over is as of its last day, so that it never changes.
    read.as_of.as_of = read.as_of.as_of.or((to < day).then_some(to));
    let (reader, mut ledger) = cx.read(&read)?;
    let of = ops::report::HolderStatementScope {
        holder: &holder,
        known,
        from,
        to,
    };
    let found = ops::report::statement(&mut ledger, &of, reader.as_of)?;
    let since = from.map_or_else(|| "up to".to_owned(), |from| format!("{from} to"));
    let heading = Heading {
        title: format!(
            "Statement of {} ({}), {since} {to}",
            found.name, found.holder.code
        ),
        summary: noun::MOVEMENT.count(found.movements.len()),
    };
    reader.report(
        &mut ledger,
        report::holder_statement::record(&found),
        heading,
    )
}
