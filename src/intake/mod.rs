//! The CSV files that administrators bring: bytes in, typed rows out, every bad line named.

mod holders;
mod payments;
mod tokens;
mod withdrawals;

use std::{collections::BTreeMap, fmt};

pub use crate::domain::bad_line::BadLine;
use crate::domain::{
    account::without_accounts,
    bad_line::{OF_A_LIST, note},
    text::{excerpt, words},
};

pub use holders::{HolderRow, holders};
pub use payments::{PaymentRow, payments};
pub use tokens::{EntryRow, Rounding, TokenFile, TokenOptions, check_options, tokens};
pub use withdrawals::{RequestRow, withdrawals};

/// What could be read of a file, and what could not: the rows are still judged, so that all bad
/// lines are told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet<T> {
    /// The rows that could be read.
    pub rows: Vec<T>,
    /// The lines that could not.
    pub bad: Vec<BadLine>,
}

/// The rows of a file, read one after the other, with the bad lines that were met.
pub(crate) struct Reader<'f> {
    bytes: &'f [u8],
    records: csv::Reader<&'f [u8]>,
    /// The position of each known column in the file.
    columns: BTreeMap<&'static str, usize>,
    /// The file's own names of the known columns, for messages.
    headings: BTreeMap<&'static str, String>,
    bad: Vec<BadLine>,
}

/// One row of a sheet.
pub(crate) struct Line<'s> {
    pub(crate) number: u64,
    record: csv::StringRecord,
    columns: &'s BTreeMap<&'static str, usize>,
    headings: &'s BTreeMap<&'static str, String>,
    bad: &'s mut Vec<BadLine>,
}

/// Which columns a file may have.
pub(crate) struct Shape {
    /// Columns that must be there.
    pub(crate) required: &'static [&'static str],
    /// Columns that may be there.
    pub(crate) optional: &'static [&'static str],
}

/// Names that the file uses instead of ours: our name to the file's.
pub(crate) type Renames = BTreeMap<String, String>;

impl<'f> Reader<'f> {
    /// Reads the header and finds the columns of `shape` in it, by our names or by those of
    /// `renames`.
    pub(crate) fn open(
        bytes: &'f [u8],
        shape: &Shape,
        renames: &Renames,
    ) -> Result<Self, Vec<BadLine>> {
        let fail = |line, column: Option<&str>, reason: String| {
            Err(vec![BadLine {
                line,
                column: column.map(str::to_owned),
                reason,
            }])
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return fail(1, None, "the file is empty".to_owned());
        }
        // RFC 4180 doubles a quote within quotes, so their number is even unless the end of the
        // file was cut off.
        if bytes.split(|byte| *byte == b'"').count().is_multiple_of(2) {
            let lines = bytes.trim_ascii_end().split(|byte| *byte == b'\n').count();
            let line = u64::try_from(lines).unwrap_or(u64::MAX);
            return fail(
                line.max(1),
                None,
                "a quote opens and is never closed; the file may be cut off".to_owned(),
            );
        }
        let first = bytes
            .split(|byte| matches!(byte, b'\r' | b'\n'))
            .next()
            .unwrap_or_default();
        if first.split(|byte| *byte == b',').count() > MOST_COLUMNS {
            return fail(
                1,
                None,
                format!("the header has more than {MOST_COLUMNS} columns"),
            );
        }
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return fail(1, None, explain(&error)),
        };
        if header.len() > MOST_COLUMNS {
            return fail(
                1,
                None,
                format!("the header has more than {MOST_COLUMNS} columns"),
            );
        }
        let (mut columns, mut headings, mut bad) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for name in shape.required.iter().chain(shape.optional) {
            let wanted = renames.get(*name).map_or(*name, String::as_str);
            let mut found = header
                .iter()
                .enumerate()
                .filter(|(_, heading)| heading.eq_ignore_ascii_case(wanted));
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => bad.push(BadLine {
                    line: 1,
                    column: Some(wanted.to_owned()),
                    reason: "this column stands twice".to_owned(),
                }),
                (Some((at, heading)), None) => {
                    columns.insert(*name, at);
                    headings.insert(*name, heading.to_owned());
                }
                (None, _) if shape.required.contains(name) || renames.contains_key(*name) => bad
                    .push(BadLine {
                        line: 1,
                        column: Some(wanted.to_owned()),
                        reason: format!("this column is missing; the file has {}", listed(&header)),
                    }),
                (None, _) => {}
            }
        }
        // Where the names are ours, an unknown column is a mistake; where they are foreign, the
        // others are not for us.
        for (at, heading) in header.iter().enumerate().filter(|_| renames.is_empty()) {
            if !columns.values().any(|known| *known == at)
                && !bad.iter().any(|bad| bad.column.as_deref() == Some(heading))
            {
                let known = [shape.required, shape.optional].concat().join(", ");
                let reason = format!("no such column; known are {known}");
                bad.push(BadLine {
                    line: 1,
                    column: Some(harmless(heading)),
                    reason,
                });
            }
        }
        if bad.is_empty() {
            Ok(Self {
                bytes,
                records: reader,
                columns,
                headings,
                bad,
            })
        } else {
            Err(bad)
        }
    }

    /// Tells whether the file has an optional column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// Reads every row with `read`.
    pub(crate) fn rows<T>(mut self, mut read: impl FnMut(&mut Line<'_>) -> Option<T>) -> Sheet<T> {
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        let mut lines = Lines {
            bytes: self.bytes,
            at: 0,
            line: 1,
        };
        loop {
            match self.records.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    let line = record.position().map_or(0, |position| lines.at(position));
                    let (columns, headings, bad) = (&self.columns, &self.headings, &mut self.bad);
                    let before = bad.len();
                    let mut cells = Line {
                        number: line,
                        record,
                        columns,
                        headings,
                        bad,
                    };
                    let row = read(&mut cells);
                    record = cells.record;
                    match row {
                        Some(row) => rows.push(row),
                        None if self.bad.len() == before => {
                            let reason = "the line cannot be read".to_owned();
                            note(
                                &mut self.bad,
                                BadLine {
                                    line,
                                    column: None,
                                    reason,
                                },
                                OF_A_LIST,
                            );
                        }
                        None => {}
                    }
                }
                Err(error) => {
                    let line = error.position().map_or(0, |position| lines.at(position));
                    note(
                        &mut self.bad,
                        BadLine {
                            line,
                            column: None,
                            reason: explain(&error),
                        },
                        OF_A_LIST,
                    );
                    if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                        break;
                    }
                }
            }
        }
        if rows.is_empty() && self.bad.is_empty() {
            self.bad.push(BadLine {
                line: 1,
                column: None,
                reason: "the file has a header and no rows".to_owned(),
            });
        }
        Sheet {
            rows,
            bad: self.bad,
        }
    }
}

