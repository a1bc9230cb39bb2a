//! A command that happens once: tried, done, repeated.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

use crate::{audit::populated::books, support::Desk};

static KEYS: AtomicU32 = AtomicU32::new(1);

/// A command that was done with a key, and what it printed.
pub(crate) struct Once {
    line: String,
    key: String,
    stdout: String,
}

/// Takes ids and hashes out: a dry run makes others than the run that is kept. Takes out the marks
/// of a payee as well: they are for whoever reviews, so only a dry run has them.
fn without_ids(json: &str) -> String {
    let ids =
        regex::Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}").unwrap();
    let made = regex::Regex::new(r#""(message_id|content_hash)": ("[^"]+"|null)"#).unwrap();
    let marks = regex::Regex::new(r#""payee_marks": ?"[^"]*""#).unwrap();
    let json = ids.replace_all(json, "[uuid]");
    marks
        .replace_all(
            &made.replace_all(&json, "[made of an id]"),
            "\"payee_marks\":null",
        )
        .into_owned()
}

impl Once {
    /// Tries a command, does it, and repeats it: the trial and the repetition leave the file's
    /// bytes as they are.
    #[track_caller]
    pub(crate) fn done(desk: &Desk, line: &str) -> Self {
        let bytes = || std::fs::read(desk.ledger()).unwrap();
        let before = bytes();
        let tried = desk.ok(&format!("{line} --dry-run -f json"));
        assert!(
            before == bytes(),
            "a dry run of `{line}` leaves the file as it was"
        );
        let shown = desk.ok(&format!("{line} --dry-run"));
        assert!(
            shown.stdout.starts_with("dry run\n"),
            "`{line}`: {}",
            shown.stdout
        );
        assert!(
            shown.stderr.contains("nothing was written"),
            "`{line}`: {}",
            shown.stderr
        );
        let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let done = desk.ok(&format!("{line} --key {key} -f json"));
        assert!(before != bytes(), "`{line}` writes");
        assert_eq!(
            without_ids(&tried.stdout),
            without_ids(&done.stdout),
            "a dry run shows what `{line}` does"
        );
        let once = Self {
            line: line.to_owned(),
            key,
            stdout: done.stdout,
        };
        once.repeats(desk);
        once
    }

    /// Asserts that the command with its key answers the first result and changes nothing, whatever
    /// came in between.
    #[track_caller]
    pub(crate) fn repeats(&self, desk: &Desk) {
        let before = std::fs::read(desk.ledger()).unwrap();
        let again = desk.ok(&format!("{} --key {} -f json", self.line, self.key));
        assert_eq!(
            again.stdout, self.stdout,
            "`{}` answers its first result",
            self.line
        );
        assert!(
            before == std::fs::read(desk.ledger()).unwrap(),
            "a repetition of `{}` writes nothing",
            self.line
        );
    }

    /// Asserts that the key does not stand for another command or input.
    #[track_caller]
    pub(crate) fn conflicts(&self, desk: &Desk, other: &str) {
        unchanged(desk, || {
            desk.refused(&format!("{other} --key {}", self.key), 1, "key.conflict")
        });
    }

    /// Reads what the command printed.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// Asserts that a step changes nothing but the audit trail.
#[track_caller]
pub(crate) fn unchanged<T>(desk: &Desk, step: impl FnOnce() -> T) -> T {
    let before: BTreeMap<_, _> = books(desk);
    let answer = step();
    assert!(
        books(desk) == before,
        "nothing but the audit trail may change"
    );
    answer
}

/// Asserts that a JSON object has these fields.
#[track_caller]
pub(crate) fn fields(object: &Value, expected: &str) {
    let found: Vec<&str> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for field in expected.split_whitespace() {
        assert!(found.contains(&field), "`{field}` is missing of {found:?}");
    }
}
