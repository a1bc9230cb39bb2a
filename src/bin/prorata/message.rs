//! What is said on standard error: errors with their hints, warnings, and what was done.

use std::{io::Write as _, panic::PanicHookInfo};

use clap::error::{ContextKind, ContextValue};
use prorata::{
    domain::account::masked_within, intake::BadLine, ops, render, statement::StatementError,
};
use serde_json::json;

use crate::{cli::Format, context::Context, environment::Environment, exit::Exit, hint};

/// How many refusals of a bulk command are listed for people.
const LISTED: usize = 20;

/// Writes a line to standard error, without what could drive a terminal. Where even that fails
/// there is nobody left to tell.
pub(crate) fn line(words: &str) {
    let words: Vec<_> = words.split('\n').map(render::clean).collect();
    let _ = writeln!(std::io::stderr().lock(), "{}", words.join("\n"));
}

/// Tells an error with its causes, each once: the message of many errors ends with their cause
/// already.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

/// Warns of something that did not stop the command.
pub(crate) fn warn(cx: &Context, words: &str) {
    if cx.global.format == Some(Format::Json) {
        line(&json!({ "warning": { "message": words } }).to_string());
    } else {
        line(&format!("warning: {words}"));
    }
}

/// Says why a command failed, whether anything was written, and what to do next.
pub(crate) fn fail(cx: &Context, error: &anyhow::Error) -> Exit {
    let (exit, code) = Exit::of(error);
    if exit == Exit::Done {
        return exit;
    }
    cx.tell_warnings();
    let hint = hint::of(cx, error);
    let untouched = cx.writes()
        && matches!(exit, Exit::Refused | Exit::Unusable | Exit::Busy)
        && code != "output.failed";
    let mut message = match (error.downcast_ref::<ops::Error>(), &cx.input) {
        (Some(ops::Error::BadLines { .. }), Some(input)) => format!("{error} in `{input}`"),
        _ => masked_within(&told(error)).into_owned(),
    };
    if untouched {
        message.push_str("; nothing was written");
    }
    let lines = details(cx, error);
    if cx.global.format == Some(Format::Json) {
        let mut object =
            json!({ "code": code, "message": message, "hint": hint, "exit": exit.number() });
        if let (false, Some(fields)) = (lines.is_empty(), object.as_object_mut()) {
            fields.insert(
                "lines".to_owned(),
                lines.iter().map(|(_, json)| json.clone()).collect(),
            );
        }
        line(&json!({ "error": object }).to_string());
        return exit;
    }
    line(&format!("error: {message}"));
    let all = matches!(
        error.downcast_ref::<ops::Error>(),
        Some(ops::Error::BadLines { .. })
    );
    let shown = if all { lines.len() } else { LISTED };
    for (words, _) in lines.iter().take(shown) {
        line(words);
    }
    if lines.len() > shown {
        line(&format!("… and {} more", lines.len() - shown));
    }
    if let Some(hint) = hint {
        line(&format!("hint: {hint}"));
    }
    exit
}

/// What is wrong with each of many things, for people and as JSON.
fn details(cx: &Context, error: &anyhow::Error) -> Vec<(String, serde_json::Value)> {
    match error.downcast_ref::<ops::Error>() {
        Some(ops::Error::BadLines { lines, .. }) => {
            let input = cx.input.as_deref().unwrap_or("file");
            let told = |bad| {
                (
                    format!("{input}:{}", masked_within(&format!("{bad}"))),
                    bad_line(bad),
                )
            };
            lines.iter().map(told).collect()
        }
        Some(ops::Error::Many { refusals, .. }) => refusals
            .iter()
            .map(|(name, refused)| {
                let reason = refused.to_string();
                let reason = masked_within(&reason);
                (
                    format!("{name}: {reason}"),
                    json!({ "name": name, "code": refused.code(), "reason": reason }),
                )
            })
            .collect(),
        // The message names the line; here stands the file too.
        Some(ops::Error::Unreadable(StatementError::Undecided {
            line: Some(line),
            detail,
        })) => {
            let input = cx.input.as_deref().unwrap_or("file");
            vec![(
                format!("{input}:{line}: {detail}"),
                json!({ "line": line, "column": null, "reason": detail }),
            )]
        }
        Some(
            ops::Error::Refused(_)
            | ops::Error::Code(_)
            | ops::Error::Unreadable(_)
            | ops::Error::Unfileable(_)
            | ops::Error::Store(_)
            | ops::Error::Output(_),
        )
        | None => Vec::new(),
    }
}

fn bad_line(bad: &BadLine) -> serde_json::Value {
    json!({ "line": bad.line, "column": bad.column, "reason": masked_within(&bad.reason) })
}

/// Says what is wrong with a command line.
pub(crate) fn usage(error: &clap::Error, json: bool) -> Exit {
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
    if json {
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

/// Shows what is wrong with a command line; a mistyped account number is not repeated.
fn rendered(error: &clap::Error) -> String {
    let told = || match (
        error.get(ContextKind::InvalidArg),
        std::error::Error::source(error),
    ) {
        (Some(ContextValue::String(flag)), Some(why)) if flag.starts_with("--account-number") => {
            Some((flag, why))
        }
        _ => None,
    };
    match told() {
        Some((flag, why)) => format!("error: invalid value for '{flag}': {why}"),
        None => masked_within(&error.render().to_string()).into_owned(),
    }
}

/// Prints a help text or the version.
pub(crate) fn help(error: &clap::Error, environment: &Environment) -> Exit {
    let text = error.render();
    let text = if environment.colors {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let printed = write!(std::io::stdout().lock(), "{text}");
    match printed.and_then(|()| std::io::stdout().flush()) {
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
        Err(_) => Exit::Unusable,
    }
}

/// Says that the program has a bug, and where.
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
        "hint: nothing half done was kept; look with `prorata check`, and report this with the command that caused it",
    );
}
