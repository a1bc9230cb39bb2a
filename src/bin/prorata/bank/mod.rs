//! `prorata bank …`

mod add;
mod confirm;
mod explain;
mod import;
mod lines;
mod list;
mod r#match;
mod profile;
mod proposals;
mod reconcile;
mod reject;
mod resolve;
mod rule;
mod set;
mod show;
mod statement;
mod statements;
mod unmatch;

use clap::Subcommand;

use crate::{open::Context, present::Outcome};

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(add::Args),
    Set(set::Args),
    List(list::Args),
    Show(show::Args),
    Import(import::Args),
    Statements(statements::Args),
    /// Take statements back
    #[command(subcommand)]
    Statement(statement::Command),
    Lines(lines::Args),
    Reconcile(reconcile::Args),
    Proposals(proposals::Args),
    Confirm(confirm::Args),
    Reject(reject::Args),
    Match(r#match::Args),
    Unmatch(unmatch::Args),
    Resolve(resolve::Args),
    Explain(explain::Args),
    /// Teach which debits are charges of the bank
    #[command(subcommand)]
    Rule(rule::Command),
    /// Show and test the layouts of statement files
    #[command(subcommand)]
    Profile(profile::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Add(args) => add::run(cx, args),
            Self::Set(args) => set::run(cx, args),
            Self::List(args) => list::run(cx, args),
            Self::Show(args) => show::run(cx, args),
            Self::Import(args) => import::run(cx, args),
            Self::Statements(args) => statements::run(cx, args),
            Self::Statement(command) => command.run(cx),
            Self::Lines(args) => lines::run(cx, args),
            Self::Reconcile(args) => reconcile::run(cx, args),
            Self::Proposals(args) => proposals::run(cx, args),
            Self::Confirm(args) => confirm::run(cx, args),
            Self::Reject(args) => reject::run(cx, args),
            Self::Match(args) => r#match::run(cx, args),
            Self::Unmatch(args) => unmatch::run(cx, args),
            Self::Resolve(args) => resolve::run(cx, args),
            Self::Explain(args) => explain::run(cx, args),
            Self::Rule(command) => command.run(cx),
            Self::Profile(command) => command.run(cx),
        }
    }
}
