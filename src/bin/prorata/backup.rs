//! `prorata backup`

use std::path::PathBuf;

use prorata::ops;

use crate::{context::Context, exit::Exit};

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
    cx.did(ledger, done.how, &format!("copied the ledger to {}; the copy is verified", args.file.display()))
}
