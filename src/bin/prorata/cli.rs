//! The command line: the nouns. The verbs of a noun are in its own folder.

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::{
    audit, backup, bank, check, completions, event, export, global::Global, holder, init, man,
    migrate, nav, open::Context, payment, present::Outcome, project, report, status, token, user,
    withdrawal,
};

/// Distribute a project's proceeds to the holders of its LP tokens: exactly, under four eyes, with
/// a complete audit trail
#[derive(Debug, Parser)]
#[command(
    name = "prorata",
    version,
    propagate_version = false,
    infer_subcommands = false,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The nouns.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a ledger file and its first user, an admin
    Init(init::Args),
    /// Show what stands in the ledger and what waits for whom
    Status(status::Args),
    /// Re-derive every sum and verify the audit trail; exit 3 where something differs
    Check(check::Args),
    /// Copy the ledger while others work; the copy is verified
    Backup(backup::Args),
    /// Bring a ledger of an older version to this one, after a verified copy
    Migrate(migrate::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Write manual pages to a folder
    Man(man::Args),
    /// Users: who acts, in which role
    #[command(subcommand)]
    User(user::Command),
    /// Projects: what earns the money
    #[command(subcommand)]
    Project(project::Command),
    /// Net asset values of a project
    #[command(subcommand)]
    Nav(nav::Command),
    /// LP token holders: who receives the money
    #[command(subcommand)]
    Holder(holder::Command),
    /// The register of LP tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Distribution events: create, calculate, approve, cancel
    #[command(subcommand)]
    Event(event::Command),
    /// Withdrawal requests: request, approve or reject, pay
    #[command(subcommand)]
    Withdrawal(withdrawal::Command),
    /// Payments, and returns by the bank
    #[command(subcommand)]
    Payment(payment::Command),
    /// The fund's bank accounts: statements in, reconciliation
    #[command(subcommand)]
    Bank(bank::Command),
    /// Reports
    #[command(subcommand)]
    Report(report::Command),
    /// Write the ledger as a double-entry journal
    #[command(subcommand)]
    Export(export::Command),
    /// The audit trail: read and verify
    #[command(subcommand)]
    Audit(audit::Command),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Init(args) => init::run(cx, args),
            Self::Status(args) => status::run(cx, args),
            Self::Check(args) => check::run(cx, args),
            Self::Backup(args) => backup::run(cx, args),
            Self::Migrate(args) => migrate::run(cx, args),
            Self::Completions(args) => completions::run(cx, args, Cli::command()),
            Self::Man(args) => man::run(cx, args, Cli::command()),
            Self::User(command) => command.run(cx),
            Self::Project(command) => command.run(cx),
            Self::Nav(command) => command.run(cx),
            Self::Holder(command) => command.run(cx),
            Self::Token(command) => command.run(cx),
            Self::Event(command) => command.run(cx),
            Self::Withdrawal(command) => command.run(cx),
            Self::Payment(command) => command.run(cx),
            Self::Bank(command) => command.run(cx),
            Self::Report(command) => command.run(cx),
            Self::Export(command) => command.run(cx),
            Self::Audit(command) => command.run(cx),
        }
    }
}
