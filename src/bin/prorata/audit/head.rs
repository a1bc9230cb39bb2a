//! `prorata audit head`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let head = ops::audit::head(&mut ledger, cx.as_of()?)?;
    cx.show(ledger, &report::audit::head(&head))
}
