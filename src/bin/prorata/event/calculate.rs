//! `prorata event calculate`

use prorata::{
    ops::{self, event::Summary},
    report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome, totals};

/// Allocate the amount of an event over its holders
///
/// Takes the holdings of the record date and divides the amount exactly: the sum of the allocations
/// is the amount. It can be repeated until the event is approved. An operator or an admin may run
/// it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event calculate MARINA-2025-Q4 --as bola
  prorata event calculate MARINA-2025-Q4 --dry-run --as bola")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::event::calculate(&mut ledger, writer.session()?, &args.event)?;
    let Summary { detail, figures } = &done.value;
    let event = &detail.event;
    for holder in &figures.unused_exclusions {
        cx.voice.warn_of(
            "event.exclusion_unused",
            &format!("`{holder}` is excluded and has no tokens on the record date"),
        );
    }
    for warning in &figures.tax_warnings {
        cx.voice.warn_of(warning.code(), &warning.to_string());
    }
    let code = &event.event.code;
    let said = format!(
        "allocated to {}; next, by an approver: `prorata event approve {code}`",
        totals::of_calculation(event, figures)
    );
    let record = report::event::calculated(detail, figures);
    Ok(writer.wrote(&done, record, said))
}
