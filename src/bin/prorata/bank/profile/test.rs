//! `prorata bank profile test`

use std::path::PathBuf;

use prorata::{domain::currency::Currency, ops, report, statement};

use super::Layout;
use crate::{context::Context, environment::Environment, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Statement file; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    layout: Layout,
}

/// Runs the command. It needs no ledger.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    cx.changes_nothing()?;
    cx.only_now()?;
    let profile = args.layout.profile()?;
    let bytes = cx.read_input(&args.file)?;
    let options = args.layout.options(profile.as_ref(), Environment::now().1);
    let file = statement::read(&bytes, options).map_err(ops::Error::from)?;
    cx.print(&report::statement_file::record(
        &file,
        Currency::parse("NGN")?,
    ))?;
    Ok(Exit::Done)
}
