//! `prorata export hledger`

use prorata::render::journal::Layout;

use crate::{
    journal::{self, ExportFlags},
    open::Context,
    present::Outcome,
};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    export: ExportFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    journal::export(cx, &args.export, Layout::Hledger, |file| {
        format!("hledger -f {file} check --strict")
    })
}
