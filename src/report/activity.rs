//! The audit trail in words: who did what, when, to which thing.

use serde_json::{Map, Value};

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, instant, key, row, text},
};
use crate::domain::{activity::AuditEntryView, currency::Currency, quantity::Total};

/// The fields of an activity.
pub const FIELDS: &[Field<AuditEntryView>] = &[
    key(count("seq", "entry", |entry, _| Cell::Count(entry.seq))),
    key(instant("created_at", "when (UTC)", |entry, _| {
        Cell::Instant(entry.created_at)
    })),
    key(text("performed_by", "who", |entry, _| {
        Cell::text(&entry.performed_by)
    })),
    data(text(
        "activity_type",
        "type of the audit entry",
        |entry, _| Cell::text(&entry.activity),
    )),
    key(text("what", "what", |entry, _| Cell::text(what(entry)))),
    data(text("outcome", "done or refused", |entry, _| {
        Cell::text(&entry.outcome)
    })),
    key(text("subject", "of", |entry, _| {
        Cell::maybe(subject(entry).map(|subject| subject.name))
    })),
    data(text("project", "project", |entry, _| {
        Cell::maybe(entry.project.as_ref())
    })),
    data(text("event", "event", |entry, _| {
        Cell::maybe(entry.event.as_ref())
    })),
    data(text("withdrawal", "withdrawal", |entry, _| {
        Cell::maybe(entry.withdrawal)
    })),
    data(text("previous_status", "status before", |entry, _| {
        Cell::maybe(entry.previous_status.as_ref())
    })),
    data(text("new_status", "status after", |entry, _| {
        Cell::maybe(entry.new_status.as_ref())
    })),
    text("details", "details", |entry, _| {
        Cell::text(details(entry, subject(entry).map(|subject| subject.key)))
    }),
    data(text("hash", "hash of the entry", |entry, _| {
        Cell::text(&entry.hash)
    })),
];

/// The keys of a summary that name its subject, the closest one first.
const SUBJECTS: [&str; 8] = [
    "withdrawal",
    "event",
    "proposal",
    "holder",
    "user",
    "line",
    "account",
    "project",
];
/// The keys of a summary that hold the value before and the value now; every other list holds
/// several things.
const CHANGES: [&str; 5] = ["name", "email", "country", "role", "status"];
/// How many digits of a hash are shown.
const HASH: usize = 12;

/// What an entry is about.
struct Subject {
    /// The key of the summary that names it.
    key: &'static str,
    /// Its name.
    name: String,
}

/// Makes the row of an entry.
pub fn cells(entry: &AuditEntryView) -> Vec<Cell> {
    row(FIELDS, entry, Pii::Masked)
}

/// Returns what was done in words: `withdrawal approved`, `refused: event approved`.
fn what(entry: &AuditEntryView) -> String {
    let words = entry.activity.replace('_', " ");
    if entry.outcome == "refused" {
        format!("refused: {words}")
    } else {
        words
    }
}

/// Returns the closest thing that an entry is about.
fn subject(entry: &AuditEntryView) -> Option<Subject> {
    let of_entry = |key| match key {
        "withdrawal" => entry.withdrawal.map(|number| number.to_string()),
        "event" => entry.event.clone(),
        "project" => entry.project.clone(),
        _ => None,
    };
    let of_summary = |key| Some(entry.changes_summary.get(key)?.as_str()?.to_owned());
    SUBJECTS.into_iter().find_map(|key| {
        let name = of_entry(key).or_else(|| of_summary(key))?;
        Some(Subject { key, name })
    })
}

/// Describes a summary in words, without what names the subject.
fn details(entry: &AuditEntryView, subject: Option<&str>) -> String {
    let Some(summary) = entry.changes_summary.as_object() else {
        return entry.changes_summary.to_string();
    };
    if let (Some(message), true) = (
        summary.get("message").and_then(Value::as_str),
        entry.outcome == "refused",
    ) {
        return message.to_owned();
    }
    let currency = currency(summary);
    let mut phrases = Vec::new();
    describe(summary, currency, subject, &mut phrases);
    phrases.join(", ")
}

fn currency(summary: &Map<String, Value>) -> Option<Currency> {
    summary
        .get("currency")
        .and_then(Value::as_str)
        .and_then(|code| Currency::parse(code).ok())
}

fn describe(
    summary: &Map<String, Value>,
    currency: Option<Currency>,
    subject: Option<&str>,
    phrases: &mut Vec<String>,
) {
    for (key, value) in summary {
        if Some(key.as_str()) == subject || (key == "currency" && summary.contains_key("amount")) {
            continue;
        }
        match (key.as_str(), value) {
            (_, Value::Null) => {}
            // A value that stayed the same is not a change, and an empty list says nothing.
            (_, Value::Array(values)) if values.is_empty() => {}
            (key, Value::Array(values)) if CHANGES.contains(&key) => match values.as_slice() {
                [before, after] if before == after => {}
                [before, after] => phrases.push(format!(
                    "{key} {} → {}",
                    words(before, currency),
                    words(after, currency)
                )),
                _ => phrases.push(format!("{key} {}", words(value, currency))),
            },
            (_, Value::Object(inner)) => describe(inner, currency, None, phrases),
            ("amount", value) => phrases.push(match currency {
                Some(currency) => format!("{currency} {}", words(value, Some(currency))),
                None => format!("amount {}", words(value, None)),
            }),
            (key, value) => phrases.push(format!(
                "{} {}",
                key.replace('_', " "),
                words(value, currency)
            )),
        }
    }
}

/// Describes a value: numbers grouped, hashes cut.
fn words(value: &Value, currency: Option<Currency>) -> String {
    match value {
        Value::String(text) => match Total::from_canonical(text) {
            Some(number) => number.grouped(currency.map_or(0, Currency::decimals)),
            None if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                format!("{}…", text.get(..HASH).unwrap_or(text))
            }
            None => text.clone(),
        },
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Null => "nothing".to_owned(),
        Value::Array(values) => values
            .iter()
            .map(|value| words(value, currency))
            .collect::<Vec<_>>()
            .join(" "),
        Value::Number(number) => number.to_string(),
        Value::Object(inner) => {
            let mut phrases = Vec::new();
            describe(inner, currency, None, &mut phrases);
            phrases.join(", ")
        }
    }
}
