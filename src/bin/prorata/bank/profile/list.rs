//! `prorata bank profile list`

use prorata::{
    report::{self, Cell},
    statement::Profile,
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
    for profile in Profile::builtins() {
        list.add(&[Cell::text(&profile.name), Cell::text(&profile.description)])
            .map_err(prorata::ops::Error::Output)?;
    }
    cx.finish_plain(list)
}
