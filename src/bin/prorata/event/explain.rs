//! `prorata event explain`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Explain a holder's allocation to the last unit
///
/// Shows every step with its numbers: from the proceeds to the exact share and how it was rounded,
/// to the tax, and to what is payable; then every request, payment and remittance that followed.
/// Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata event explain MARINA-2025-Q4 musa
  prorata event explain MARINA-2025-Q4 musa --format json")]
pub(crate) struct Args {
    /// Event code, for example MARINA-2025-Q4
    event: String,
    /// Holder code, for example musa
    holder: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let explained = ops::event::explain(&mut ledger, &args.event, &args.holder)?;
    Ok(reader.show(&ledger, report::explanation::explanation(&explained)))
}
