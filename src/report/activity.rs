//! The audit trail as people tell it: who did what, when, to which thing.

use serde_json::{Map, Value};

use super::{Cell, Columns, column, data};
use crate::domain::{activity::AuditEntryView, currency::Currency, quantity::Total};

/// The columns of the activity.
pub const COLUMNS: Columns = &[
    column("seq", "entry").key(),
    column("created_at", "when (UTC)").key(),
    column("performed_by", "who").key(),
    data("activity_type"),
    column("what", "what").key(),
    data("outcome"),
    column("subject", "of").key(),
    data("project"),
    data("event"),
    data("withdrawal"),
    data("previous_status"),
    data("new_status"),
    column("details", "details"),
    data("hash"),
];

/// The keys of a summary that name its subject, the closest one first.
const SUBJECTS: [&str; 7] = [
    "withdrawal",
    "event",
    "holder",
    "user",
    "line",
    "account",
    "project",
];
/// The keys of a summary that hold what stood before and what stands now; every other list holds
/// several things.
const CHANGES: [&str; 5] = ["name", "email", "country", "role", "status"];
/// Hashes are told by this many digits.
const HASH: usize = 12;

/// Describes an entry.
pub fn cells(entry: &AuditEntryView) -> Vec<Cell> {
    let subject = subject(entry);
    vec![
        Cell::Count(entry.seq),
        Cell::Instant(entry.created_at),
        Cell::text(&entry.performed_by),
        Cell::text(&entry.activity),
        Cell::text(what(entry)),
        Cell::text(&entry.outcome),
        Cell::maybe(subject.as_ref().map(|(_, name)| name)),
        Cell::maybe(entry.project.as_ref()),
        Cell::maybe(entry.event.as_ref()),
        Cell::maybe(entry.withdrawal),
        Cell::maybe(entry.previous_status.as_ref()),
        Cell::maybe(entry.new_status.as_ref()),
        Cell::text(details(entry, subject.as_ref().map(|(key, _)| *key))),
        Cell::text(&entry.hash),
    ]
}

/// Tells what was done in words: `withdrawal approved`, `refused: event approved`.
fn what(entry: &AuditEntryView) -> String {
    let words = entry.activity.replace('_', " ");
    if entry.outcome == "refused" {
        format!("refused: {words}")
    } else {
        words
    }
}

/// Names the closest thing that an entry is about, and the key of its summary that says so.
fn subject(entry: &AuditEntryView) -> Option<(&'static str, String)> {
    let named = |key: &'static str| {
        let of_entry = match key {
            "withdrawal" => entry.withdrawal.map(|number| number.to_string()),
            "event" => entry.event.clone(),
            "project" => entry.project.clone(),
            _ => None,
        };
        let told = || {
            entry
                .changes_summary
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        of_entry.or_else(told).map(|name| (key, name))
    };
    SUBJECTS.into_iter().find_map(named)
}

/// Tells a summary in words, without what names the subject.
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
    let mut told = Vec::new();
    tell(summary, currency, subject, &mut told);
    told.join(", ")
}

fn currency(summary: &Map<String, Value>) -> Option<Currency> {
    summary
        .get("currency")
        .and_then(Value::as_str)
        .and_then(|code| Currency::parse(code).ok())
}

fn tell(
    summary: &Map<String, Value>,
    currency: Option<Currency>,
    subject: Option<&str>,
    told: &mut Vec<String>,
) {
    for (key, value) in summary {
        if Some(key.as_str()) == subject || (key == "currency" && summary.contains_key("amount")) {
            continue;
        }
        match (key.as_str(), value) {
            (_, Value::Null) => {}
            // What stayed as it was is no change, and a list of nothing says nothing.
            (_, Value::Array(parts)) if parts.is_empty() => {}
            (key, Value::Array(parts)) if CHANGES.contains(&key) => match parts.as_slice() {
                [before, after] if before == after => {}
                [before, after] => told.push(format!(
                    "{key} {} → {}",
                    words(before, currency),
                    words(after, currency)
                )),
                _ => told.push(format!("{key} {}", words(value, currency))),
            },
            (_, Value::Object(inner)) => tell(inner, currency, None, told),
            ("amount", value) => told.push(match currency {
                Some(currency) => format!("{currency} {}", words(value, Some(currency))),
                None => format!("amount {}", words(value, None)),
            }),
            (key, value) => told.push(format!(
                "{} {}",
                key.replace('_', " "),
                words(value, currency)
            )),
        }
    }
}

/// Tells a value: numbers grouped, hashes cut.
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
        Value::Array(parts) => parts
            .iter()
            .map(|part| words(part, currency))
            .collect::<Vec<_>>()
            .join(" "),
        Value::Number(number) => number.to_string(),
        Value::Object(inner) => {
            let mut told = Vec::new();
            tell(inner, currency, None, &mut told);
            told.join(", ")
        }
    }
}
