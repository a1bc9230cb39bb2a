//! `prorata tax certificate show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show a certificate
///
/// Shows one certificate: what it says, for which days, who recorded it and who agreed. Anybody who
/// can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax certificate show X-000001
  prorata tax certificate show X-000001 --format json")]
pub(crate) struct Args {
    /// Certificate code, for example X-000001
    certificate: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let certificate = ops::tax::certificate::show(&mut ledger, &args.certificate)?;
    Ok(reader.show(&ledger, report::tax_certificate::record(&certificate)))
}
