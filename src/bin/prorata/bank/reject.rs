//! `prorata bank reject`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// Reject the match that is proposed for a line
///
/// The same match is never proposed again; the next reconciliation looks at the line anew. An
/// operator or an admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank reject L-000104 --as bola
  prorata bank reject L-000104 --dry-run --as bola")]
pub(crate) struct Args {
    /// Bank line code, for example L-000104
    line: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let pii = writer.pii(args.pii);
    let done = ops::bank::reject(&mut ledger, writer.session()?, &args.line)?;
    let said = format!(
        "rejected what was proposed for {}; the next `prorata bank reconcile` looks at it again",
        done.value.number
    );
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
