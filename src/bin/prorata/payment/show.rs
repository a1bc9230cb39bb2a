//! `prorata payment show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show a payment
///
/// Shows one payment, its withdrawal, its bank line, the payment that it replaces, and what it said
/// before it was corrected. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata payment show P-000001
  prorata payment show P-000001 --format json")]
pub(crate) struct Args {
    /// Payment code, for example P-000004
    payment: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let payment = ops::payment::show(&mut ledger, &args.payment)?;
    Ok(reader.show(&ledger, report::payment::corrected_record(&payment)))
}
