//! `prorata tax profile test`

use prorata::{ops, report};

use crate::{
    flags::{OutputFlags, tax_profile},
    open::Context,
    present::{Outcome, Output},
};

/// Read a tax profile without using it
///
/// Shows what the file says, or what is wrong with it: a rate that is not a percentage, or two rules
/// that fit one holder and name equally many things. It needs no ledger, and anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax profile test own.toml
  prorata tax profile test own.toml --format json")]
pub(crate) struct Args {
    /// Profile in TOML, for example own.toml; - is standard input
    #[arg(value_name = "FILE")]
    file: String,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command. It needs no ledger.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let view = cx.view(&args.output)?;
    let text = tax_profile::text(cx, &args.file)?;
    let profile = ops::tax::profile::parse(&args.file, &text).map_err(ops::Error::from)?;
    let record = report::tax_profile::record(&profile);
    Ok(Outcome::read(Output::Record(view, record, None)))
}
