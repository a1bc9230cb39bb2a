//! `prorata config show`

use prorata::report;

use crate::{
    flags::OutputFlags,
    open::Context,
    output,
    present::{Outcome, Output},
};

/// Show every setting and where it comes from
///
/// Flags come first, then the environment, then `.prorata.toml` next to the ledger, then
/// `prorata/config.toml` in the user's folder of settings. It needs no ledger, and anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata config show
  prorata config show --format json")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let view = cx.view(&args.output)?;
    output::check(&view.target)?;
    let mut list = view.list(report::config::FIELDS)?;
    for setting in &cx.global.heeded.shown {
        list.add(&report::config::cells(setting))
            .map_err(|error| anyhow::anyhow!(error))?;
    }
    Ok(Outcome::read(Output::List(Box::new(list), None)))
}
