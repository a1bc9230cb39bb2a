//! `prorata token redeem`

use prorata::domain::token::EntryKind;

use super::EntryFlags;
use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder who gives
    holder: String,
    #[command(flatten)]
    entry: EntryFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    super::record(
        cx,
        (EntryKind::Redeem, "redeemed"),
        (args.holder, None),
        args.entry,
    )
}
