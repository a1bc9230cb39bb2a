//! From the words of the shell to a command. What is missing is asked for on a terminal.

use clap::{
    CommandFactory as _, FromArgMatches as _, ValueEnum as _,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};
use prorata::domain::session::ClaimedBy;

use crate::{
    bank,
    cli::{Cli, Command, Global},
    environment::Environment,
    exit::Exit,
    message, prompt,
};

/// A command line that can be run.
pub(crate) struct Parsed {
    pub(crate) global: Global,
    pub(crate) claimed_by: ClaimedBy,
    pub(crate) command: Command,
}

/// Reads the command line; where it cannot be run, says why and tells how to end.
pub(crate) fn parse(environment: &Environment) -> Result<Parsed, Exit> {
    let mut words: Vec<std::ffi::OsString> = std::env::args_os().collect();
    tell_kind_from_user(&mut words);
    let json = wants_json(&words);
    loop {
        let error = match Cli::command().try_get_matches_from(&words) {
            Ok(matches) => {
                let claimed_by = match matches.value_source("as") {
                    Some(ValueSource::CommandLine) => ClaimedBy::Flag,
                    Some(ValueSource::EnvVariable) => ClaimedBy::Environment,
                    Some(_) | None => ClaimedBy::OsUser,
                };
                let cli = Cli::from_arg_matches(&matches)
                    .map_err(|error| message::usage(&error, json))?;
                return Ok(Parsed {
                    global: cli.global,
                    claimed_by,
                    command: cli.command,
                });
            }
            Err(error) => error,
        };
        let kind = error.kind();
        if matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
            return Err(message::help(&error, environment));
        }
        if kind == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !json {
            message::line(error.render().to_string().trim_end());
            return Err(Exit::Usage);
        }
        let asks = kind == ErrorKind::MissingRequiredArgument
            && environment.interactive
            && !forbids_questions(&words);
        match asks.then(|| ask(&error)).flatten() {
            Some(answers) => words.extend(answers),
            None => return Err(message::usage(&error, json)),
        }
    }
}

/// Turns the `--as KIND` of `bank resolve` into `--kind KIND`: after that verb, `--as` names what a
/// line is wherever its value is one of the kinds, and who acts wherever it is not.
fn tell_kind_from_user(words: &mut [std::ffi::OsString]) {
    let Some(verb) = words
        .windows(2)
        .position(|pair| pair == ["bank", "resolve"])
    else {
        return;
    };
    let is_as = |word: &std::ffi::OsString| {
        word == "--as" || word.to_str().is_some_and(|word| word.starts_with("--as="))
    };
    let is_flag =
        |word: &std::ffi::OsString| word.to_str().is_some_and(|word| word.starts_with("--kind"));
    let after = words.iter().skip(verb);
    if after.clone().any(is_flag) {
        return;
    }
    // The only one must be the kind, which is needed: a value that is none is then told what it may
    // be.
    let only = after.filter(|word| is_as(word)).count() == 1;
    let is_kind = |word: &str| {
        only || bank::resolve::Kind::value_variants()
            .iter()
            .any(|kind| kind.is_named(word))
    };
    let mut told = false;
    for at in verb..words.len() {
        let value = words
            .get(at + 1)
            .and_then(|word| word.to_str())
            .is_some_and(is_kind);
        let Some(word) = words.get_mut(at).filter(|_| !told) else {
            return;
        };
        let joined = word
            .to_str()
            .and_then(|word| word.strip_prefix("--as="))
            .filter(|value| is_kind(value));
        if let Some(value) = joined {
            *word = format!("--kind={value}").into();
            told = true;
        } else if word == "--as" && value {
            *word = "--kind".into();
            told = true;
        }
    }
}

/// Asks for each missing argument; `None` where one is a choice between several, or nothing was
/// answered.
fn ask(error: &clap::Error) -> Option<Vec<std::ffi::OsString>> {
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    if missing.iter().any(|name| name.contains('|')) {
        return None;
    }
    let mut answers = Vec::new();
    for name in missing {
        let (flag, label) = match name.split_once(' ') {
            Some((flag, value)) if flag.starts_with("--") => (Some(flag), value),
            Some(_) | None => (None, name.as_str()),
        };
        let shown = flag
            .unwrap_or(label)
            .trim_start_matches('-')
            .trim_matches(['<', '>', '.', '[', ']'])
            .to_ascii_lowercase();
        let answer = prompt::text(&shown)?;
        // An answer that begins with a hyphen is a value all the same.
        match flag {
            Some(flag) => answers.push(format!("{flag}={answer}").into()),
            None => answers.push(answer.into()),
        }
    }
    Some(answers)
}

/// Tells whether errors are wanted as JSON, before the command line could be read.
fn wants_json(words: &[std::ffi::OsString]) -> bool {
    let words: Vec<&str> = words
        .iter()
        .filter_map(|word| word.to_str())
        .take_while(|word| *word != "--")
        .collect();
    words
        .windows(2)
        .any(|pair| matches!(pair, ["-f" | "--format", "json"]))
        || words
            .iter()
            .any(|word| matches!(*word, "-fjson" | "-f=json" | "--format=json"))
}

fn forbids_questions(words: &[std::ffi::OsString]) -> bool {
    words.iter().any(|word| word == "--no-input")
        || Cli::command().get_arguments().any(|arg| {
            arg.get_id() == "no_input"
                && arg
                    .get_env()
                    .and_then(std::env::var_os)
                    .is_some_and(|set| set != "0" && !set.is_empty())
        })
}
