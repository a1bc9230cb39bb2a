//! `prorata backup`

use std::path::PathBuf;

use prorata::ops;

use crate::{context::Context, exit::Exit, message, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File to write; never over another
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: &Args) -> anyhow::Result<Exit> {
    if cx.global.key.is_some() {
        return Err(Usage::WrongFlag {
            flag: "--key",
            wanted: "commands that change what the ledger says; a backup never overwrites a file",
        }
        .into());
    }
    let mut ledger = cx.writer()?;
    let session = cx.session()?;
    let dry = cx.global.dry_run;
    if let Some(error) = ops::ledger::backup(&mut ledger, session, &args.file)? {
        message::warn(cx, &format!("the copy is made, but the audit trail could not note it: {error}"));
    }
    let file = args.file.display();
    cx.say(&if dry {
        "dry run: nothing was written".to_owned()
    } else {
        format!("copied the ledger to {file}; the copy is verified")
    });
    Ok(Exit::Done)
}
