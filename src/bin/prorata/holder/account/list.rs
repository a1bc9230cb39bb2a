//! `prorata holder account list`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// List the bank accounts of a holder
///
/// Shows the accounts that are not removed, and everybody who had a hand in them; account numbers
/// are masked. Anybody who can read the file may run it. Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder account list musa
  prorata holder account list musa --format json")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::holder::ACCOUNTS)?;
    let pii = cx.pii(args.pii);
    let read =
        ops::holder::account::list(&mut ledger, &args.holder, reader.as_of, &mut |account| {
            list.add(&report::holder::account_cells(&account, pii))
        });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::ACCOUNT)
}
