//! The samples of other projects, for the tests of the readers. A test that misses them is skipped.

use crate::tabular::DecimalMark;
use serde_json::Value;

use super::amount;
use crate::{
    domain::{
        signed::Signed,
        statement::Statement,
        time::{Date, parse_date},
    },
    statement::{content::FileContent, error::StatementError, options::ReadOptions},
};

/// Reads a sample and its expected figures; prints a line if it is missing.
pub(in super::super) fn sample(name: &str) -> Option<(String, Value)> {
    let folder = std::env::var_os("PRORATA_SAMPLES").and_then(|folder| folder.into_string().ok());
    let folder = folder
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples").to_owned());
    let bytes = std::fs::read(format!("{folder}/bank/{name}"));
    let expected = std::fs::read(format!("{folder}/bank/expected.json"));
    let (Ok(bytes), Ok(expected)) = (bytes, expected) else {
        #[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
        {
            println!("skipped: no sample {name} in {folder}; set PRORATA_SAMPLES");
        }
        return None;
    };
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    Some((
        String::from_utf8_lossy(&bytes).into_owned(),
        expected[name].clone(),
    ))
}

/// Reads an expected amount with its sign.
pub(in super::super) fn money(value: &Value) -> Signed {
    let text = value.as_str().unwrap();
    match text.strip_prefix('-') {
        Some(out) => Signed::debit(amount(out, DecimalMark::Point).unwrap()),
        None => Signed::credit(amount(text, DecimalMark::Point).unwrap()),
    }
}

/// Returns the only statement of a file.
pub(in super::super) fn only(mut content: FileContent) -> Statement {
    assert_eq!(content.statements.len(), 1);
    content.statements.remove(0)
}

/// Reads an amount with its sign.
pub(in super::super) fn signed(text: &str) -> Signed {
    money(&Value::from(text))
}

/// Reads a date.
pub(in super::super) fn date(text: &str) -> Date {
    parse_date(text).unwrap()
}

/// Returns the options of the tests, in which today is fixed.
pub(in super::super) fn options() -> ReadOptions<'static> {
    ReadOptions {
        encoding: None,
        sheet: None,
        today: parse_date("2026-11-23").unwrap(),
        profile: None,
    }
}

/// Returns the bad lines for which a file was refused, as they are shown.
pub(in super::super) fn bad_lines(read: Result<FileContent, StatementError>) -> Vec<String> {
    let Err(StatementError::BadLines { lines }) = read else {
        panic!("{read:?}")
    };
    lines.iter().map(ToString::to_string).collect()
}
