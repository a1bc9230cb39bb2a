//! `prorata bank list`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags},
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
    /// Only of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, mut args: Args) -> anyhow::Result<Outcome> {
    args.read.rows.only("project", args.project);
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::bank::ACCOUNTS)?;
    let pii = cx.pii(args.pii);
    let read = ops::bank::list(&mut ledger, reader.as_of, &mut |account| {
        list.add(&report::bank::account(&account, pii))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::BANK_ACCOUNT)
}
