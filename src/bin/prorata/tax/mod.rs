//! `prorata tax …`

mod certificate;
mod due;
mod profile;
mod remit;
mod remittance;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show tax profiles: rates, due days and authorities as data
    #[command(subcommand)]
    Profile(profile::Command),
    /// Record what lowers a holder's tax, and review it
    #[command(subcommand)]
    Certificate(certificate::Command),
    Due(due::Args),
    Remit(remit::Args),
    /// Show what was remitted, and take it back
    #[command(subcommand)]
    Remittance(remittance::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Profile(command) => command.run(cx),
            Self::Certificate(command) => command.run(cx),
            Self::Due(args) => due::run(cx, args),
            Self::Remit(args) => remit::run(cx, args),
            Self::Remittance(command) => command.run(cx),
        }
    }
}
