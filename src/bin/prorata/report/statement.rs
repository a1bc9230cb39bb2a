//! `prorata report statement`

use prorata::{
    domain::{
        holder_statement::{DayBasis, HolderStatement},
        time::Date,
    },
    ops, report,
    store::AsOf,
};

use crate::{
    flags::{AsOfFlag, ReadFlags, words::day_basis},
    noun,
    open::Context,
    present::{Heading, Outcome},
    usage::{Usage, check_period},
};

/// Show what a holder was owed: opening, movements, closing
///
/// By the day of recording, which is the default, the statement of a period that is over never
/// changes. With --by value a movement counts on its value date, an event that was imported on its own
/// day, and the head says up to what the ledger was known; --known-on prints the same again. Anybody
/// who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report statement musa --from 2026-01-01 --to 2026-03-31 --by value
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
    /// Order and cut the movements by the day of recording or by value date
    #[arg(long, value_name = "DAY", value_parser = day_basis(), default_value = "recorded", hide_default_value = true)]
    by: DayBasis,
    /// With --by value: as known at the end of DATE, or up to an audit entry [default: now]
    #[arg(long, value_name = "DATE|ENTRY", value_parser = known_on)]
    known_on: Option<KnownOn>,
    #[command(flatten)]
    read: ReadFlags,
}

/// What `--known-on` names.
#[derive(Clone, Copy, Debug)]
enum KnownOn {
    /// The end of a day.
    Day(Date),
    /// An entry of the audit trail.
    Entry(i64),
}

fn known_on(text: &str) -> Result<KnownOn, String> {
    match text.parse::<i64>() {
        Ok(entry) => Ok(KnownOn::Entry(entry)),
        Err(_) => crate::environment::parse_day(text)
            .map(KnownOn::Day)
            .map_err(|error| format!("{error}; or write the number of an audit entry")),
    }
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let day = Context::day(args.read.as_of);
    let to = args.to.unwrap_or(day);
    if to > day {
        let message = format!("`--to {to}` is after {day}; what is owed then is not known yet");
        return Err(Usage::Invalid(message).into());
    }
    check_period(args.from, Some(to))?;
    match args.by {
        DayBasis::Recorded => by_recorded(cx, args, to),
        DayBasis::Value => by_value(cx, args, to),
    }
}

/// The statement of a period that is over is as of its last day, so that it never changes.
fn by_recorded(cx: &Context, args: Args, to: Date) -> anyhow::Result<Outcome> {
    let (known, day) = (
        Context::as_of(args.read.as_of)?,
        Context::day(args.read.as_of),
    );
    if args.known_on.is_some() {
        let message = "`--known-on` goes with `--by value`".to_owned();
        return Err(Usage::Invalid(message).into());
    }
    let mut read = args.read;
    read.as_of.as_of = read.as_of.as_of.or((to < day).then_some(to));
    let (reader, mut ledger) = cx.read(&read)?;
    let holder = args.holder.or(args.of).unwrap_or_default();
    let of = ops::report::HolderStatementScope {
        holder: &holder,
        known,
        from: args.from,
        to,
        basis: DayBasis::Recorded,
        known_on: None,
    };
    let found = ops::report::statement(&mut ledger, &of, reader.as_of)?;
    reader.report(
        &mut ledger,
        report::holder_statement::record(&found),
        heading(&found),
    )
}

/// The statement of a period by value date is as far as it was known on a day.
fn by_value(cx: &Context, args: Args, to: Date) -> anyhow::Result<Outcome> {
    if args.read.as_of.as_of.is_some() {
        let message = "`--by value` takes `--known-on`, not `--as-of`".to_owned();
        return Err(Usage::Invalid(message).into());
    }
    let (reader, mut ledger) = cx.read(&args.read)?;
    let (as_of, known_on) = match args.known_on {
        None => (AsOf::Now, None),
        Some(KnownOn::Day(day)) => {
            if day < to || day >= Context::today() {
                let message = format!(
                    "`--known-on {day}` must be a day that is over, and not before the last day {to}"
                );
                return Err(Usage::Invalid(message).into());
            }
            let as_of = Context::as_of(AsOfFlag { as_of: Some(day) })?;
            (as_of, Some(day))
        }
        Some(KnownOn::Entry(entry)) => {
            let Some(at) = ops::report::recorded_at(&mut ledger, entry)? else {
                let message = format!("the audit trail has no entry {entry}");
                return Err(Usage::Invalid(message).into());
            };
            (AsOf::At(at), None)
        }
    };
    let holder = args.holder.or(args.of).unwrap_or_default();
    let of = ops::report::HolderStatementScope {
        holder: &holder,
        known: as_of,
        from: args.from,
        to,
        basis: DayBasis::Value,
        known_on,
    };
    let found = ops::report::statement(&mut ledger, &of, as_of)?;
    reader.report(
        &mut ledger,
        report::holder_statement::record(&found),
        heading(&found),
    )
}

/// Names the holder and the days, and up to what a statement by value date was known.
fn heading(found: &HolderStatement) -> Heading {
    let since = found
        .from
        .map_or_else(|| "up to".to_owned(), |from| format!("{from} to"));
    let known = found.known.map_or_else(String::new, |known| {
        format!(
            " by value date, known on {}, entry {}",
            known.day, known.entry
        )
    });
    Heading {
        title: format!(
            "Statement of {} ({}), {since} {}{known}",
            found.name, found.holder.code, found.to
        ),
        summary: noun::MOVEMENT.count(found.movements.len()),
    }
}
