//! `prorata proposal approve`

use prorata::{
    domain::proposal::{Proposal, ProposalContent},
    ops, report,
};

use crate::{flags::WriteFlags, noun, open::Context, present::Outcome};

/// Approve proposals
///
/// All of them are approved, or none; each has its effect from then on. An approver or an admin may
/// run it. With four eyes on, nobody approves what that user proposed.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata proposal approve Q-000001 --as chidi
  prorata proposal approve Q-000001 Q-000002 --dry-run --as chidi")]
pub(crate) struct Args {
    /// Proposal codes, for example Q-000001
    #[arg(value_name = "PROPOSAL", required = true)]
    proposals: Vec<String>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let done = ops::proposal::approve(&mut ledger, writer.session()?, &args.proposals)?;
    let mut list = writer.list(report::proposal::FIELDS)?;
    for proposal in &done.value {
        list.add(&report::proposal::cells(proposal))
            .map_err(anyhow::Error::from_boxed)?;
    }
    let said = format!(
        "approved {}{}",
        noun::PROPOSAL.count(done.value.len()),
        next(&done.value)
    );
    Ok(writer.wrote_list(&done, list, said))
}

/// Names the next step of the work.
fn next(proposals: &[Proposal]) -> String {
    let accounts = proposals
        .iter()
        .filter_map(|proposal| match proposal.content {
            ProposalContent::BankRule(_) => Some(&proposal.facts.subject),
            // An event that is calculated is calculated again; `event approve` says so. Nothing comes after a
            // write-off, and after history what is open of its events.
            ProposalContent::TaxCertificate(_)
            | ProposalContent::ForwardWriteOff(_)
            | ProposalContent::HistoryImport(_) => None,
        });
    let mut accounts: Vec<&String> = accounts.collect();
    accounts.sort_unstable();
    accounts.dedup();
    match accounts.as_slice() {
        [] => String::new(),
        [account] => format!("; next: `prorata bank reconcile {account}`"),
        [account, ..] => {
            format!("; next: `prorata bank reconcile {account}`, and the other accounts")
        }
    }
}
