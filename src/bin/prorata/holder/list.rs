//! `prorata holder list`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, rows::ListFlags, words::holder_status},
    noun,
    open::Context,
    present::Outcome,
};

/// List the holders
///
/// Shows every holder with status and bank details; account numbers are masked. Anybody who can
/// read the file may run it. Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata holder list
  prorata holder list --show-pii --output holders.xlsx --as bola")]
pub(crate) struct Args {
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = holder_status())]
    status: Option<String>,
    /// Only holders who have or had tokens of this project: its code, for example MARINA
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, mut args: Args) -> anyhow::Result<Outcome> {
    args.read.rows.only("status", args.status);
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::holder::FIELDS)?;
    let pii = cx.pii(args.pii);
    let read = ops::holder::list(
        &mut ledger,
        args.project.as_deref(),
        reader.as_of,
        &mut |holder| list.add(&report::holder::cells(&holder, pii)),
    );
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::HOLDER)
}
