//! `prorata proposal list`

use prorata::{
    domain::proposal::{ProposalKind, ProposalStatus},
    ops, report,
};

use crate::{
    flags::{
        rows::ListFlags,
        words::{proposal_kind, proposal_status},
    },
    noun,
    open::Context,
    present::Outcome,
};

/// List the proposals
///
/// Shows what was proposed, by whom, and who decided. Anybody who can read the file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata proposal list --status proposed
  prorata proposal list --kind bank_rule --format csv")]
pub(crate) struct Args {
    /// Only of this status
    #[arg(long, value_name = "STATUS", value_parser = proposal_status())]
    status: Option<ProposalStatus>,
    /// Only of this kind
    #[arg(long, value_name = "KIND", value_parser = proposal_kind())]
    kind: Option<ProposalKind>,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::proposal::FIELDS)?;
    let filter = ops::proposal::Filter {
        status: args.status,
        kind: args.kind,
    };
    let read = ops::proposal::list(&mut ledger, filter, reader.as_of, &mut |proposal| {
        list.add(&report::proposal::cells(&proposal))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::PROPOSAL)
}
