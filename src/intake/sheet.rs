//! The rows of a CSV file, and its bad lines.

use std::{collections::BTreeMap, fmt};

use crate::domain::{
    account::{AccountNumber, BankDetails, without_accounts},
    bad_line::{BadLine, OF_A_LIST, note},
    currency::Currency,
    holdings::names_a_total,
    text::{excerpt, name, reference, words},
};

/// The rows of a file that could be read, and the bad lines. The rows are still checked, so that all
/// bad lines are reported at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet<T> {
    /// The rows that could be read.
    pub rows: Vec<T>,
    /// The lines that could not be read.
    pub bad: Vec<BadLine>,
}

/// Reads the rows of a file one after the other.
pub(crate) struct SheetReader<'f> {
    bytes: &'f [u8],
    records: csv::Reader<&'f [u8]>,
    headings: Headings,
    bad: Vec<BadLine>,
}

/// One row of a sheet.
pub(crate) struct SheetLine<'s> {
    pub(crate) number: u64,
    record: csv::StringRecord,
    headings: &'s Headings,
    bad: &'s mut Vec<BadLine>,
}

/// The columns of a file.
pub(crate) struct SheetColumns {
    /// The columns that the file must have.
    pub(crate) required: &'static [&'static str],
    /// The columns that the file may have.
    pub(crate) optional: &'static [&'static str],
}

/// Names that the file uses instead of ours: our name to the file's.
pub(crate) type Renames = BTreeMap<String, String>;

/// The positions of the known columns in a file, and the file's own names of them for messages.
#[derive(Default)]
struct Headings {
    columns: BTreeMap<&'static str, usize>,
    names: BTreeMap<&'static str, String>,
}

impl<'f> SheetReader<'f> {
    /// Reads the header and finds its columns, by our names or by those of `renames`.
    ///
    /// # Errors
    /// The bad lines if the file is empty or cut off, or its header is not that of such a file.
    pub(crate) fn open(
        bytes: &'f [u8],
        expected: &SheetColumns,
        renames: &Renames,
    ) -> Result<Self, Vec<BadLine>> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        check_bytes(bytes).map_err(|bad| vec![bad])?;
        let mut records = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let header = match records.headers() {
            Ok(header) => header.clone(),
            Err(error) => return Err(vec![bad_header(None, explain(&error))]),
        };
        if header.len() > MOST_COLUMNS {
            return Err(vec![too_many_columns()]);
        }
        let mut bad = Vec::new();
        let headings = find_columns(&header, expected, renames, &mut bad);
        // If the names are ours, an unknown column is a mistake; if they are foreign, the other
        // columns are for other programs.
        if renames.is_empty() {
            refuse_unknown(&header, expected, &headings, &mut bad);
        }
        if bad.is_empty() {
            Ok(Self {
                bytes,
                records,
                headings,
                bad,
            })
        } else {
            Err(bad)
        }
    }

    /// Returns whether the file has an optional column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.headings.columns.contains_key(name)
    }

    /// Reads every row with `read`.
    pub(crate) fn rows<T>(
        mut self,
        mut read: impl FnMut(&mut SheetLine<'_>) -> Option<T>,
    ) -> Sheet<T> {
        let mut rows = Vec::new();
        let mut record = csv::StringRecord::new();
        let mut lines = RecordLines {
            bytes: self.bytes,
            at: 0,
            line: 1,
        };
        loop {
            match self.records.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {
                    let number = record.position().map_or(0, |position| lines.at(position));
                    let before = self.bad.len();
                    let mut line = SheetLine {
                        number,
                        record,
                        headings: &self.headings,
                        bad: &mut self.bad,
                    };
                    let row = read(&mut line);
                    record = line.record;
                    match row {
                        Some(row) => rows.push(row),
                        None if self.bad.len() == before => {
                            self.note(number, "the line cannot be read".to_owned());
                        }
                        None => {}
                    }
                }
                Err(error) => {
                    let number = error.position().map_or(0, |position| lines.at(position));
                    self.note(number, explain(&error));
                    if matches!(error.kind(), csv::ErrorKind::Io(_)) {
                        break;
                    }
                }
            }
        }
        if rows.is_empty() && self.bad.is_empty() {
            self.note(1, "the file has a header and no rows".to_owned());
        }
        Sheet {
            rows,
            bad: self.bad,
        }
    }

    fn note(&mut self, line: u64, reason: String) {
        let bad = BadLine {
            line,
            column: None,
            reason,
        };
        note(&mut self.bad, bad, OF_A_LIST);
    }
}

/// Checks what can be checked before the file is read as CSV.
fn check_bytes(bytes: &[u8]) -> Result<(), BadLine> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(bad_header(None, "the file is empty".to_owned()));
    }
    // RFC 4180 doubles a quote within quotes, so the number of quotes is even unless the end of the
    // file was cut off.
    if bytes.split(|byte| *byte == b'"').count().is_multiple_of(2) {
        let lines = bytes.trim_ascii_end().split(|byte| *byte == b'\n').count();
        return Err(BadLine {
            line: u64::try_from(lines).unwrap_or(u64::MAX).max(1),
            ..bad_header(
                None,
                "a quote opens and is never closed; the file may be cut off".to_owned(),
            )
        });
    }
    let first = bytes
        .split(|byte| matches!(byte, b'\r' | b'\n'))
        .next()
        .unwrap_or_default();
    if first.split(|byte| *byte == b',').count() > MOST_COLUMNS {
        return Err(too_many_columns());
    }
    Ok(())
}

