//! `prorata bank rule list`

use prorata::{
    ops::{self, bank::rule::RuleSelection},
    report,
};

use crate::{flags::rows::ListFlags, noun, open::Context, present::Outcome};

/// List the rules about the lines of an account
///
/// Shows the rules that count, each under the proposal by which it came. Anybody who can read the
/// file may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank rule list RENT
  prorata bank rule list RENT --all --format csv")]
pub(crate) struct Args {
    /// Bank account code, for example RENT
    account: String,
    /// Show the rules that were removed too
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    read: ListFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (reader, mut ledger) = cx.list(&args.read)?;
    let mut list = reader.list(report::bank_rule::FIELDS)?;
    let selection = if args.all {
        RuleSelection::All
    } else {
        RuleSelection::Live
    };
    let which = (args.account.as_str(), selection);
    let read = ops::bank::rule::list(&mut ledger, which, reader.as_of, &mut |rule| {
        list.add(&report::bank_rule::cells(&rule))
    });
    list.ended(read)?;
    reader.listed(&mut ledger, list, noun::RULE)
}
