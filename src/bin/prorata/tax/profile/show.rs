//! `prorata tax profile show`

use std::io::Write as _;

use prorata::domain::tax::profile::TaxProfile;

use crate::{
    flags::{FileFlags, tax_profile::no_builtin},
    open::Context,
    output,
    present::{Outcome, Output},
    usage::Usage,
};

/// Show a built-in tax profile as TOML
///
/// The text can be the start of a profile of your own, which a tax adviser must confirm. It needs no
/// ledger, and anybody may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax profile show ng-2026
  prorata tax profile show ng-2026 --output own.toml")]
pub(crate) struct Args {
    /// Name of a built-in profile, for example ng-2026
    name: String,
    #[command(flatten)]
    output: FileFlags,
}

/// Runs the command. It needs no ledger.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let target = cx.text(&args.output)?;
    let profile =
        TaxProfile::builtin(&args.name).ok_or_else(|| Usage::Invalid(no_builtin(&args.name)))?;
    let mut spool = output::spool();
    spool.write_all(profile.source().as_bytes())?;
    Ok(Outcome::read(Output::Text(target, spool)))
}