fn bad_header(column: Option<String>, reason: String) -> BadLine {
    BadLine {
        line: 1,
        column,
        reason,
    }
}

fn too_many_columns() -> BadLine {
    let reason = format!("the header has more than {MOST_COLUMNS} columns");
    bad_header(None, reason)
}

fn find_columns(
    header: &csv::StringRecord,
    expected: &SheetColumns,
    renames: &Renames,
    bad: &mut Vec<BadLine>,
) -> Headings {
    let mut headings = Headings::default();
    for name in expected.required.iter().chain(expected.optional) {
        let wanted = renames.get(*name).map_or(*name, String::as_str);
        let mut matching = header
            .iter()
            .enumerate()
            .filter(|(_, heading)| heading.eq_ignore_ascii_case(wanted));
        match (matching.next(), matching.next()) {
            (Some(_), Some(_)) => bad.push(bad_header(
                Some(wanted.to_owned()),
                "this column comes twice".to_owned(),
            )),
            (Some((at, heading)), None) => {
                headings.columns.insert(*name, at);
                headings.names.insert(*name, heading.to_owned());
            }
            (None, _) if expected.required.contains(name) || renames.contains_key(*name) => {
                bad.push(bad_header(
                    Some(wanted.to_owned()),
                    format!("this column is missing; the file has {}", listed(header)),
                ));
            }
            (None, _) => {}
        }
    }
    headings
}

fn refuse_unknown(
    header: &csv::StringRecord,
    expected: &SheetColumns,
    headings: &Headings,
    bad: &mut Vec<BadLine>,
) {
    let names = [expected.required, expected.optional].concat().join(", ");
    for (at, heading) in header.iter().enumerate() {
        if !headings.columns.values().any(|known| *known == at)
            && !bad.iter().any(|bad| bad.column.as_deref() == Some(heading))
        {
            bad.push(bad_header(
                Some(harmless(heading)),
                format!("this is not a column of such a file; its columns are {names}"),
            ));
        }
    }
}

/// Counts lines. The CSV reader's own count is one too low if lines end with CR and LF.
struct RecordLines<'f> {
    bytes: &'f [u8],
    at: usize,
    line: u64,
}

impl RecordLines<'_> {
    /// Returns the line of a record. Positions must ascend.
    fn at(&mut self, position: &csv::Position) -> u64 {
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let mut rest = self.bytes.iter().enumerate().skip(self.at);
        // The end of the line before belongs to no record.
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

impl SheetLine<'_> {
    /// Returns a cell, or an empty text if the file does not have the column.
    pub(crate) fn cell(&self, name: &'static str) -> &str {
        self.headings
            .columns
            .get(name)
            .and_then(|at| self.record.get(*at))
            .unwrap_or_default()
    }

    /// Reads the words of a cell if it is not empty. The outer `None` is a bad cell.
    pub(crate) fn maybe(&mut self, name: &'static str) -> Option<Option<String>> {
        self.read_maybe(name, words)
    }

    /// Reads the name in a cell if it is not empty, without what cannot be seen. The outer `None` is a
    /// bad cell.
    pub(crate) fn maybe_name(&mut self, column: &'static str) -> Option<Option<String>> {
        self.read_maybe(column, name)
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

    /// Reads a cell if it is not empty. The outer `None` is a bad cell.
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

    /// Refuses a row of totals: its code, or another cell that is a name, says that it is one, or it
    /// has no code.
    pub(crate) fn must_name_somebody(
        &mut self,
        code: &'static str,
        others: &[&'static str],
    ) -> Option<()> {
        for name in [code].iter().chain(others) {
            let cell = self.cell(name);
            if names_a_total(cell) {
                let total = excerpt(cell, 40);
                let reason = format!("`{total}` is a row of totals, not a holder; remove this row");
                self.refuse(name, reason);
                return None;
            }
        }
        if self.cell(code).is_empty() {
            let reason = "the row names no holder; if it is a row of totals, remove it".to_owned();
            self.refuse(code, reason);
            return None;
        }
        Some(())
    }

    /// Notes what is wrong with a cell.
    pub(crate) fn refuse(&mut self, name: &'static str, reason: String) {
        let column = self
            .headings
            .names
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

/// Returns the headings of a file; only the first ones if there are many.
fn listed(header: &csv::StringRecord) -> String {
    let mut headings: Vec<String> = header.iter().take(LISTED).map(harmless).collect();
    if header.len() > LISTED {
        headings.push(format!("and {} more", header.len() - LISTED));
    }
    headings.join(", ")
}

/// Returns a heading, unless it looks like an account number: then the file has no header row.
fn harmless(heading: &str) -> String {
    let digits = heading.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 4 {
        "(a number)".to_owned()
    } else {
        excerpt(heading, 40)
    }
}

/// Returns what is wrong with a record, without its content.
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

/// Reads the columns of bank details.
pub(crate) fn bank_details(line: &mut SheetLine<'_>) -> Option<BankDetails> {
    let account_number = line.read_maybe("account_number", AccountNumber::parse);
    let (bank_name, bank_code, account_name) = (
        line.maybe_name("bank_name"),
        line.read_maybe("bank_code", reference),
        line.maybe_name("account_name"),
    );
    let currency = line.read_maybe("account_currency", Currency::parse);
    Some(BankDetails {
        currency: currency?,
        bank_name: bank_name?,
        bank_code: bank_code?,
        account_number: account_number?,
        account_name: account_name?,
    })
}
