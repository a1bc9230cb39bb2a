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

/// The arguments.
#[derive(Debug, clap::Args)]
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
    Ok(Outcome::read(Output::List(list, None)))
}
