//! `prorata report …`

mod reconciliation;

use clap::Subcommand;

use crate::{context::Context, exit::Exit};

/// The reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bank lines and payments, each in one class, what is left, and the closing proof
    Reconciliation(reconciliation::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Reconciliation(args) => reconciliation::run(cx, args),
        }
    }
}
