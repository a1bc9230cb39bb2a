//! `prorata completions`

use std::io::Write as _;

use clap_complete::{Shell, env::Shells};

use crate::{
    flags::FileFlags,
    open::Context,
    output,
    present::{Outcome, Output},
};

/// The variable by which a shell asks, with its own name as the value.
pub(crate) const VARIABLE: &str = "PRORATA_COMPLETE";

/// Print a completion script for a shell
///
/// With it the shell asks `prorata` for commands, flags, and the names of the ledger in the state
/// that a command needs. To print it needs no ledger, and any user may run it.
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
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let target = cx.text(&args.output)?;
    let mut spool = output::spool();
    let (shells, name) = (Shells::builtins(), args.shell.to_string());
    if let Some(shell) = shells.completer(&name) {
        shell.write_registration(VARIABLE, "prorata", "prorata", "prorata", &mut spool)?;
    }
    if args.shell == Shell::Zsh {
        // A file in `fpath` is run for the first completion, too.
        let first = r#"[ "${funcstack[1]}" = "_prorata" ] && _clap_dynamic_completer_prorata "$@""#;
        writeln!(spool, "{first}")?;
    }
    Ok(Outcome::read(Output::Text(target, spool)))
}