/// Counts lines. The CSV reader's own count is one behind where lines end in CR and LF.
struct Lines<'f> {
    bytes: &'f [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// Tells the line of a record; positions come in ascending order.
    fn at(&mut self, position: &csv::Position) -> u64 {
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let mut rest = self.bytes.iter().enumerate().skip(self.at);
        // What ends the line before belongs to no record.
        for (at, byte) in rest
            .by_ref()
            .take_while(|(at, byte)| *at < start || matches!(byte, b'\r' | b'\n'))
        {
            self.at = at + 1;
            self.line += u64::from(*byte == b'\n');
        }
        self.line
    }
}

impl Line<'_> {
    /// Shows a cell; empty where the column is not there.
    pub(crate) fn cell(&self, name: &'static str) -> &str {
        self.columns
            .get(name)
            .and_then(|at| self.record.get(*at))
            .unwrap_or_default()
    }

    /// Reads the words of a cell where it is not empty; the outer `None` is a bad cell.
    pub(crate) fn maybe(&mut self, name: &'static str) -> Option<Option<String>> {
        self.read_maybe(name, words)
    }

    /// Reads a cell, or notes why it cannot be read.
    pub(crate) fn read<T, E: fmt::Display>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match read(self.cell(name)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(name, error.to_string());
                None
            }
        }
    }

    /// Reads a cell where it is not empty; the outer `None` is a bad cell.
    pub(crate) fn read_maybe<T, E: fmt::Display>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        if self.cell(name).is_empty() {
            return Some(None);
        }
        self.read(name, read).map(Some)
    }

    /// Notes what is wrong with a cell.
    pub(crate) fn refuse(&mut self, name: &'static str, reason: String) {
        let column = self
            .headings
            .get(name)
            .cloned()
            .or_else(|| Some(name.to_owned()));
        note(
            self.bad,
            BadLine {
                line: self.number,
                column,
                reason: without_accounts(&reason),
            },
            OF_A_LIST,
        );
    }
}

/// How many columns a file may have.
const MOST_COLUMNS: usize = 1_000;
/// How many headings a message lists.
const LISTED: usize = 30;

/// Lists the headings of a file, the first of them where there are many.
fn listed(header: &csv::StringRecord) -> String {
    let mut headings: Vec<String> = header.iter().take(LISTED).map(harmless).collect();
    if header.len() > LISTED {
        headings.push(format!("and {} more", header.len() - LISTED));
    }
    headings.join(", ")
}

/// Shows a heading, but for one that looks like an account number: then the file has no header row.
fn harmless(heading: &str) -> String {
    let digits = heading.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 4 {
        "(a number)".to_owned()
    } else {
        excerpt(heading, 40)
    }
}

/// Says what is wrong with a record without repeating what stands in it.
fn explain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the line is not UTF-8 text".to_owned(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!(
                "the line has {len} {} and the header {expected_len}",
                if *len == 1 { "field" } else { "fields" }
            )
        }
        csv::ErrorKind::Io(_)
        | csv::ErrorKind::Seek
        | csv::ErrorKind::Serialize(_)
        | csv::ErrorKind::Deserialize { .. } => "the line cannot be read".to_owned(),
        _ => "the line is not CSV".to_owned(),
    }
}

/// Reads the four columns of bank details.
pub(crate) fn bank_details(line: &mut Line<'_>) -> Option<crate::domain::account::BankDetails> {
    let account_number = line.read_maybe(
        "account_number",
        crate::domain::account::AccountNumber::parse,
    );
    let (bank_name, bank_code, account_name) = (
        line.maybe("bank_name"),
        line.maybe("bank_code"),
        line.maybe("account_name"),
    );
    Some(crate::domain::account::BankDetails {
        bank_name: bank_name?,
        bank_code: bank_code?,
        account_number: account_number?,
        account_name: account_name?,
    })
}
