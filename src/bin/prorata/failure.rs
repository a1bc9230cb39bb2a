//! A command that failed: what its message says.

use std::path::Path;

use prorata::{
    domain::{Refused, account::masked_within, holdings::HoldingChange, key::Key, user::Act},
    intake::{BadLine, FileError},
    ops,
    statement::StatementError,
};
use serde_json::json;

use crate::{causes, exit::Exit};

/// A command that failed.
pub(crate) struct Failure<'a> {
    pub(crate) error: &'a anyhow::Error,
    /// Whether it could have changed the ledger.
    pub(crate) writes: bool,
    /// Whether the ledger is known to be as it was.
    pub(crate) is_unchanged: bool,
    /// The file that it read, for messages about its lines.
    pub(crate) input: Option<&'a str>,
    /// The ledger file.
    pub(crate) ledger: &'a Path,
    /// The words of the command.
    pub(crate) command: &'a str,
    /// The idempotency key.
    pub(crate) key: Option<&'a Key>,
    /// Lists the users who may do what the acting user may not.
    pub(crate) users_who_may: &'a dyn Fn(Act) -> Vec<String>,
}

/// Words an error with its causes, each once: the message of many errors ends with their cause
/// already.
pub(crate) fn with_causes(error: &anyhow::Error) -> String {
    let mut words = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    words
}

/// One of many things that are wrong.
pub(crate) struct Detail {
    pub(crate) words: String,
    pub(crate) json: serde_json::Value,
}

impl Failure<'_> {
    /// Says what happened, and whether anything was written.
    pub(crate) fn message(&self, exit: Exit, code: &str) -> String {
        let undecided = self.undecided_line();
        let mut message = match self.input {
            Some(input) if self.bad_lines() => format!("{} in `{input}`", self.error),
            // Why is said of the line.
            Some(input) if let Some((line, _)) = undecided => {
                format!("`{input}` does not show how line {line} is to be read")
            }
            Some(input) if self.error.is::<FileError>() => {
                format!(
                    "`{input}` cannot be read: {}",
                    masked_within(&self.error.to_string())
                )
            }
            Some(_) | None => masked_within(&with_causes(self.error)).into_owned(),
        };
        if self.writes
            && matches!(exit, Exit::Refused | Exit::Unusable | Exit::Busy)
            && (self.is_unchanged || code != "output.failed")
        {
            message.push_str("; nothing was written");
        }
        message
    }

    /// Checks whether lines of a file are bad, of which every one is listed.
    pub(crate) fn bad_lines(&self) -> bool {
        matches!(
            self.error.downcast_ref::<ops::Error>(),
            Some(ops::Error::BadLines { .. })
        )
    }

    /// Returns the line of a statement that cannot be decided, and why.
    fn undecided_line(&self) -> Option<(u64, &str)> {
        match self.error.downcast_ref::<ops::Error>() {
            Some(ops::Error::Unreadable(StatementError::Undecided { line, detail })) => {
                Some((*line.as_ref()?, detail))
            }
            _ => None,
        }
    }

    /// Lists what is wrong with each of many things for people: a cause that is the same for many lines
    /// of a file is said once, with all of their numbers.
    pub(crate) fn words(&self) -> Vec<String> {
        let input = self.input.unwrap_or("file");
        match self.error.downcast_ref::<ops::Error>() {
            Some(ops::Error::BadLines { lines, .. }) => causes::said(input, lines),
            Some(_) | None => self
                .details()
                .into_iter()
                .map(|detail| detail.words)
                .collect(),
        }
    }

    /// Lists what is wrong with each of many things, for people and as JSON.
    pub(crate) fn details(&self) -> Vec<Detail> {
        let input = self.input.unwrap_or("file");
        if let Some((line, detail)) = self.undecided_line() {
            return vec![Detail {
                words: format!("{input}:{line}: {detail}"),
                json: json!({ "line": line, "column": null, "reason": detail }),
            }];
        }
        match self.error.downcast_ref::<ops::Error>() {
            Some(ops::Error::BadLines { lines, .. }) => lines
                .iter()
                .map(|bad| Detail {
                    words: format!("{input}:{}", masked_within(&bad.to_string())),
                    json: bad_line(bad),
                })
                .collect(),
            Some(ops::Error::Many { refusals, .. }) => refusals
                .iter()
                .map(|(name, refused)| {
                    let reason = refused.to_string();
                    let reason = masked_within(&reason);
                    Detail {
                        words: format!("{name}: {reason}"),
                        json: json!({ "name": name, "code": refused.code(), "reason": reason }),
                    }
                })
                .collect(),
            Some(ops::Error::Refused(Refused::RegisterNotEmpty { holders, .. })) => {
                holders.iter().map(holding).collect()
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
}

fn holding(change: &HoldingChange) -> Detail {
    let HoldingChange {
        holder,
        before,
        file,
        after,
    } = change;
    let (before, file, after) = (before.grouped(0), file.grouped(0), after.grouped(0));
    Detail {
        words: format!("{holder}: {before} before, {file} in the file, {after} after"),
        json: json!({
            "holder": holder,
            "before": change.before.plain(0),
            "file": change.file.plain(0),
            "after": change.after.plain(0),
        }),
    }
}

fn bad_line(bad: &BadLine) -> serde_json::Value {
    let mut json =
        json!({ "line": bad.line, "column": bad.column, "reason": masked_within(&bad.reason) });
    if let (Some(code), Some(fields)) = (bad.code, json.as_object_mut()) {
        fields.insert("code".to_owned(), code.into());
    }
    json
}
