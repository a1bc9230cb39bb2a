//! Statements as banks export them, what the reader infers, and what it refuses.

mod banks;
mod inference;
mod left_out;
mod refusals;
mod second;

use chrono::NaiveDate;

use crate::{
    domain::{
        statement::{FindingKind, Statement, StatementFile},
        time::Date,
    },
    statement::{BadLine, ProfileColumns, ReadOptions, StatementError, StatementProfile, read},
};

fn day(year: i32, month: u32, day: u32) -> Date {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn with(text: &str, profile: Option<&StatementProfile>) -> Result<StatementFile, StatementError> {
    read(
        text.as_bytes(),
        ReadOptions {
            encoding: None,
            sheet: None,
            today: day(2026, 11, 23),
            profile,
        },
    )
}

fn file(text: &str) -> StatementFile {
    with(text, None).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
}

fn one(text: &str) -> Statement {
    file(text).statements.remove(0)
}

fn bad(text: &str) -> Vec<BadLine> {
    match with(text, None) {
        Err(StatementError::BadLines { lines }) => lines,
        other => panic!("{other:?}\n{text}"),
    }
}

fn undecided(text: &str) -> (Option<u64>, String) {
    match with(text, None) {
        Err(StatementError::Undecided { line, detail }) => (line, detail),
        other => panic!("{other:?}\n{text}"),
    }
}

fn profile(text: &str) -> StatementProfile {
    StatementProfile::parse(text).unwrap()
}

/// The amounts, the oldest first, in a form that is quick to compare.
fn amounts(statement: &Statement) -> Vec<String> {
    statement
        .lines
        .iter()
        .map(|line| line.amount.plain(2))
        .collect()
}

/// Opening, closing, whether they hold, and how many lines there are.
fn frame(statement: &Statement) -> (String, String, Option<bool>, usize) {
    let plain = |balance: Option<crate::domain::statement::Balance>| {
        balance.map_or_else(|| "none".to_owned(), |balance| balance.amount.plain(2))
    };
    (
        plain(statement.opening),
        plain(statement.closing),
        statement.balance_ok,
        statement.lines.len(),
    )
}
