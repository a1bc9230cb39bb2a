//! `prorata forward release`

use prorata::{
    domain::{event::AllocationRow, text::words},
    ops, report,
};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Release a holder's forward balance into an approved event
///
/// Puts what a bank can pay of the balance into the holder's allocation of the event, whatever the
/// minimum, for example for a holder who leaves. A completed event is active again. The withdrawal
/// still needs its request and approval. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata forward release musa --project MARINA --event MARINA-2025-Q4 --reason 'Sold all'
  prorata forward release musa --project MARINA --event MARINA-2025-Q4 --reason 'Left' --dry-run")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    /// Project code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: String,
    /// Event code, for example MARINA-2025-Q4
    #[arg(long, value_name = "EVENT")]
    event: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::forward::Release {
        holder: args.holder,
        project: args.project,
        event: args.event,
        reason: args.reason,
    };
    let done = ops::forward::release(&mut ledger, writer.session()?, &input)?;
    let AllocationRow {
        allocation, event, ..
    } = &done.value;
    let (holder, code) = (&allocation.holder.code, &event.event.code);
    let said = format!(
        "released the forward balance of {holder} into {code}: {} {} is available; next: `prorata withdrawal request --event {code} --holder {holder} --all`",
        event.currency,
        allocation
            .balance
            .available()
            .grouped(event.currency.decimals())
    );
    let record = report::allocation::record(&done.value);
    Ok(writer.wrote(&done, record, said))
}
