//! The command line: the nouns. The verbs of a noun are in its own folder.

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::{
    audit, backup, bank, check, completions, config, event, export, forward,
    global::Global,
    help, history, holder, init, man, migrate, nav,
    open::Context,
    payment,
    present::Outcome,
    project, proposal, report, reserve, status, tax, token, user,
    verbs::{Verbs, presented},
    whoami, withdrawal,
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
    Init(init::Args),
    Status(status::Args),
    Help(help::Args),
    Whoami(whoami::Args),
    Check(check::Args),
    Backup(backup::Args),
    Migrate(migrate::Args),
    Completions(completions::Args),
    /// Show the settings of this user and ledger
    #[command(subcommand)]
    Config(Verbs<config::Command>),
    Man(man::Args),
    /// Manage users: who acts, in which role
    #[command(subcommand)]
    User(Verbs<user::Command>),
    /// Manage projects: what earns the money
    #[command(subcommand)]
    Project(Verbs<project::Command>),
    /// Record net asset values of projects
    #[command(subcommand)]
    Nav(Verbs<nav::Command>),
    /// Manage holders: who receives the money
    #[command(subcommand)]
    Holder(Verbs<holder::Command>),
    /// Keep the register of LP tokens
    #[command(subcommand)]
    Token(Verbs<token::Command>),
    /// Create, calculate, approve and cancel distribution events
    #[command(subcommand)]
    Event(Verbs<event::Command>),
    /// Import events of the past
    #[command(subcommand)]
    History(Verbs<history::Command>),
    /// Show, release and give up what waits for holders' next events
    #[command(subcommand)]
    Forward(Verbs<forward::Command>),
    /// Request, review and pay withdrawals
    #[command(subcommand)]
    Withdrawal(Verbs<withdrawal::Command>),
    /// Show payments, record returns, make payment files
    #[command(subcommand)]
    Payment(Verbs<payment::Command>),
    /// Import bank statements and reconcile them
    #[command(subcommand)]
    Bank(Verbs<bank::Command>),
    /// Withhold tax: profiles, certificates, what is due and remitted
    #[command(subcommand)]
    Tax(Verbs<tax::Command>),
    /// Review what waits for a second person
    #[command(subcommand)]
    Proposal(Verbs<proposal::Command>),
    /// Show what is set aside of proceeds
    #[command(subcommand)]
    Reserve(Verbs<reserve::Command>),
    /// Print reports
    #[command(subcommand)]
    Report(Verbs<report::Command>),
    /// Write the ledger as a double-entry journal
    #[command(subcommand)]
    Export(Verbs<export::Command>),
    /// Read and verify the audit trail
    #[command(subcommand)]
    Audit(Verbs<audit::Command>),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, cx: &Context) -> anyhow::Result<Outcome> {
        match self {
            Self::Init(args) => init::run(cx, args),
            Self::Status(args) => status::run(cx, args),
            Self::Help(args) => help::run(cx, args, program()),
            Self::Whoami(args) => whoami::run(cx, args),
            Self::Check(args) => check::run(cx, args),
            Self::Backup(args) => backup::run(cx, args),
            Self::Migrate(args) => migrate::run(cx, args),
            Self::Completions(args) => completions::run(cx, args),
            Self::Config(Verbs(command)) => command.run(cx),
            Self::Man(args) => man::run(cx, args, program()),
            Self::User(Verbs(command)) => command.run(cx),
            Self::Project(Verbs(command)) => command.run(cx),
            Self::Nav(Verbs(command)) => command.run(cx),
            Self::Holder(Verbs(command)) => command.run(cx),
            Self::Token(Verbs(command)) => command.run(cx),
            Self::Event(Verbs(command)) => command.run(cx),
            Self::History(Verbs(command)) => command.run(cx),
            Self::Forward(Verbs(command)) => command.run(cx),
            Self::Withdrawal(Verbs(command)) => command.run(cx),
            Self::Payment(Verbs(command)) => command.run(cx),
            Self::Bank(Verbs(command)) => command.run(cx),
            Self::Tax(Verbs(command)) => command.run(cx),
            Self::Proposal(Verbs(command)) => command.run(cx),
            Self::Reserve(Verbs(command)) => command.run(cx),
            Self::Report(Verbs(command)) => command.run(cx),
            Self::Export(Verbs(command)) => command.run(cx),
            Self::Audit(Verbs(command)) => command.run(cx),
        }
    }
}

