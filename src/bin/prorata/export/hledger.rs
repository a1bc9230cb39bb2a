//! `prorata export hledger`

use prorata::render::journal::Layout;

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, _args: Args) -> anyhow::Result<Exit> {
    super::journal(cx, Layout::Hledger, |file| {
        format!("hledger -f {file} check --strict")
    })
}
