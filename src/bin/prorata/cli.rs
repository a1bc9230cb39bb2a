//! The command line: global flags and nouns. Each noun's verbs stand in its own folder.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};
use prorata::domain::{
    key::Key,
    time::{Date, parse_date},
};

use crate::{
    audit, backup, bank, check, completions, context::Context, event, exit::Exit, export, holder,
    init, man, migrate, nav, payment, project, report, status, token, user, withdrawal,
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

/// What every command takes, before or after its noun.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global flags")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Global {
    /// Ledger file
    #[arg(
        short = 'L',
        long,
        global = true,
        value_name = "FILE",
        env = "PRORATA_LEDGER",
        default_value = "prorata.db",
        hide_env_values = true
    )]
    pub(crate) ledger: PathBuf,
    /// Who acts [default: the ledger user with the operating system's user name]
    #[arg(
        long = "as",
        global = true,
        value_name = "USER",
        env = "PRORATA_AS",
        hide_env_values = true,
        id = "as"
    )]
    pub(crate) actor: Option<String>,
    /// What standard output carries [default: table]
    #[arg(short, long, global = true, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write the result to FILE, complete or not at all; .csv .json .xlsx .html .md set the format
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Let --output overwrite a file
    #[arg(long, global = true)]
    pub(crate) force: bool,
    /// Do all of it, print the result, and roll back
    #[arg(short = 'n', long, global = true)]
    pub(crate) dry_run: bool,
    /// Idempotency key: the same key with the same command and input happens once
    #[arg(long, global = true, value_name = "KEY")]
    pub(crate) key: Option<Key>,
    /// Answer confirmations with yes
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Never ask; what is missing is an error
    #[arg(long, global = true, env = "PRORATA_NO_INPUT", hide_env_values = true, value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) no_input: bool,
    /// How long to wait for the ledger's lock
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) wait: Duration,
    /// Lists and reports: the ledger at the end of that day (UTC)
    #[arg(long, global = true, value_name = "DATE", value_parser = parse_date)]
    pub(crate) as_of: Option<Date>,
    /// Show account numbers whole; the audit trail notes it
    #[arg(long, global = true)]
    pub(crate) show_pii: bool,
    /// Colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Only results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Explain steps on standard error
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// What standard output carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people
    Table,
    /// RFC 4180 with a header row
    Csv,
    /// One array or one object
    Json,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text
        .parse::<u64>()
        .ok()
        .filter(|seconds| *seconds <= 86_400);
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "write whole seconds, at most 86400".to_owned())
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
    pub(crate) fn run(self, cx: &mut Context) -> anyhow::Result<Exit> {
        match self {
            Self::Init(args) => init::run(cx, args),
            Self::Status(args) => status::run(cx, &args),
            Self::Check(args) => check::run(cx, &args),
            Self::Backup(args) => backup::run(cx, &args),
            Self::Migrate(args) => migrate::run(cx, &args),
            Self::Completions(args) => completions::run(cx, &args),
            Self::Man(args) => man::run(cx, &args),
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
