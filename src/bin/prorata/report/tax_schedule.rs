//! `prorata report tax-schedule`

use clap::ValueEnum;
use prorata::{domain::time::Month, ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// In which columns a schedule is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Layout {
    /// All that is known of each row
    #[default]
    Generic,
    /// The upload template of TaxPro-Max, Nigeria
    NgWht,
}

/// Write the schedule of the tax that is owed to an authority
///
/// One row for each taxed component of an allocation. Tax numbers are masked unless they are asked
/// for, which the audit trail notes: the file that is uploaded needs them. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata report tax-schedule --authority NRS --period 2026-06
  prorata report tax-schedule --authority NRS --period 2026-06 --layout ng-wht -o n.csv --show-pii")]
pub(crate) struct Args {
    /// Code of the authority, for example NRS
    #[arg(long, value_name = "CODE")]
    authority: String,
    /// Month of the tax, YYYY-MM
    #[arg(long, value_name = "MONTH", value_parser = Month::parse)]
    period: Month,
    /// Columns of the file
    #[arg(long, value_name = "LAYOUT", value_enum, default_value = "generic")]
    layout: Layout,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let pii = cx.pii(args.pii);
    let fields = match args.layout {
        Layout::Generic => report::tax_schedule::SCHEDULE,
        Layout::NgWht => report::tax_schedule::NG_WHT,
    };
    let mut list = reader.list(fields)?;
    let request = ops::tax::schedule::ScheduleRequest {
        authority: args.authority,
        period: args.period,
    };
    let read = ops::tax::schedule::schedule(&mut ledger, &request, reader.as_of, &mut |row| {
        list.add(&match args.layout {
            Layout::Generic => report::tax_schedule::schedule(&row, pii),
            Layout::NgWht => report::tax_schedule::ng_wht(&row, pii),
        })
    });
    list.ended(read)?;
    let outcome = reader.listed(&mut ledger, list, noun::ROW)?;
    Ok(match args.layout {
        Layout::Generic => outcome,
        Layout::NgWht => outcome.remark(
            "the portal takes an .xls file: open this one in a spreadsheet and save it as such"
                .to_owned(),
        ),
    })
}
