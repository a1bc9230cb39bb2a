//! `prorata bank profile test`

use std::path::PathBuf;

use prorata::{domain::currency::Currency, ops, report, statement};

use crate::{
    environment::Environment,
    flags::{OutputFlags, statement_layout::StatementLayout},
    open::Context,
    present::{Outcome, Output},
};

/// Read a statement file without importing it
///
/// Shows what would be imported and what the file proves. It needs no ledger, and anybody may run
/// it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank profile test statement.csv
  prorata bank profile test statement.csv --profile gtbank.toml")]
pub(crate) struct Args {
    /// Statement file, for example statement.csv; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    layout: StatementLayout,
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command. It needs no ledger.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let view = cx.view(&args.output)?;
    let profile = args.layout.profile()?;
    let bytes = cx.read_input(&args.file)?;
    let options = args.layout.options(profile.as_ref(), Environment::now().1);
    let file = statement::read(&bytes, options).map_err(ops::Error::from)?;
    let record = report::statement_file::record(&file, Currency::parse("NGN")?);
    Ok(Outcome::read(Output::Record(view, record, None)))
}
