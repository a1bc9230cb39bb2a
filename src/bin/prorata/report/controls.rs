//! `prorata report controls`

use prorata::{
    domain::time::Date,
    ops::{self, report::Days},
    report,
};

use crate::{
    flags::ReadFlags,
    noun,
    open::Context,
    present::{Heading, Outcome},
    usage::check_period,
};

/// Show what the controls ask to be looked at
///
/// Lists every exception of a period with its count by kind: questions that were answered with yes,
/// files that were cancelled after an export, accounts that changed before a payment, users who
/// worked from one account, lines that were explained by hand, and more. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report controls --from 2026-01-01 --to 2026-01-31
  prorata report controls --format json")]
pub(crate) struct Args {
    /// Only exceptions of this date or later (UTC), for example 2026-01-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Option<Date>,
    /// Only exceptions of this date or earlier (UTC), for example 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    to: Option<Date>,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    check_period(args.from, args.to)?;
    let (reader, mut ledger) = cx.read(&args.read)?;
    let days = Days {
        from: args.from,
        to: args.to,
    };
    let found = ops::report::controls(&mut ledger, days, (reader.as_of, Context::now()))?;
    let heading = Heading {
        title: "Controls".to_owned(),
        summary: noun::EXCEPTION.count(found.exceptions.len()),
    };
    reader.report(&mut ledger, report::controls::record(&found), heading)
}