/// Returns the whole command line. The verbs of a noun are made when it is built.
pub(crate) fn program() -> clap::Command {
    presented(Cli::command())
}

/// Returns the command line as far as it can be read before it is known to be wrong: of the verbs
/// only those of one noun.
pub(crate) fn program_of(noun: &str) -> clap::Command {
    let mut program = program();
    if let Some(noun) = program.find_subcommand_mut(noun) {
        noun.build();
    }
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Collects the commands that have none below them.
    fn leaves(command: &clap::Command, found: &mut Vec<clap::Command>) {
        if command.has_subcommands() {
            command
                .get_subcommands()
                .for_each(|below| leaves(below, found));
        } else {
            found.push(command.clone());
        }
    }

    fn all() -> Vec<clap::Command> {
        let mut command = program();
        command.build();
        let mut found = Vec::new();
        leaves(&command, &mut found);
        assert!(found.len() > 80, "{}", found.len());
        found
    }

    /// Splits a line as a shell does that meets nothing but words and single quotes.
    fn words(line: &str) -> Vec<String> {
        let pieces = line.split('\'').enumerate().map(|(at, piece)| {
            if at % 2 == 1 {
                piece.replace(' ', "\u{0}")
            } else {
                piece.to_owned()
            }
        });
        let line = pieces.collect::<String>();
        line.split(' ')
            .map(|word| word.replace('\u{0}', " "))
            .collect()
    }

    fn examples(command: &clap::Command) -> Vec<String> {
        let help = command.get_after_long_help().map(ToString::to_string);
        let help = help.unwrap_or_default();
        help.lines()
            .filter_map(|line| line.strip_prefix("  "))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_command_line_is_consistent() {
        crate::flags::before_the_verb(program()).debug_assert();
    }

    #[test]
    fn a_noun_keeps_what_it_says_of_itself() {
        let (before, mut built) = (program(), program());
        built.build();
        for noun in before.get_subcommands() {
            let with_verbs = built.find_subcommand(noun.get_name()).unwrap();
            assert_eq!(
                with_verbs.get_about().map(ToString::to_string),
                noun.get_about().map(ToString::to_string)
            );
        }
    }

    #[test]
    fn every_summary_fits_and_every_command_explains_itself() {
        for command in all() {
            let name = command.get_bin_name().unwrap_or_default();
            let summary = command.get_about().unwrap_or_default().to_string();
            let long = command.get_long_about().unwrap_or_default().to_string();
            assert!((8..=70).contains(&summary.len()), "{name}: {summary}");
            assert!(!summary.ends_with('.'), "{name}: {summary}");
            let paragraph = long.strip_prefix(&summary).unwrap_or_default().trim();
            assert!(paragraph.ends_with('.'), "{name} says what happens: {long}");
            assert!(
                paragraph.contains("may ") || paragraph.contains("user may run it"),
                "{name} says who may run it: {long}"
            );
        }
    }

    #[test]
    fn every_example_is_a_command_line_of_its_command() {
        for command in all() {
            let name = command.get_bin_name().unwrap_or_default();
            let examples = examples(&command);
            assert_eq!(examples.len(), 2, "{name}");
            for example in examples {
                // A help text wraps at 100 columns, and a wrapped line cannot be pasted.
                assert!(example.len() <= 96, "{example}");
                assert!(
                    example.starts_with(&format!("{name} ")) || example == name,
                    "{example}"
                );
                let parsed = Cli::command().try_get_matches_from(words(&example));
                assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
            }
        }
    }

    #[test]
    fn every_argument_says_what_it_is() {
        for command in all() {
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string);
                let name = command.get_bin_name().unwrap_or_default();
                assert!(
                    help.is_some_and(|help| help.len() > 4),
                    "{name}: {argument}"
                );
            }
        }
    }
}
