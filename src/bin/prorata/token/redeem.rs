//! `prorata token redeem`

use prorata::{domain::token::EntryKind, ops, report};

use crate::{
    flags::{
        WriteFlags,
        register_entry::{EntryFlags, Parties, described},
    },
    open::Context,
    present::Outcome,
};

/// Redeem tokens of a holder
///
/// Adds an entry to the register of a project: the tokens no longer exist from its date. No holder
/// may have less than no tokens on any date. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata token redeem eze 1500 --project MARINA --date 2025-11-30 --as bola
  prorata token redeem eze 1500 --project MARINA --date 2025-11-30 --dry-run --as bola")]
pub(crate) struct Args {
    /// Holder who gives, for example eze
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
    let input = args.entry.input(EntryKind::Redeem, parties);
    let done = ops::token::record(&mut ledger, writer.session()?, &input)?;
    let said = format!("redeemed {}", described(&done.value));
    let record = report::token::entry_record(&done.value);
    Ok(writer.wrote(&done, record, said))
}
