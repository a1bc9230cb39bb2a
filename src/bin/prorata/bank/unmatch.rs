//! `prorata bank unmatch`

use prorata::{domain::text::words, ops, report};

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
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let pii = writer.pii(args.pii);
    let request = ops::bank::UnmatchRequest {
        line: &args.line,
        reason: &args.reason,
    };
    let done = ops::bank::unmatch(&mut ledger, writer.session()?, &request)?;
    let said = format!(
        "took back what {} was matched with; payments stay recorded",
        done.value.number
    );
    Ok(writer.wrote(&done, report::bank::line_record(&done.value, pii), said))
}
