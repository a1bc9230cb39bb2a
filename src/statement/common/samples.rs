//! The samples that others made, for the tests of the readers; a test says so where they are
//! missing.

use serde_json::Value;

use super::{Mark, amount};
use crate::{
    domain::{signed::Signed, time::parse_date},
    statement::{Options, Parsed, Unreadable},
};

/// Reads a sample and what is expected of it, or says that it is missing.
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
        Some(out) => Signed::debit(amount(out, Mark::Point).unwrap()),
        None => Signed::credit(amount(text, Mark::Point).unwrap()),
    }
}

/// The options of the tests: a fixed today.
pub(in super::super) fn options() -> Options<'static> {
    Options {
        encoding: None,
        today: parse_date("2026-11-23").unwrap(),
        profile: None,
    }
}

/// The bad lines for which a file was refused, as they are shown.
pub(in super::super) fn bad_lines(read: Result<Parsed, Unreadable>) -> Vec<String> {
    let Err(Unreadable::BadLines { lines }) = read else {
        panic!("{read:?}")
    };
    lines.iter().map(ToString::to_string).collect()
}
