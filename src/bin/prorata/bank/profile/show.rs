//! `prorata bank profile show`

use std::io::Write as _;

use prorata::statement::StatementProfile;

use crate::{
    flags::{FileFlags, statement_layout::no_builtin},
    open::Context,
    output,
    present::{Outcome, Output},
    usage::Usage,
};

/// Show a built-in layout as TOML
///
/// The text can be the start of a profile of your own. It needs no ledger, and anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata bank profile show gtbank
  prorata bank profile show gtbank --output our-bank.toml")]
pub(crate) struct Args {
    /// Name of a built-in profile, for example gtbank
    name: String,
    #[command(flatten)]
    output: FileFlags,
}

/// Runs the command. It needs no ledger.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let target = cx.text(&args.output)?;
    let profile = StatementProfile::builtin(&args.name)
        .ok_or_else(|| Usage::Invalid(no_builtin(&args.name)))?;
    let mut spool = output::spool();
    spool.write_all(profile.source().as_bytes())?;
    Ok(Outcome::read(Output::Text(target, spool)))
}
