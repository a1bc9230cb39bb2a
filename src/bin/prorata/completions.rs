//! `prorata completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{cli::Cli, context::Context, exit::Exit, output};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shell
    shell: Shell,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: &Args) -> anyhow::Result<Exit> {
    cx.changes_nothing()?;
    let mut spool = output::spool();
    clap_complete::generate(args.shell, &mut Cli::command(), "prorata", &mut spool);
    cx.hand_out(spool)
}
