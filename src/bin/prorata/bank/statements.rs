//! `prorata bank statements`

use prorata::{
    ops,
    report::{
        self,
        bank::{Again, StatementRow},
    },
};

use crate::{flags::ReadFlags, noun, open::Context, present::Outcome};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank account
    account: String,
    #[command(flatten)]
    read: ReadFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read(&args.read)?;
    let mut list = reader.list(report::bank::STATEMENTS)?;
    ops::bank::statements(&mut ledger, &args.account, reader.as_of, &mut |statement| {
        list.add(&report::bank::statement(&StatementRow {
            statement,
            again: Again::Listed,
        }))
    })?;
    reader.listed(&mut ledger, list, noun::STATEMENT)
}
