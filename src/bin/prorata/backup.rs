//! `prorata backup`

use std::path::PathBuf;

use prorata::{ops, report};

use crate::{context::Context, exit::Exit, message};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File to write; never over another
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: &Args) -> anyhow::Result<Exit> {
    let mut ledger = cx.writer()?;
    let session = cx.session()?;
    let done = ops::ledger::backup(&mut ledger, session, &args.file)?;
    if let Some(error) = &done.value {
        message::warn(
            cx,
            &format!("the copy is made, but the audit trail could not note it: {error}"),
        );
    }
    let file = args.file.display().to_string();
    let said = format!("copied the ledger to {file}; the copy is verified");
    cx.wrote(ledger, &done, &report::ledger::backup(&file), &said)
}
