//! `prorata bank lines`

use prorata::{
    domain::{matching::Class, time::Date},
    ops, report,
};

use crate::{
    flags::{PiiFlag, rows::ListFlags, words},
    noun,
    open::Context,
    present::Outcome,
    usage::check_period,
};

/// List the lines of a bank account
///
/// Shows the bank lines with the class that the reconciliation gave them; account numbers are
/// masked. Anybody who can read the file may run it. Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank lines RENT --status proposed
  prorata bank lines RENT --from 2026-01-01 --to 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    /// Only lines of this class
    #[arg(long, value_name = "STATUS", value_parser = words::line_class())]
    status: Option<Class>,
    /// Only lines booked on or after this date, for example 2026-01-01
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Option<Date>,
    /// Only lines booked on or before this date, for example 2026-01-31
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    to: Option<Date>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    check_period(args.from, args.to)?;
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::bank::LINES)?;
    let pii = cx.pii(args.pii);
    let filter = ops::bank::Filter {
        class: args.status,
        from: args.from,
        to: args.to,
    };
    let read = ops::bank::lines(
        &mut ledger,
        (&args.account, filter),
        reader.as_of,
        &mut |line| list.add(&report::bank::line(&line, pii)),
    );
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::LINE)
}
