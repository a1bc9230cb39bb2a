//! `prorata report statement`

use prorata::{
    domain::time::{Date, parse_date},
    ops, report,
};

use crate::{
    context::Context,
    exit::Exit,
    prompt::{Usage, check_days},
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The holder
    #[arg(long, value_name = "HOLDER")]
    holder: String,
    /// First day [default: from the beginning]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Last day [default: today, or the day of --as-of]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let (known, day) = (cx.as_of()?, cx.day());
    let Args { holder, from, to } = args;
    let to = to.unwrap_or(day);
    if to > day {
        return Err(Usage::Invalid(format!(
            "`--to {to}` lies after {day}; what is owed then is not known yet"
        ))
        .into());
    }
    check_days(from, Some(to))?;
    // The statement of a period that is over is told as of its last day, so that it never changes.
    cx.global.as_of = cx.global.as_of.or((to < day).then_some(to));
    let mut ledger = cx.reader()?;
    let of = ops::report::HolderStatementScope {
        holder: &holder,
        known,
        from,
        to,
    };
    let found = ops::report::statement(&mut ledger, &of, cx.as_of()?)?;
    let count = found.movements.len();
    let summary = if count == 1 {
        "1 movement".to_owned()
    } else {
        format!("{count} movements")
    };
    let since = from.map_or_else(|| "up to".to_owned(), |from| format!("{from} to"));
    let title = format!(
        "Statement of {} ({}), {since} {to}",
        found.name, found.holder.code
    );
    cx.report(
        ledger,
        &report::holder_statement::record(&found),
        &title,
        &summary,
    )?;
    Ok(Exit::Done)
}
