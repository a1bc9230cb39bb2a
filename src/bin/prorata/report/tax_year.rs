//! `prorata report tax-year`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// Show what was withheld from holders in a year
///
/// One row for each holder and event, by tax date: gross, rate, tax, net and the remittance that paid
/// it. It is not the credit note of an authority. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report tax-year 2026
  prorata report tax-year 2026 --holder musa --format csv")]
pub(crate) struct Args {
    /// Year of the tax dates, for example 2026
    #[arg(value_name = "YEAR", value_parser = clap::value_parser!(i32).range(1900..3000))]
    year: i32,
    /// Only of this holder
    #[arg(long, value_name = "HOLDER")]
    holder: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::tax_schedule::YEAR)?;
    let pii = cx.pii(args.pii);
    let request = ops::tax::schedule::YearRequest {
        year: args.year,
        holder: args.holder,
    };
    let read = ops::tax::schedule::year(&mut ledger, &request, reader.as_of, &mut |row| {
        list.add(&report::tax_schedule::year(&row, pii))
    });
    list.ended(read)?;
    let outcome = reader.listed(&mut ledger, list, noun::ROW)?;
    Ok(outcome.remark(
        "this is what the ledger withheld; it is not the credit note of an authority".to_owned(),
    ))
}
