//! `prorata bank proposals`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// List the matches that wait to be confirmed
///
/// Shows every line for which a match is proposed, next to what the ledger says: the payments, the
/// holders and their names, the end of the account number, the amount and the evidence. A CSV file
/// of it can be given to `bank confirm --from`. Anybody who can read the file may run it. Complete
/// account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank proposals RENT
  prorata bank proposals RENT --output proposals.csv")]
pub(crate) struct Args {
    /// Bank account code, for example RENT [default: all accounts]
    account: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::bank_proposal::FIELDS)?;
    let pii = cx.pii(args.pii);
    let account = args.account.as_deref();
    let read = ops::bank::proposals(&mut ledger, account, reader.as_of, &mut |proposed| {
        list.add(&report::bank_proposal::cells(&proposed, pii))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::LINE)
}
