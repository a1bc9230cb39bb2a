//! `prorata payment file list`

use prorata::{ops, report};

use crate::{
    flags::{rows::ListFlags, words::file_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List the payment files
///
/// Shows the files with account, total and status. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment file list
  prorata payment file list --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = file_status())]
    status: Option<String>,
    /// Only of this bank account: its code, for example RENT
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, mut args: Args) -> anyhow::Result<Outcome> {
    args.read.rows.only("status", args.status);
    args.read.rows.only("account", args.account);
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::payment_file::FIELDS)?;
    let read = ops::payment::file::list(&mut ledger, reader.as_of, &mut |file| {
        list.add(&report::payment_file::cells(&file))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::PAYMENT_FILE)
}
