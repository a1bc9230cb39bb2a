//! `prorata bank profile …`

mod list;
mod show;
mod test;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the built-in layouts
    List(list::Args),
    /// Show a built-in layout as TOML, to start one of your own from
    Show(show::Args),
    /// Read a statement file without importing it: what would be imported, and what the file proves
    Test(test::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Test(args) => test::run(cx, args),
        }
    }
}
