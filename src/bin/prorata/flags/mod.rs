//! Flags that several commands share. A command takes those that it heeds, and the parser refuses
//! the others.

pub(crate) mod bank_details;
pub(crate) mod basis;
pub(crate) mod entries;
pub(crate) mod events;
pub(crate) mod lines;
pub(crate) mod register_entry;
pub(crate) mod review;
pub(crate) mod rows;
pub(crate) mod sheet;
pub(crate) mod statement_layout;
pub(crate) mod tax_details;
pub(crate) mod tax_profile;
pub(crate) mod withdrawals;
pub(crate) mod words;

use std::path::PathBuf;

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
    parser::ValueSource,
};
use prorata::domain::{key::Key, time::Date};

/// What standard output carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Aligned columns for people
    Table,
    /// RFC 4180 with a header row
    Csv,
    /// One array or one object
    Json,
}

/// The flags of a command whose result is a report: how it looks and where it goes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Result")]
pub(crate) struct OutputFlags {
    /// Format of the result, and of an error [default: table]
    #[arg(hide_short_help = true, short, long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write the result to FILE, completely or not at all; .csv .json .xlsx .html .md set the
    /// format
    #[arg(hide_short_help = true, short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Let --output overwrite a file
    #[arg(hide_short_help = true, long, requires = "output")]
    pub(crate) force: bool,
}

impl OutputFlags {
    /// Returns the flags of the file alone.
    pub(crate) fn file(&self) -> FileFlags {
        FileFlags {
            format: None,
            output: self.output.clone(),
            force: self.force,
        }
    }
}

/// The flags of a command whose result has a layout of its own.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Result")]
pub(crate) struct FileFlags {
    /// Print an error as JSON
    #[arg(hide_short_help = true, short, long, value_name = "FORMAT", value_parser = only_json())]
    pub(crate) format: Option<Format>,
    /// Write the result to FILE, completely or not at all
    #[arg(hide_short_help = true, short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Let --output overwrite what is there
    #[arg(hide_short_help = true, long, requires = "output")]
    pub(crate) force: bool,
}

/// The day that a list or a report shows.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Result")]
pub(crate) struct AsOfFlag {
    /// Show the ledger as of the end of DATE (UTC), for example 2026-03-31
    #[arg(hide_short_help = true, long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    pub(crate) as_of: Option<Date>,
}

/// Whether account numbers are shown.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Result")]
pub(crate) struct PiiFlag {
    /// Show complete account numbers; the audit trail records it
    #[arg(hide_short_help = true, long)]
    pub(crate) show_pii: bool,
}

/// The flags of a list or a report of any day.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadFlags {
    #[command(flatten)]
    pub(crate) as_of: AsOfFlag,
    #[command(flatten)]
    pub(crate) output: OutputFlags,
}

/// Whether a change is kept, and how often the same change may be asked for.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Change")]
pub(crate) struct ChangeFlags {
    /// Show what would happen without changing anything
    #[arg(hide_short_help = true, short = 'n', long)]
    pub(crate) dry_run: bool,
    /// Idempotency key: the same command with the same key is done once
    #[arg(hide_short_help = true, long, value_name = "KEY")]
    pub(crate) key: Option<Key>,
}

/// The flags of a command that changes the ledger.
#[derive(Clone, Debug, Args)]
pub(crate) struct WriteFlags {
    #[command(flatten)]
    pub(crate) change: ChangeFlags,
    #[command(flatten)]
    pub(crate) output: OutputFlags,
}

/// The answer to a question that a command may ask.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Change")]
pub(crate) struct YesFlag {
    /// Answer the confirmation with yes
    #[arg(hide_short_help = true, short, long)]
    pub(crate) yes: bool,
}

/// Lets every command that changes a ledger take `--yes`, also one that asks nothing of its own: a
/// clock that is far ahead is asked about in all of them.
pub(crate) fn with_yes(command: Command) -> Command {
    let command = command.mut_subcommands(with_yes);
    // A new ledger has no last entry.
    if command.get_name() == "init" || !takes(&command, "dry_run") || takes(&command, "yes") {
        return command;
    }
    let yes: Vec<Arg> = YesFlag::augment_args(Command::new(""))
        .get_arguments()
        .cloned()
        .collect();
    command.args(yes)
}

/// Every flag that belongs to some kind of command.
#[derive(Debug, Args)]
struct KindFlags {
    #[command(flatten)]
    _write: WriteFlags,
    #[command(flatten)]
    _yes: YesFlag,
    #[command(flatten)]
    _as_of: AsOfFlag,
    #[command(flatten)]
    _pii: PiiFlag,
}

/// Lets the flags of kinds of commands be given before the verb too. No help shows them there.
pub(crate) fn before_the_verb(command: Command) -> Command {
    kind_flags().into_iter().fold(command, |command, flag| {
        command.arg(flag.global(true).hide(true))
    })
}

/// Returns the first flag that was given and that the command of these matches does not take.
pub(crate) fn misplaced(command: &Command, matches: &ArgMatches) -> Option<Arg> {
    kind_flags().into_iter().find(|flag| {
        let id = flag.get_id().as_str();
        let given = matches.value_source(id) == Some(ValueSource::CommandLine);
        given && !(takes(command, id) && (id != "format" || takes_format(command, matches)))
    })
}

/// Checks whether a command takes this value of `--format`, which may have been parsed before the
/// verb.
fn takes_format(command: &Command, matches: &ArgMatches) -> bool {
    let name = matches
        .get_one::<Format>("format")
        .and_then(ValueEnum::to_possible_value);
    command
        .get_arguments()
        .filter(|arg| arg.get_id() == "format")
        .flat_map(Arg::get_possible_values)
        .any(|possible| {
            Some(possible.get_name()) == name.as_ref().map(clap::builder::PossibleValue::get_name)
        })
}

fn only_json() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(["json"]).map(|_| Format::Json)
}

/// Checks whether a command takes a flag.
pub(crate) fn takes(command: &Command, flag: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == flag)
}

fn kind_flags() -> Vec<Arg> {
    KindFlags::augment_args(Command::new(""))
        .get_arguments()
        .map(|flag| {
            if flag.get_id() == "force" {
                // Without what it requires: a command that does not take it says that, no more.
                Arg::new("force").long("force").action(ArgAction::SetTrue)
            } else {
                flag.clone()
            }
        })
        .collect()
}
