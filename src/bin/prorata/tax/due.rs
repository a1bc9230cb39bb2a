//! `prorata tax due`

use prorata::{
    domain::time::{Instant, Month},
    ops::{
        self,
        tax::remittance::{DueFilter, Overdue},
    },
    report,
};

use crate::{
    environment::Environment, flags::rows::ListFlags, noun, open::Context, present::Outcome,
};

/// List the tax that is due to authorities
///
/// Shows for each authority, month and currency what approved events withheld, what of it is not
/// remitted, and by when it must be. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax due
  prorata tax due --authority NRS --period 2026-06 --format csv")]
pub(crate) struct Args {
    /// Only owed to this authority, for example NRS
    #[arg(long, value_name = "CODE")]
    authority: Option<String>,
    /// Only of this month, YYYY-MM
    #[arg(long, value_name = "MONTH", value_parser = Month::parse)]
    period: Option<Month>,
    /// Only what is overdue
    #[arg(long)]
    overdue: bool,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::tax::DUE)?;
    let filter = DueFilter {
        authority: args.authority,
        period: args.period,
        overdue: if args.overdue {
            Overdue::Only
        } else {
            Overdue::All
        },
    };
    let today = reader.as_of.instant().map(Instant::date);
    let day = (reader.as_of, today.unwrap_or_else(|| Environment::now().1));
    let mut overdue = 0;
    let read = ops::tax::remittance::due(&mut ledger, &filter, day, &mut |due| {
        overdue += u64::from(due.overdue_days > 0);
        list.offer(&report::tax::due(&due))
    });
    list.ended(read)?;
    if overdue > 0 {
        let taxes = noun::TAX.count(overdue);
        cx.voice.warn_of(
            "tax.overdue",
            &format!("{taxes} overdue; pay, then `prorata tax remit`"),
        );
    }
    reader.listed(&mut ledger, list, noun::TAX)
}
