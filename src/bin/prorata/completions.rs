//! `prorata completions`

use clap_complete::Shell;

use crate::{
    flags::FileFlags,
    open::Context,
    output,
    present::{Outcome, Output},
};

/// Print a completion script for a shell
///
/// The script completes commands and flags when it is loaded by the shell. It needs no ledger, and
/// anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata completions bash
  prorata completions zsh --output _prorata")]
pub(crate) struct Args {
    /// Shell that reads the script
    shell: Shell,
    #[command(flatten)]
    output: FileFlags,
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args, mut program: clap::Command) -> anyhow::Result<Outcome> {
    let target = cx.text(&args.output)?;
    let mut spool = output::spool();
    clap_complete::generate(args.shell, &mut program, "prorata", &mut spool);
    Ok(Outcome::read(Output::Text(target, spool)))
}
