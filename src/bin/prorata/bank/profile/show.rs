//! `prorata bank profile show`

use std::io::Write as _;

use prorata::statement::StatementProfile;

use crate::{context::Context, exit::Exit, output, prompt::Usage};

/// The arguments.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Built-in layout
    name: String,
}

/// Runs the command.
pub(crate) fn run(cx: &mut Context, args: &Args) -> anyhow::Result<Exit> {
    cx.changes_nothing()?;
    cx.only_now()?;
    let Some(profile) = StatementProfile::builtin(&args.name) else {
        let names = StatementProfile::builtins()
            .map(|profile| profile.name)
            .collect::<Vec<_>>()
            .join(", ");
        return Err(Usage::Invalid(format!(
            "there is no built-in profile `{}`; write one of {names}",
            args.name
        ))
        .into());
    };
    let mut spool = output::spool();
    spool.write_all(profile.source().as_bytes())?;
    cx.hand_out(spool)
}
