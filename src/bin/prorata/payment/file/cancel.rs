//! `prorata payment file cancel`

use prorata::{domain::text::words, ops, report};

use crate::{context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Payment file
    file: String,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = words)]
    reason: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let done = ops::payment::file::cancel(
        &mut ledger,
        cx.session()?,
        ops::payment::file::Cancellation {
            file: &args.file,
            reason: &args.reason,
        },
    )?;
    let said = format!(
        "cancelled payment file {}; its withdrawals are free: make sure that the bank never pays it",
        done.value.number
    );
    cx.wrote(
        ledger,
        &done,
        &report::payment_file::record(&done.value),
        &said,
    )
}
