//! `prorata bank statements`

use prorata::{
    ops,
    report::{
        self,
        bank::{Again, StatementRow},
    },
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.reader()?;
    let mut list = cx.list(report::bank::STATEMENTS)?;
    ops::bank::statements(&mut ledger, &args.account, cx.as_of()?, &mut |statement| {
        list.add(&report::bank::statement(&StatementRow {
            statement,
            again: Again::Listed,
        }))
    })?;
    cx.finish(ledger, list, ("statement", "statements"))
}
