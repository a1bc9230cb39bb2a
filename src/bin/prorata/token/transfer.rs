//! `prorata token transfer`

use prorata::domain::token::EntryKind;

use super::EntryFlags;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder who gives
    #[arg(value_name = "FROM")]
    holder: String,
    /// Holder who receives
    to: String,
    #[command(flatten)]
    entry: EntryFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    super::record(
        cx,
        (EntryKind::Transfer, "transferred"),
        (args.holder, Some(args.to)),
        args.entry,
    )
}
