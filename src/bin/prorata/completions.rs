//! `prorata completions`

use clap_complete::Shell;

use crate::{
    flags::FileFlags,
    open::Context,
    output,
    present::{Outcome, Output},
};

/// The arguments.
#[derive(Debug, clap::Args)]
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
