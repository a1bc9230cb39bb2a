//! `prorata man`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::{cli::Cli, context::Context, exit::Exit};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder to write the pages to; it is made where it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: &Args) -> anyhow::Result<Exit> {
    cx.changes_nothing()?;
    let folder = args.folder.display();
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("cannot make the folder `{folder}`"))?;
    clap_mangen::generate_to(Cli::command(), &args.folder)
        .with_context(|| format!("cannot write to `{folder}`"))?;
    cx.say(&format!(
        "wrote the manual pages to {folder}; read one with `man -l {folder}/prorata.1`"
    ));
    Ok(Exit::Done)
}
