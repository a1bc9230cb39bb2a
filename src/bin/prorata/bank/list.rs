//! `prorata bank list`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, ReadFlags},
    noun,
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
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
