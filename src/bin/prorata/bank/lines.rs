//! `prorata bank lines`

use prorata::{
    domain::{
        matching::Class,
        time::{Date, parse_date},
    },
    ops, report,
};

use crate::{
    flags::{PiiFlag, ReadFlags, words},
    noun,
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
    /// Only lines of this class
    #[arg(long, value_name = "STATUS", value_parser = words::line_class())]
    status: Option<Class>,
    /// Booked on this day or later
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Booked on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let pii = cx.pii(args.pii);
    let mut list = reader.list(report::bank::LINES)?;
    let filter = ops::bank::Filter {
        class: args.status,
        from: args.from,
        to: args.to,
    };
    ops::bank::lines(
        &mut ledger,
        (&args.account, filter),
        reader.as_of,
        &mut |line| list.add(&report::bank::line(&line, pii)),
    )?;
    reader.listed(&mut ledger, list, noun::LINE)
}
