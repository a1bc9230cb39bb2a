//! `prorata bank show`

use prorata::{ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.only_now()?;
    let mut ledger = cx.reader()?;
    let pii = cx.pii("bank show");
    let account = ops::bank::show(&mut ledger, &args.account)?;
    cx.show(ledger, &report::bank::account_record(&account, pii))
}
