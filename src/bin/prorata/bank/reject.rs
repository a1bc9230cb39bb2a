//! `prorata bank reject`

use prorata::{ops, report};

use crate::{
    flags::{PiiFlag, WriteFlags},
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Bank line
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
