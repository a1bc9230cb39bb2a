//! `prorata holder block`

use prorata::{
    domain::{holder::HolderStatus, text::words},
    ops, report,
};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Holder
    holder: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let status = HolderStatus::Blocked {
        reason: args.reason.clone(),
    };
    let done = ops::holder::block(
        &mut ledger,
        cx.session()?,
        &args.holder,
        &status,
        &args.reason,
    )?;
    let record = report::holder::record(&done.value, cx.pii("holder block"));
    cx.wrote(
        ledger,
        &done,
        &record,
        &format!("blocked holder {}", done.value.holder.code),
    )
}
