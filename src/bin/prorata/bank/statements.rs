//! `prorata bank statements`

use prorata::{
    ops,
    report::{
        self,
        bank::{Again, StatementRow},
    },
};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the statements of a bank account
///
/// Shows the statements with their period and balances. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank statements RENT
  prorata bank statements RENT --as-of 2026-01-31 --format csv")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::bank::STATEMENTS)?;
    let read = ops::bank::statements(&mut ledger, &args.account, reader.as_of, &mut |statement| {
        list.add(&report::bank::statement(&StatementRow {
            statement,
            again: Again::Listed,
        }))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::STATEMENT)
}
