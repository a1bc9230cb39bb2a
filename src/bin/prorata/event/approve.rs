//! `prorata event approve`

use prorata::{
    domain::event::EventStatus,
    ops::{self, event::Summary},
    report,
};

use crate::{
    flags::{WriteFlags, review::hash},
    open::Context,
    present::Outcome,
    totals,
};

/// Approve a calculated event, so that holders can withdraw
///
/// Calculates again and compares before it approves. It brings the holders' forward balances into
/// the event, and carries forward what no bank can pay or is below the minimum: both are shown, also
/// with --dry-run. With four eyes on, whoever created or calculated the event may not approve it, nor
/// whoever recorded register entries that count for it since the project's last event was approved.
/// An approver or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event approve MARINA-2025-Q4 --as chidi
  prorata event approve MARINA-2025-Q4 --hash 0a1b2c3d --as chidi")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// Hash of the calculation to approve: its first 8 characters or more
    #[arg(long, value_name = "HASH", value_parser = hash)]
    hash: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::event::approve(
        &mut ledger,
        writer.session()?,
        &args.event,
        args.hash.as_deref(),
    )?;
    let Summary { detail, figures } = &done.value;
    let event = &detail.event;
    let code = &event.event.code;
    let next = match event.status() {
        EventStatus::Completed => {
            "nothing of it is payable: it waits for the next event".to_owned()
        }
        EventStatus::Draft
        | EventStatus::Calculated
        | EventStatus::Active
        | EventStatus::Cancelled => {
            format!("next: `prorata withdrawal request --event {code} --all-holders`")
        }
    };
    let said = format!(
        "approved {code}, allocated to {}; {next}",
        totals::of_calculation(event, figures)
    );
    let record = report::event::calculated(detail, figures);
    Ok(writer.wrote(&done, record, said))
}
