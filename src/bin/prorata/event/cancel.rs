//! `prorata event cancel`

use prorata::{domain::text::words, ops, report};

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
    let event = ops::event::show(&mut ledger, &args.event)?;
    let pending = event.balance.pending();
    if !pending.is_zero() {
        let held = format!("{} {}", event.currency, pending.grouped(event.currency.decimals()));
        prompt::agree(cx, &format!("cancel {} and its open withdrawals of {held}?", event.event.code))?;
    }
    let done = ops::event::cancel(&mut ledger, cx.session()?, &args.event, &args.reason)?;
    let said = format!("cancelled {} and its open withdrawals", done.value.event.code);
    cx.wrote(ledger, &done, &report::event::record(&done.value), &said)
}
