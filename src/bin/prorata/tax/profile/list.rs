//! `prorata tax profile list`

use prorata::{domain::tax::profile::TaxProfile, report};

use crate::{
    flags::OutputFlags,
    open::Context,
    present::{Outcome, Output},
};

/// List the built-in tax profiles
///
/// A profile has the rates, due days and authorities of a country, with their dates and sources. No
/// project has one before it is set. It needs no ledger, and anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax profile list
  prorata tax profile list --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command. It needs no ledger.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let mut list = cx.view(&args.output)?.list(report::tax_profile::FIELDS)?;
    for profile in TaxProfile::builtins() {
        list.add(&report::tax_profile::cells(&profile))
            .map_err(prorata::ops::Error::Output)?;
    }
    Ok(Outcome::read(Output::List(Box::new(list), None)))
}
