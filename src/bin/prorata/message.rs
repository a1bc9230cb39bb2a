//! What is printed on standard error: errors with their hints, warnings, and what was done.

use std::{io::Write as _, panic::PanicHookInfo};

use clap::error::{ContextKind, ContextValue};
use prorata::{domain::account::masked_within, render, store};
use serde_json::json;

use crate::{
    environment::Environment, exit::Exit, failure::Failure, global::Global, hint, synonym,
};

/// How many refusals of a bulk command are listed for people.
const LISTED: usize = 20;

/// How errors and warnings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Errors {
    /// For people.
    Words,
    /// As one object on one line.
    Json,
}

/// How much else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

/// Standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    errors: Errors,
    loudness: Loudness,
}

/// Writes a line to standard error, without what could drive a terminal. If even that fails there is
/// nobody left to report it to.
pub(crate) fn line(words: &str) {
    let words: Vec<_> = words.split('\n').map(render::clean).collect();
    let _ = writeln!(std::io::stderr().lock(), "{}", words.join("\n"));
}

impl Voice {
    pub(crate) fn new(errors: Errors, global: &Global) -> Self {
        let loudness = match (global.quiet, global.verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::Normal,
        };
        Self { errors, loudness }
    }

    /// Says something for people.
    pub(crate) fn say(self, words: &str) {
        if self.loudness != Loudness::Quiet && !words.is_empty() {
            line(words);
        }
    }

    /// Explains a step, if that was asked for.
    pub(crate) fn explain(self, words: &str) {
        if self.loudness == Loudness::Verbose {
            line(words);
        }
    }

    /// Warns of something that did not stop the command.
    pub(crate) fn warn(self, words: &str) {
        match self.errors {
            Errors::Json => line(&json!({ "warning": { "message": words } }).to_string()),
            Errors::Words => line(&format!("warning: {words}")),
        }
    }

    /// Warns of something that has a code of its own.
    pub(crate) fn warn_of(self, code: &'static str, words: &str) {
        match self.errors {
            Errors::Json => {
                line(&json!({ "warning": { "code": code, "message": words } }).to_string());
            }
            Errors::Words => line(&format!("warning: {words}")),
        }
    }

    /// Says why a command failed, whether anything was written, and what to do next.
    pub(crate) fn fail(self, failure: &Failure<'_>) -> Exit {
        let (exit, code) = Exit::of(failure.error);
        if store::interruption().is_marked() && exit != Exit::Unknown {
            return interrupted(self.errors);
        }
        if exit == Exit::Done {
            return exit;
        }
        let message = failure.message(exit, &code);
        let hint = hint::of(failure);
        match self.errors {
            Errors::Json => {
                let details = failure.details();
                let mut object = json!({ "code": code, "message": message, "hint": hint, "exit": exit.number() });
                if let (false, Some(fields)) = (details.is_empty(), object.as_object_mut()) {
                    let lines = details.into_iter().map(|detail| detail.json);
                    fields.insert("lines".to_owned(), lines.collect());
                }
                line(&json!({ "error": object }).to_string());
            }
            Errors::Words => {
                line(&format!("error: {message}"));
                let words = failure.words();
                let shown = if failure.bad_lines() {
                    words.len()
                } else {
                    LISTED
                };
                for detail in words.iter().take(shown) {
                    line(detail);
                }
                if words.len() > shown {
                    line(&format!("… and {} more", words.len() - shown));
                }
                if let Some(hint) = hint {
                    line(&format!("hint: {hint}"));
                }
            }
        }
        exit
    }
}

/// Says that the user interrupted the command.
pub(crate) fn interrupted(errors: Errors) -> Exit {
    let message = "interrupted; nothing was written";
    match errors {
        Errors::Json => {
            let object = json!({ "code": "interrupted", "message": message, "hint": null, "exit": Exit::Interrupted.number() });
            line(&json!({ "error": object }).to_string());
        }
        Errors::Words => line(message),
    }
    Exit::Interrupted
}

