//! `prorata bank list`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, ReadFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// List the bank accounts
///
/// Shows the fund's accounts; account numbers are masked. Anybody who can read the file may run it.
/// Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank list
  prorata bank list --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let pii = cx.pii(args.pii);
    let mut list = reader.list(report::bank::ACCOUNTS)?;
    ops::bank::list(&mut ledger, reader.as_of, &mut |account| {
        list.add(&report::bank::account(&account, pii))
    })?;
    reader.listed(&mut ledger, list, noun::BANK_ACCOUNT)
}
