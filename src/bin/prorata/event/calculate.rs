//! `prorata event calculate`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Event
    event: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let done = ops::event::calculate(&mut ledger, cx.session()?, &args.event)?;
    let code = &done.value.event.event.code;
    let said = format!(
        "allocated to {} holders; next: `prorata event approve {code}` by an approver",
        done.value.holders
    );
    cx.wrote(
        ledger,
        &done,
        &report::event::calculated(&done.value.event, done.value.holders),
        &said,
    )
}
