//! Statement files of the four families, and files of which nobody knows what they are.

use std::borrow::Cow;

use chrono::Datelike as _;
use prorata::{
    domain::{
        currency::Currency,
        statement::{LineSums, Statement, StatementFile, StatementFormat},
        time::{Date, parse_date},
    },
    render::{self, Format, Style},
    report,
    statement::{ReadOptions, StatementError, StatementProfile, read},
};

use super::said;

/// How many lines a statement may have that is also rendered.
const RENDERED: usize = 20;

/// The last day that is not in the future.
fn today() -> Date {
    parse_date("2026-11-23").unwrap_or_default()
}

pub(crate) fn options(profile: Option<&StatementProfile>) -> ReadOptions<'_> {
    ReadOptions {
        encoding: None,
        sheet: None,
        today: today(),
        profile,
    }
}

pub(crate) fn reads(data: &[u8]) {
    drop(read(data, options(None)));
}

pub(crate) fn holds(data: &[u8]) {
    with(data, None);
}

/// Puts a family's beginning before an input that has none, so that its reader gets it.
fn begun<'d>(data: &'d [u8], marks: &[&[u8]], opening: &[u8]) -> Cow<'d, [u8]> {
    let head = data.get(..300).unwrap_or(data);
    let begins = marks
        .iter()
        .any(|mark| head.windows(mark.len()).any(|window| window == *mark));
    if begins {
        Cow::Borrowed(data)
    } else {
        Cow::Owned([opening, data].concat())
    }
}

fn ofx(data: &[u8]) -> Cow<'_, [u8]> {
    begun(
        data,
        &[b"OFX"],
        b"OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>NGN<BANKTRANLIST>",
    )
}

fn camt(data: &[u8]) -> Cow<'_, [u8]> {
    let opening = b"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>1</Id>";
    begun(data, &[b"camt.053", b"BkToCstmrStmt"], opening)
}

fn mt940(data: &[u8]) -> Cow<'_, [u8]> {
    begun(
        data,
        &[b":20:", b"{1:"],
        b":20:A\n:25:123\n:28C:1/1\n:60F:C260101NGN0,00\n",
    )
}

pub(crate) fn reads_delimited(data: &[u8]) {
    reads(data);
}

pub(crate) fn reads_ofx(data: &[u8]) {
    reads(&ofx(data));
}

pub(crate) fn reads_camt(data: &[u8]) {
    reads(&camt(data));
}

pub(crate) fn reads_mt940(data: &[u8]) {
    reads(&mt940(data));
}

/// As [`holds`], and once more with a layout that names columns by number and with one that names
/// nothing.
pub(crate) fn holds_delimited(data: &[u8]) {
    with(data, None);
    for name in ["posb", "gtbank"] {
        with(data, StatementProfile::builtin(name).as_ref());
    }
}

pub(crate) fn holds_ofx(data: &[u8]) {
    with(&ofx(data), None);
}

pub(crate) fn holds_camt(data: &[u8]) {
    with(&camt(data), None);
}

pub(crate) fn holds_mt940(data: &[u8]) {
    with(&mt940(data), None);
}

/// Asserts what must hold of a file, read as a profile says.
pub(crate) fn with(data: &[u8], profile: Option<&StatementProfile>) {
    let answer = read(data, options(profile));
    assert_eq!(
        answer,
        read(data, options(profile)),
        "the same bytes give the same answer"
    );
    match answer {
        Ok(file) => taken(data, &file),
        Err(error) => refused(data, &error),
    }
}

fn refused(data: &[u8], error: &StatementError) {
    let message = error.to_string();
    said::harmless(&message);
    said::repeats_no_account(data, &message);
    assert!(
        message.len() < 4_000,
        "a message of {} bytes",
        message.len()
    );
    if let StatementError::BadLines { lines } = error {
        assert!(!lines.is_empty(), "bad lines, and none is named");
        said::placed(data, lines);
    }
}

fn taken(data: &[u8], file: &StatementFile) {
    assert!(
        !file.statements.is_empty(),
        "a file is taken, and no statement is in it"
    );
    if file.format != StatementFormat::Csv {
        let lower = data.to_ascii_lowercase();
        let holds = |word: &[u8]| lower.windows(word.len()).any(|window| window == word);
        let declares = lower.trim_ascii_start().starts_with(b"<")
            && (holds(b"<!entity") || holds(b"<!doctype"));
        assert!(
            file.format != StatementFormat::Camt053 || !declares,
            "XML with declarations is never followed"
        );
    }
    for text in file.decisions.iter().chain(&file.proofs) {
        said::harmless(text);
    }
    file.statements.iter().for_each(statement);
    rendered(file);
}

fn statement(statement: &Statement) {
    let texts = [&statement.reference, &statement.account];
    texts
        .into_iter()
        .flatten()
        .for_each(|text| said::harmless(text));
    for line in &statement.lines {
        let texts = [
            &line.reference,
            &line.bank_id,
            &line.end_to_end,
            &line.counterparty_name,
            &line.counterparty_account,
        ];
        texts
            .into_iter()
            .flatten()
            .chain([&line.description])
            .for_each(|text| said::harmless(text));
        assert!(line.place > 0, "a line without a place");
        assert!(
            line.booking_date.year() >= 1990
                && line.booking_date <= today().succ_opt().unwrap_or_default()
        );
    }
    statement.skipped.iter().for_each(|row| {
        said::harmless(&row.description);
        said::harmless(&row.reason);
    });
    statement
        .findings
        .iter()
        .for_each(|finding| said::harmless(&finding.detail));
    let (Some(LineSums { debits, credits }), Some(opening), Some(closing)) =
        (statement.sums(), statement.opening, statement.closing)
    else {
        return;
    };
    assert!(!debits.is_negative() && !credits.is_negative());
    let sum = opening
        .amount
        .checked_add(credits)
        .and_then(|sum| sum.checked_sub(debits));
    if statement.balance_ok == Some(true) {
        assert_eq!(sum, Some(closing.amount), "the balances are said to hold");
    }
    if sum == Some(closing.amount) && statement.balance_ok == Some(false) {
        // Only a balance in another currency makes right sums wrong.
        assert!(
            !statement.findings.is_empty(),
            "the balances hold, and are said not to"
        );
    }
}

/// Asserts that what people look at has no sign that a terminal obeys.
fn rendered(file: &StatementFile) {
    if file
        .statements
        .iter()
        .map(|statement| statement.lines.len() + statement.skipped.len())
        .sum::<usize>()
        > RENDERED
    {
        return;
    }
    let Ok(currency) = Currency::parse("NGN") else {
        return;
    };
    let record = report::statement_file::record(file, currency);
    for format in [Format::Table, Format::Markdown, Format::Html] {
        let mut shown = Vec::new();
        let written = render::record(&record, format, Style::PLAIN, None, &mut shown);
        assert!(written.is_ok(), "{written:?}");
        said::harmless_lines(&String::from_utf8_lossy(&shown));
    }
}
