//! `prorata withdrawal set`

use prorata::{domain::text::words, ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Correct the notes of a withdrawal before its approval
///
/// The amount, the account and the means stay: for others cancel the withdrawal and request it
/// again. What was reviewed never changes. An operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata withdrawal set W-000001 --notes 'Asked for by phone on 12 January' --as bola
  prorata withdrawal set W-000001 --no-notes --as bola")]
pub(crate) struct Args {
    /// Withdrawal code, for example W-000012
    withdrawal: String,
    /// Notes for the request
    #[arg(long, value_name = "TEXT", value_parser = words, required_unless_present = "no_notes", conflicts_with = "no_notes")]
    notes: Option<String>,
    /// Remove the notes
    #[arg(long)]
    no_notes: bool,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::withdrawal::NotesChange {
        withdrawal: args.withdrawal,
        notes: args.notes,
    };
    let pii = writer.pii(args.pii);
    let done = ops::withdrawal::set(&mut ledger, writer.session()?, &input)?;
    let said = format!("changed the notes of {}", done.value.number);
    Ok(writer.wrote(&done, report::withdrawal::record(&done.value, pii), said))
}