/// Says what is wrong with an answer.
pub(crate) fn reason(error: &clap::Error) -> String {
    let rendered = rendered(error);
    let first = rendered.split("\n\n").next().unwrap_or_default();
    first.trim_start_matches("error: ").trim().to_owned()
}

/// Says what is wrong with a command line.
pub(crate) fn usage(error: &clap::Error, hint: Option<&str>, errors: Errors) -> Exit {
    let rendered = rendered(error);
    let mut paragraphs = rendered
        .split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty());
    let first = paragraphs.next().unwrap_or("wrong usage");
    let message = first.trim_start_matches("error: ");
    let tip = paragraphs
        .clone()
        .find_map(|paragraph| paragraph.strip_prefix("tip: "));
    let used = paragraphs.find_map(|paragraph| paragraph.strip_prefix("Usage: "));
    let tip = hint.or(instead(error, used)).or(tip);
    if errors == Errors::Json {
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let object = json!({ "code": "usage.invalid", "message": message, "hint": tip.or(used), "exit": Exit::Usage.number() });
        line(&json!({ "error": object }).to_string());
        return Exit::Usage;
    }
    line(&format!("error: {message}"));
    if let Some(tip) = tip {
        line(&format!("hint: {tip}"));
    }
    if let Some(used) = used {
        line(&format!("usage: {used}"));
    }
    Exit::Usage
}

/// Says what is wrong with the settings.
pub(crate) fn settings(message: &str, errors: Errors) -> Exit {
    match errors {
        Errors::Json => {
            let object = json!({ "code": "usage.settings", "message": message, "hint": null, "exit": Exit::Usage.number() });
            line(&json!({ "error": object }).to_string());
        }
        Errors::Words => line(&format!("error: {message}")),
    }
    Exit::Usage
}

/// Returns what to say to a word that is not a command.
fn instead(error: &clap::Error, used: Option<&str>) -> Option<&'static str> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let nouns = used?.split(' ').skip(1);
    let nouns = nouns.take_while(|word| !word.starts_with(['[', '<']));
    synonym::instead_of(word, &nouns.collect::<Vec<_>>().join(" "))
}

/// Shows what is wrong with a command line; a mistyped account number is not repeated.
fn rendered(error: &clap::Error) -> String {
    let account_number = match (
        error.get(ContextKind::InvalidArg),
        std::error::Error::source(error),
    ) {
        (Some(ContextValue::String(flag)), Some(why)) if flag.starts_with("--account-number") => {
            Some((flag, why))
        }
        _ => None,
    };
    match account_number {
        Some((flag, why)) => format!("error: invalid value for '{flag}': {why}"),
        None if is_short_number(error) => error.render().to_string(),
        None => masked_within(&error.render().to_string()).into_owned(),
    }
}

/// Checks whether a value that was refused has too few digits next to each other for an account number,
/// so that what is suggested in its place is a number.
fn is_short_number(error: &clap::Error) -> bool {
    let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) else {
        return false;
    };
    let is_suggested = std::error::Error::source(error)
        .is_some_and(|why| why.to_string().contains("did you mean"));
    let runs = value.split(|sign: char| !sign.is_ascii_digit());
    is_suggested && runs.map(str::len).max().is_none_or(|most| most < 10)
}

/// Prints a help text or the version.
pub(crate) fn help(error: &clap::Error, environment: &Environment) -> Exit {
    let text = error.render();
    print(&if environment.terminal.colors {
        text.ansi().to_string()
    } else {
        text.to_string()
    })
}

/// Prints a text to standard output.
pub(crate) fn print(text: &str) -> Exit {
    let printed = write!(std::io::stdout().lock(), "{text}");
    match printed.and_then(|()| std::io::stdout().flush()) {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
        Err(_) => Exit::Unusable,
    }
}

/// Says that the program has a bug, and at which line.
pub(crate) fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(|place| format!(" at {}:{}", place.file(), place.line()));
    let what = panic.payload_as_str().unwrap_or("no reason given");
    line(&format!(
        "error: a bug{}: {what}",
        place.unwrap_or_default()
    ));
    line(
        "hint: no half of a change was kept; run `prorata check`, and report this with the command that caused it",
    );
}
