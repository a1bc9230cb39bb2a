//! `prorata backup`

use std::path::PathBuf;

use prorata::{ops, report};

use crate::{flags::WriteFlags, open::Context, present::Outcome};

/// Copy the ledger while others work, and verify the copy
///
/// The copy gets its name only after it is verified; another file is never overwritten. The audit
/// trail records the backup. Every active user may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata backup prorata-2026-03-31.db --as bola
  prorata backup prorata-2026-03-31.db --dry-run --as bola")]
pub(crate) struct Args {
    /// New file for the copy, for example backup.db
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    write: WriteFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let session = writer.session()?;
    let done = ops::ledger::backup(&mut ledger, session, &args.file)?;
    if let Some(error) = &done.value {
        cx.voice.warn(&format!(
            "the copy is made, but the audit trail could not record it: {error}"
        ));
    }
    let file = args.file.display().to_string();
    let said = format!("copied the ledger to {file}; the copy is verified");
    Ok(writer.wrote(&done, report::ledger::backup(&file), said))
}
