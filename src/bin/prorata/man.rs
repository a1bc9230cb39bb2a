//! `prorata man`

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{
    open::Context,
    output::{self, Overwrite, Target},
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
pub(crate) fn run(cx: &Context, args: Args, program: clap::Command) -> anyhow::Result<Outcome> {
    let folder = args.folder.display();
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("cannot create the folder `{folder}`"))?;
    let mut program = program.disable_help_subcommand(true);
    program.build();
    write_pages(cx, &args.folder, &program)?;
    let said = format!("wrote the manual pages to {folder}; read one: `man -l {folder}/prorata.1`");
    Ok(Outcome::read(Output::Nothing).saying(said))
}

/// Writes the page of a command, and those of the commands below it. A page of another version is
/// replaced.
fn write_pages(cx: &Context, folder: &Path, command: &clap::Command) -> anyhow::Result<()> {
    for below in command.get_subcommands() {
        if !below.is_hide_set() {
            write_pages(cx, folder, below)?;
        }
    }
    let page = clap_mangen::Man::new(command.clone());
    let mut spool = output::spool();
    page.render(&mut spool)?;
    let target = Target {
        file: Some(folder.join(page.get_filename())),
        overwrite: Overwrite::Allow,
        ledger: cx.global.ledger.clone(),
        key: None,
    };
    Ok(output::emit(&target, spool)?)
}
