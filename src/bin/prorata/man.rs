//! `prorata man`

use std::path::PathBuf;

use anyhow::Context as _;

use crate::{
    open::Context,
    present::{Outcome, Output},
};

/// Write the manual pages to a folder
///
/// Writes one page for every command, from the same texts as the help. It needs no ledger, and
/// anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata man man
  prorata man share/man/man1")]
pub(crate) struct Args {
    /// Folder for the pages, for example man; it is created if it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(_cx: &Context, args: Args, program: clap::Command) -> anyhow::Result<Outcome> {
    let folder = args.folder.display();
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("cannot create the folder `{folder}`"))?;
    clap_mangen::generate_to(program, &args.folder)
        .with_context(|| format!("cannot write to `{folder}`"))?;
    let said = format!("wrote the manual pages to {folder}; read one: `man -l {folder}/prorata.1`");
    Ok(Outcome::read(Output::Nothing).saying(said))
}
