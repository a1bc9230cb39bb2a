//! `prorata bank explain`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, PiiFlag},
    open::Context,
    present::Outcome,
};

/// Explain why a line has its class
///
/// Shows the line and every payment and remittance that comes near it, field by field; account numbers are masked.
/// Anybody who can read the file may run it. Complete account numbers need a user.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank explain L-000001
  prorata bank explain L-000001 --format json")]
pub(crate) struct Args {
    /// Bank line code, for example L-000104
    line: String,
    #[command(flatten)]
    pii: PiiFlag,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let pii = cx.pii(args.pii);
    let explained = ops::bank::explain(&mut ledger, &args.line)?;
    Ok(reader.show(
        &ledger,
        report::bank::explanation(&explained.line, &explained.alternatives, pii),
    ))
}
