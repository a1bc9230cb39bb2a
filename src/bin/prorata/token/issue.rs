//! `prorata token issue`

use prorata::{domain::token::EntryKind, ops, report};

use crate::{
    flags::{
        WriteFlags,
        register_entry::{EntryFlags, Parties, described},
    },
    open::Context,
    present::Outcome,
};

/// Issue tokens to a holder
///
/// Adds an entry to the register of a project. A date in the past makes calculations that used the
/// register stale; approved events stay as they are. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token issue musa 10000 --project MARINA --date 2024-07-01 --as bola
  prorata token issue musa 0.75 --project MARINA --date 2024-07-01 --reference SUB-0009 --as bola")]
pub(crate) struct Args {
    /// Holder who receives, for example musa
    holder: String,
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
        to: None,
    };
    let input = args.entry.input(EntryKind::Issue, parties);
    let done = ops::token::record(&mut ledger, writer.session()?, &input)?;
    let said = format!("issued {}", described(&done.value));
    let record = report::token::entry_record(&done.value);
    Ok(writer.wrote(&done, record, said))
}
