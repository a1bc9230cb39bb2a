//! `prorata event cancel`

use prorata::{
    domain::{text::words, withdrawal::WithdrawalStatus},
    ops::{self, withdrawal::Selection},
    report,
};

use crate::{context::Context, exit::Exit, prompt};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let confirmed = prompt::confirm(cx, "cancel", || {
        let selection = Selection::AllOf(args.event.clone());
        ops::withdrawal::preview(
            &mut ledger,
            &selection,
            &[WithdrawalStatus::Pending, WithdrawalStatus::Approved],
        )
    })?;
    let done = ops::event::cancel(
        &mut ledger,
        cx.session()?,
        ops::event::Cancellation {
            event: &args.event,
            reason: &args.reason,
        },
        confirmed.as_ref(),
    )?;
    let said = format!(
        "cancelled {} and its open withdrawals",
        done.value.event.code
    );
    cx.wrote(ledger, &done, &report::event::record(&done.value), &said)
}
