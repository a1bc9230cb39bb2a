//! `prorata event participants`

use std::path::PathBuf;

use prorata::{
    domain::{event::Policy, text::words},
    ops::{self, event::EventExclusion},
    report,
};

use crate::{
    flags::{WriteFlags, sheet::SheetFlags},
    open::Context,
    present::Outcome,
    totals,
};

/// Let only the holders of a list take part in an event
///
/// Everybody else with tokens on the record date is excluded, with one policy and reason. The list
/// replaces what was said before about who takes part in this event, and counts before the
/// project's exclusions. A calculated event is a draft again. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event participants MARINA-2025-Q4 list.csv --policy redistribute --reason unsold
  prorata event participants MARINA-2025-Q4 - --policy retain --reason 'other: class B'")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// CSV file or workbook with a column `holder`; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What becomes of the parts of all others: redistribute, retain or assign:HOLDER
    #[arg(long, value_name = "POLICY")]
    policy: Policy<String>,
    /// Reason: treasury, unsold, defaulted or 'other: TEXT'
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let file = cx.read_sheet(&args.file, args.sheet.options()?)?;
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = EventExclusion {
        event: args.event,
        holders: Vec::new(),
        policy: args.policy,
        reason: args.reason,
    };
    let done = ops::event::participants(&mut ledger, writer.session()?, &input, &file)?;
    let said = totals::of_draft(&done.value.event);
    Ok(writer.wrote(&done, report::event::shown(&done.value), said))
}
