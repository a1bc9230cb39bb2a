//! `prorata bank profile list`

use prorata::{
    report::{self, bank::Layout},
    statement::StatementProfile,
};

use crate::{
    flags::OutputFlags,
    open::Context,
    present::{Outcome, Output},
};

/// List the built-in layouts of statements
///
/// A profile says which column of a CSV file holds what. It needs no ledger, and anybody may run
/// it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank profile list
  prorata bank profile list --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let mut list = cx.view(&args.output)?.list(report::bank::PROFILES)?;
    for profile in StatementProfile::builtins() {
        let layout = Layout {
            name: profile.name.clone(),
            description: profile.description.clone(),
        };
        list.add(&report::bank::layout(&layout))
            .map_err(prorata::ops::Error::Output)?;
    }
    Ok(Outcome::read(Output::List(Box::new(list), None)))
}
