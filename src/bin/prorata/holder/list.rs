//! `prorata holder list`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, ReadFlags},
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
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let pii = cx.pii(args.pii);
    let mut list = reader.list(report::holder::FIELDS)?;
    ops::holder::list(&mut ledger, reader.as_of, &mut |holder| {
        list.add(&report::holder::cells(&holder, pii))
    })?;
    reader.listed(&mut ledger, list, noun::HOLDER)
}
