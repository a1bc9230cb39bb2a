//! Dates: the ledger's own forms have one spelling, and a bank's layouts give a day that a calendar
//! has.

use std::sync::OnceLock;

use chrono::Datelike as _;
use prorata::{
    domain::time::{Date, Instant, Month, parse_date},
    statement::{StatementProfile, read},
};

use super::{said, statement::options};

/// The layouts that a profile may name.
const LAYOUTS: [&str; 14] = [
    "DD/MM/YYYY",
    "D/M/YYYY",
    "DD-MM-YY",
    "MM/DD/YYYY",
    "M/D/YY",
    "YYYY-MM-DD",
    "YYYY/MM/DD",
    "YYYYMMDD",
    "DDMMYYYY",
    "YYMMDD",
    "DD-Mon-YYYY",
    "D Mon YY",
    "Month D YYYY",
    "DD.MM.YYYY",
];

pub(crate) fn reads(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = (
        parse_date(text).is_ok(),
        Month::parse(text).is_ok(),
        Instant::parse(text),
    );
    drop(read(table(text).as_bytes(), options(None)));
}

pub(crate) fn holds(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    own_forms(text);
    for profile in std::iter::once(None).chain(layouts().iter().map(Some)) {
        of_a_bank(text, profile);
    }
}

fn own_forms(text: &str) {
    match parse_date(text) {
        Ok(date) => assert_eq!(date.to_string(), text),
        Err(error) => brief(&error.to_string()),
    }
    match Month::parse(text) {
        Ok(month) => {
            assert_eq!(month.to_string(), text);
            assert!(month.first() < month.last() && month.first().month() == month.last().month());
        }
        Err(error) => brief(&error.to_string()),
    }
    if let Some(instant) = Instant::parse(text) {
        assert_eq!(instant.to_string(), text);
        assert!(instant.next().is_none_or(|next| next > instant));
        assert!(Instant::start_of(instant.date()) <= Some(instant));
    }
}

fn brief(said: &str) {
    said::harmless(said);
    assert!(said.len() < 400, "a message of {} bytes", said.len());
}

/// Makes a statement of one line whose date is the text.
fn table(text: &str) -> String {
    format!(
        "Date,Narration,Amount\n\"{}\",A,-1.00\n",
        text.replace('"', "\"\"")
    )
}

/// Makes the profiles once.
fn layouts() -> &'static [StatementProfile] {
    static PROFILES: OnceLock<Vec<StatementProfile>> = OnceLock::new();
    PROFILES.get_or_init(|| {
        let profile = |layout: &str| {
            let toml = format!("name = \"x\"\ndate_format = \"{layout}\"\nday_first = true\n");
            StatementProfile::parse(&toml).unwrap_or_else(|error| panic!("{layout}: {error}"))
        };
        LAYOUTS.into_iter().map(profile).collect()
    })
}

fn of_a_bank(text: &str, profile: Option<&StatementProfile>) {
    let table = table(text);
    let Ok(file) = read(table.as_bytes(), options(profile)) else {
        return;
    };
    let layout = profile.map(StatementProfile::source);
    let dates: Vec<Date> = file
        .statements
        .iter()
        .flat_map(|statement| &statement.lines)
        .map(|line| line.booking_date)
        .collect();
    for date in dates {
        assert!(
            (1990..=2026).contains(&date.year()),
            "{layout:?} reads {text:?} as {date}"
        );
        // Whatever the layout, the text has the digits of the date.
        assert!(
            text.contains(&date.day().to_string()),
            "{layout:?} reads {text:?} as {date}"
        );
    }
}
