//! `prorata config`

mod show;

use crate::{open::Context, present::Outcome};

/// The verbs of settings.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Show(show::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Show(args) => show::run(cx, args),
        }
    }
}
