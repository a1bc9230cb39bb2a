//! `prorata bank …`

mod add;
mod confirm;
mod explain;
mod import;
mod lines;
mod list;
mod r#match;
mod profile;
mod reconcile;
mod reject;
mod resolve;
mod show;
mod statements;
mod unmatch;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a bank account of the fund
    Add(add::Args),
    /// List the bank accounts
    List(list::Args),
    /// Show a bank account
    Show(show::Args),
    /// Import a statement file: CSV, OFX, CAMT.053 or MT940; all of it or nothing
    Import(import::Args),
    /// List the statements of an account
    Statements(statements::Args),
    /// List the lines of an account
    Lines(lines::Args),
    /// Match what is certain and propose what is not; exit 3 where anything is left
    Reconcile(reconcile::Args),
    /// Confirm what is proposed for a line
    Confirm(confirm::Args),
    /// Reject what is proposed for a line; it is never proposed again
    Reject(reject::Args),
    /// Match a line with payments that add up to it
    Match(r#match::Args),
    /// Take back what a line was matched with or explained by
    Unmatch(unmatch::Args),
    /// Explain a line that has nothing to do with payments
    Resolve(resolve::Args),
    /// Tell why a line stands where it does
    Explain(explain::Args),
    /// Layouts of statement files
    #[command(subcommand)]
    Profile(profile::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::Statements(args) => statements::run(cx, args),
            Self::Lines(args) => lines::run(cx, args),
            Self::Reconcile(args) => reconcile::run(cx, args),
            Self::Confirm(args) => confirm::run(cx, args),
            Self::Reject(args) => reject::run(cx, args),
            Self::Match(args) => r#match::run(cx, args),
            Self::Unmatch(args) => unmatch::run(cx, args),
            Self::Resolve(args) => resolve::run(cx, args),
            Self::Explain(args) => explain::run(cx, args),
            Self::Profile(command) => command.run(cx),
        }
    }
}
