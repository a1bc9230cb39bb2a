//! `prorata event cancel`

use prorata::{
    domain::{text::words, withdrawal::WithdrawalStatus},
    ops::{self, withdrawal::Selection},
    report,
    store::Ledger,
};

use crate::{
    flags::{WriteFlags, YesFlag, withdrawals::Source},
    open::Context,
    present::Outcome,
    prompt::{self, Bulk, Selects},
};

/// Cancel an event and its open withdrawals
///
/// Pending and approved withdrawals are cancelled with it. An event of which anything is paid, or
/// of which a payment file holds a withdrawal, cannot be cancelled. An operator or an admin may run
/// it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event cancel MARINA-2025-Q4 --reason 'Wrong amount' --as bola
  prorata event cancel MARINA-2025-Q4 --reason 'Wrong amount' --yes --as bola")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    yes: YesFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let cancellation = || ops::event::Cancellation {
        event: &args.event,
        reason: &args.reason,
    };
    let bulk = Bulk {
        verb: "cancel",
        selects: Selects::ByName,
        source: Source::With(&args.event),
    };
    let look = |ledger: &mut Ledger| {
        let selection = Selection::AllOf(args.event.clone());
        let states = [WithdrawalStatus::Pending, WithdrawalStatus::Approved];
        ops::withdrawal::preview(ledger, writer.key(), &selection, &states, None)
    };
    let rehearse = |ledger: &mut Ledger, session| {
        ops::event::cancel(ledger, session, cancellation(), None).map(drop)
    };
    let confirmed = prompt::confirm(&writer, &mut ledger, args.yes, bulk, (&look, &rehearse))?;
    let done = ops::event::cancel(
        &mut ledger,
        writer.session()?,
        cancellation(),
        confirmed.as_ref(),
    )?;
    let said = format!(
        "cancelled {} and its open withdrawals",
        done.value.event.code
    );
    Ok(writer.wrote(&done, report::event::record(&done.value), said))
}
