//! `prorata token transfer`

use prorata::{domain::token::EntryKind, ops, report};

use crate::{
    flags::{
        WriteFlags,
        register_entry::{EntryFlags, Parties, described},
    },
    open::Context,
    present::Outcome,
};

/// Transfer tokens from one holder to another
///
/// Adds an entry to the register of a project. No holder may have less than no tokens on any date.
/// An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token transfer eze musa 500 --project MARINA --date 2025-10-01 --as bola
  prorata token transfer eze musa 500 --project MARINA --date 2025-10-01 --reference T-3 --as bola")]
pub(crate) struct Args {
    /// Holder who gives, for example eze
    #[arg(value_name = "FROM")]
    holder: String,
    /// Holder who receives, for example musa
    to: String,
    #[command(flatten)]
    entry: EntryFlags,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let parties = Parties {
        holder: args.holder,
        to: Some(args.to),
    };
    let input = args.entry.input(EntryKind::Transfer, parties);
    let done = ops::token::record(&mut ledger, writer.session()?, &input)?;
    let said = format!("transferred {}", described(&done.value));
    let record = report::token::entry_record(&done.value);
    Ok(writer.wrote(&done, record, said))
}
