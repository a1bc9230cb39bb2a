//! `prorata history import`

use std::path::PathBuf;

use prorata::{
    ops::{self, history::HistoryFile},
    report,
};

use crate::{
    flags::{
        WriteFlags,
        sheet::{NumberFlags, SheetFlags},
    },
    open::Context,
    present::Outcome,
};

/// Propose to import events of the past as they were
///
/// A line says what a holder had in an event: the tokens on the record date, the gross amount, the
/// tax that was withheld, and what was paid. Amounts are taken as given and must add up; the file is
/// proposed completely or not at all, and every bad line is reported. Opening balances are a file
/// with one event. Nothing counts until somebody else approves the proposal; then what was not paid
/// can be requested, and the events are in all reports with their own dates. An operator or an admin
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata history import history.csv --project MARINA --as bola
  prorata history import opening.xlsx --project MARINA --dry-run --as bola")]
pub(crate) struct Args {
    /// File: event,title,type,date,record_date,holder,tokens,gross,tax,paid,reference,value_date; -
    /// is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    #[command(flatten)]
    sheet: SheetFlags,
    #[command(flatten)]
    numbers: NumberFlags,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let file = cx.read_sheet(&args.file, args.sheet.with(args.numbers)?)?;
    let input = HistoryFile {
        project: &args.project,
        file: &file,
    };
    let done = ops::history::import(&mut ledger, writer.session()?, input)?;
    let proposal = &done.value.proposal;
    let said = format!(
        "proposed {}: {}; nothing of it counts yet; next, by somebody who reviews: `prorata proposal approve {}`",
        proposal.number, proposal.facts.detail, proposal.number
    );
    Ok(writer.wrote(&done, report::imported_history::record(&done.value), said))
}
