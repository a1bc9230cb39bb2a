//! `prorata proposal reject`

use prorata::{domain::text::words, ops, report};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Reject proposals
///
/// All of them are rejected, or none; they never have an effect. An approver or an admin may run it,
/// also the one who proposed them.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata proposal reject Q-000001 --reason 'The limit is too high' --as chidi
  prorata proposal reject Q-000001 --reason Typo --dry-run --as chidi")]
pub(crate) struct Args {
    /// Proposal codes, for example Q-000001
    #[arg(value_name = "PROPOSAL", required = true)]
    proposals: Vec<String>,
    /// Reason, which the audit trail keeps
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = (args.proposals.as_slice(), args.reason.as_str());
    let done = ops::proposal::reject(&mut ledger, writer.session()?, input)?;
    let mut list = writer.list(report::proposal::FIELDS)?;
    for proposal in &done.value {
        list.add(&report::proposal::cells(proposal))
            .map_err(anyhow::Error::from_boxed)?;
    }
    let said = format!("rejected {}", noun::PROPOSAL.count(done.value.len()));
    Ok(writer.wrote_list(&done, list, said))
}
