//! `prorata proposal show`

use prorata::{ops, report};

use crate::{flags::OutputFlags, open::Context, present::Outcome};

/// Show a proposal
///
/// Shows one proposal: what it does once it is approved, who proposed it, and who decided; of an
/// import of past events also each event and holder with its sums. Anybody who can read the file may
/// run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata proposal show Q-000001
  prorata proposal show Q-000001 --format json")]
pub(crate) struct Args {
    /// Proposal code, for example Q-000001
    proposal: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.read_now(&args.output)?;
    let proposal = ops::proposal::show(&mut ledger, &args.proposal)?;
    Ok(reader.show(&ledger, report::imported_history::record(&proposal)))
}
