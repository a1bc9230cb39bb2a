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

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder who gives
    #[arg(value_name = "FROM")]
    holder: String,
    /// Holder who receives
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
