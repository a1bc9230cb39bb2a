//! Completion in a shell: commands and flags, and the names that the ledger has, in the state that
//! the command needs.

use std::{ffi::OsStr, path::PathBuf, time::Duration};

use clap::{Arg, Command};
use clap_complete::{
    CompleteEnv,
    engine::{ArgValueCompleter, CompletionCandidate},
};
use prorata::{
    domain::status::{EventStatus, WithdrawalStatus},
    ops,
    store::{Access, Choice, Choices, Ledger, Noun},
};

use crate::{cli, completions, environment::Environment, settings::Settings};

/// How long a ledger that is being written is waited for.
const WAIT: Duration = Duration::from_millis(20);

const OPEN: &[EventStatus] = &[EventStatus::Draft, EventStatus::Calculated];

/// Prints what completes a line, if a shell asks for that; returns whether one did.
pub(crate) fn answer() -> bool {
    let folder = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(program).var(completions::VARIABLE);
    // Nothing may be said next to a line that is being typed.
    asked
        .try_complete(std::env::args_os(), folder.as_deref())
        .unwrap_or(true)
}

/// Returns the command line with the names of the ledger at its arguments.
fn program() -> Command {
    let mut program = cli::program();
    program.build();
    with_names(program, "")
}

fn with_names(command: Command, path: &str) -> Command {
    let command = command.mut_args(|arg| match choices(path, &arg) {
        Some(choices) => arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
            candidates(choices, typed)
        })),
        None => arg,
    });
    command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        with_names(below, path.trim())
    })
}

/// Decides which names an argument of a command takes.
fn choices(path: &str, arg: &Arg) -> Option<Choices> {
    use Choices::Any;

    let value = arg.get_value_names()?.first()?.as_str();
    Some(match (path, value) {
        ("user acknowledge", "USER") => Choices::NewUsers,
        (_, "USER") => Any(Noun::User),
        (_, "PROJECT") => Any(Noun::Project),
        ("holder unblock", "HOLDER") => Choices::BlockedHolders,
        (_, "HOLDER") | ("token transfer", "FROM" | "TO") => Any(Noun::Holder),
        (_, "ACCOUNT" | "BANK") => Any(Noun::BankAccount),
        (path, "EVENT") => events(path),
        (path, "WITHDRAWAL") => withdrawals(path),
        ("payment return" | "payment settle" | "payment correct" | "bank match", "PAYMENT") => {
            Choices::PaymentsNotReturned
        }
        (_, "PAYMENT") => Any(Noun::Payment),
        ("payment file export" | "payment file cancel" | "payment file drop", "FILE")
            if arg.is_positional() =>
        {
            Choices::OpenFiles
        }
        ("payment file show", "FILE") if arg.is_positional() => Any(Noun::PaymentFile),
        ("bank confirm" | "bank reject", "LINE") => Choices::ProposedLines,
        ("bank resolve" | "bank match", "LINE") => Choices::LinesLeft,
        (_, "LINE") => Any(Noun::Line),
        (_, "STATEMENT") => Any(Noun::Statement),
        (_, "IMPORT") => Any(Noun::Import),
        ("proposal approve" | "proposal reject", "PROPOSAL") => Choices::Proposals,
        (_, "PROPOSAL" | "RULE") => Any(Noun::Proposal),
        ("tax certificate approve" | "tax certificate reject", "CERTIFICATE") => {
            Choices::Certificates
        }
        (_, "CERTIFICATE") => Any(Noun::Certificate),
        (_, "REMITTANCE") => Any(Noun::Remittance),
        _ => return None,
    })
}

/// The states in which a command takes an event.
fn events(path: &str) -> Choices {
    let verb = path.split_once(' ');
    match verb {
        Some((
            "event",
            "calculate" | "set" | "deduct" | "exclude" | "include" | "participants",
        )) => Choices::Events(OPEN),
        Some(("event", "approve")) => Choices::Events(&[EventStatus::Calculated]),
        Some(("event", "cancel")) => Choices::Events(&[
            EventStatus::Draft,
            EventStatus::Calculated,
            EventStatus::Active,
        ]),
        Some(
            ("withdrawal", "request" | "approve" | "reject" | "cancel" | "pay")
            | ("payment", "file create"),
        ) => Choices::Events(&[EventStatus::Active]),
        _ => Choices::Any(Noun::Event),
    }
}

/// The states in which a command takes a withdrawal.
fn withdrawals(path: &str) -> Choices {
    match path {
        "withdrawal approve" | "withdrawal reject" | "withdrawal cancel" | "withdrawal set" => {
            Choices::Withdrawals(WithdrawalStatus::Pending)
        }
        "withdrawal pay" | "payment file create" => {
            Choices::Withdrawals(WithdrawalStatus::Approved)
        }
        _ => Choices::Any(Noun::Withdrawal),
    }
}

/// Finds names in the ledger of the line. One that cannot be read has none.
fn candidates(choices: Choices, typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else {
        return Vec::new();
    };
    let found = Ledger::open(&ledger(), Access::Read, WAIT)
        .map_err(ops::Error::from)
        .and_then(|mut ledger| ops::complete::names(&mut ledger, choices, typed));
    let candidate = |Choice { name, about }: Choice| {
        let about = (!about.is_empty()).then(|| about.into());
        CompletionCandidate::new(name).help(about)
    };
    let found = found.map(|found| found.into_iter().map(candidate).collect());
    found.unwrap_or_else(|_: ops::Error| Vec::new())
}

/// Returns the ledger of the line that is being typed: that of `--ledger`, of the environment, of
/// the settings, or the usual one.
fn ledger() -> PathBuf {
    let words: Vec<_> = std::env::args_os().collect();
    let pairs = words.iter().zip(words.iter().skip(1)).rev();
    let mut given = pairs.filter(|(flag, _)| *flag == "-L" || *flag == "--ledger");
    if let Some((_, path)) = given.next() {
        return path.into();
    }
    let mut joined = words
        .iter()
        .filter_map(|word| word.to_str()?.strip_prefix("--ledger="));
    if let Some(path) = joined.next_back() {
        return path.into();
    }
    let environment = Environment::read();
    let settings = || Settings::read(&environment, &cli::program()).ok()?.ledger();
    let named = environment.ledger.clone().or_else(settings);
    named.unwrap_or_else(|| PathBuf::from(crate::global::LEDGER))
}
