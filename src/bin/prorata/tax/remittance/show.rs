//! `prorata tax remittance show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show a remittance and what it paid
///
/// Shows one remittance with its items: the events whose tax it paid. Anybody who can read the file
/// may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax remittance show T-000001
  prorata tax remittance show T-000001 --format json")]
pub(crate) struct Args {
    /// Remittance code, for example T-000001
    remittance: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let detail = ops::tax::remittance::show(&mut ledger, &args.remittance)?;
    let record = report::tax::remittance_record(&detail.remittance, &detail.items);
    Ok(reader.show(&ledger, record))
}
