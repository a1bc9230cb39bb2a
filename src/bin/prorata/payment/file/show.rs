//! `prorata payment file show`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment file
    file: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let pii = cx.pii("payment file show");
    let (file, items) = ops::payment::file::show(&mut ledger, &args.file)?;
    cx.show(ledger, &report::payment_file::with_items(&file, items, pii))
}
