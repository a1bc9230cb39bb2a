//! Layouts that someone wrote, as TOML and as columns, and statements read by them.

use prorata::statement::{ProfileColumns, StatementProfile, read};

use super::{said, statement};

/// A statement that a layout is tried on.
const STATEMENT: &str = "Statement of account\nDate,Value,Text,Out,In,Balance,Sign\n\
    01/02/2026,02/02/2026,\"TRF A\",10.00,,90.00,DR\n02/02/2026,02/02/2026,TRF B,,1.000,50,91.00,CR\n";

/// What separates a layout and the statement that it is tried on. Without it, the statement is
/// [`STATEMENT`].
const BETWEEN: &str = "\n---\n";

fn parts(data: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(data).ok()?;
    Some(text.split_once(BETWEEN).unwrap_or((text, STATEMENT)))
}

pub(crate) fn reads(data: &[u8]) {
    let Some((layout, text)) = parts(data) else {
        return;
    };
    let profile = StatementProfile::parse(layout).ok();
    drop(read(text.as_bytes(), statement::options(profile.as_ref())));
    drop(ProfileColumns::parse(layout));
}

pub(crate) fn holds(data: &[u8]) {
    let Some((layout, text)) = parts(data) else {
        return;
    };
    let parsed = StatementProfile::parse(layout);
    assert_eq!(
        parsed,
        StatementProfile::parse(layout),
        "the same text gives the same layout"
    );
    match parsed {
        Ok(profile) => {
            assert_eq!(profile.source(), layout);
            said::harmless(&profile.name);
            statement::with(text.as_bytes(), Some(&profile));
        }
        Err(error) => refused(layout, &error.to_string()),
    }
    match ProfileColumns::parse(layout).and_then(StatementProfile::of_columns) {
        Ok(profile) => statement::with(text.as_bytes(), Some(&profile)),
        Err(error) => refused(layout, &error.to_string()),
    }
}

fn refused(layout: &str, said: &str) {
    said.split('\n').for_each(said::harmless);
    said::repeats_no_account(layout.as_bytes(), said);
    assert!(said.len() < 4_000, "a message of {} bytes", said.len());
}
