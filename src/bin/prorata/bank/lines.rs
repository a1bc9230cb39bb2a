//! `prorata bank lines`

use prorata::{
    domain::{
        matching::Class,
        time::{Date, parse_date},
    },
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
    /// Only lines of this class, such as matched, proposed, ambiguous, on_bank_not_in_ledger
    #[arg(long, value_name = "STATUS", value_parser = super::class)]
    status: Option<Class>,
    /// Booked on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Booked on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let pii = cx.pii("bank lines");
    let mut list = cx.list(report::bank::LINES)?;
    let filter = ops::bank::Filter {
        class: args.status,
        from: args.from,
        to: args.to,
    };
    ops::bank::lines(
        &mut ledger,
        (&args.account, filter),
        cx.as_of()?,
        &mut |line| list.add(&report::bank::line(&line, pii)),
    )?;
    cx.finish(ledger, list, ("line", "lines"))
}
