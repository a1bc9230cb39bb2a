//! `prorata bank profile list`

use prorata::{
    report::{self, bank::Layout},
    statement::StatementProfile,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    cx.changes_nothing()?;
    cx.only_now()?;
    let mut list = cx.list(report::bank::PROFILES)?;
    for profile in StatementProfile::builtins() {
        let layout = Layout {
            name: profile.name.clone(),
            description: profile.description.clone(),
        };
        list.add(&report::bank::layout(&layout))
            .map_err(prorata::ops::Error::Output)?;
    }
    cx.finish_plain(list)
}
