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

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder who receives
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
