//! The rows of a file, and its bad lines.

use std::{collections::BTreeMap, fmt};

use super::{
    header::{self, Header, SheetColumns},
    numbers::{self, NumberForm},
    sheet_file::SheetFile,
};
use crate::{
    domain::{
        account::{AccountNumber, BankDetails, without_accounts},
        bad_line::{BadLine, OF_A_LIST, note},
        currency::Currency,
        holdings::names_a_total,
        quantity::NumberError,
        text::{excerpt, name, reference, words},
    },
    tabular::Record,
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
    header: Header<'f>,
    numbers: &'f NumberForm,
    is_workbook: bool,
    bad: Vec<BadLine>,
}

/// One row of a sheet.
pub(crate) struct SheetLine<'s> {
    pub(crate) number: u64,
    record: &'s Record<'s>,
    columns: &'s BTreeMap<&'static str, usize>,
    names: &'s BTreeMap<&'static str, String>,
    numbers: &'s NumberForm,
    bad: &'s mut Vec<BadLine>,
}

impl<'f> SheetReader<'f> {
    /// Finds the headings and with them the columns, by our names or by those that the user names.
    ///
    /// # Errors
    /// The bad lines if the file is empty or cut off, or its headings are not those of such a file.
    pub(crate) fn open(file: &'f SheetFile, expected: &SheetColumns) -> Result<Self, Vec<BadLine>> {
        let header = header::find(file, expected)?;
        Ok(Self {
            header,
            numbers: &file.options().numbers,
            is_workbook: file.is_workbook(),
            bad: Vec::new(),
        })
    }

    /// Returns whether the file has an optional column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.header.columns.contains_key(name)
    }

    /// Reads every row with `read`. Rows without content are skipped.
    pub(crate) fn rows<T>(
        mut self,
        mut read: impl FnMut(&mut SheetLine<'_>) -> Option<T>,
    ) -> Sheet<T> {
        let mut rows = Vec::new();
        let mut body = self.header.body;
        let mut record = Record::default();
        while body.next(&mut record) {
            // A cell of nothing but quotes is there, and empty.
            if record.is_blank() && !record.quoted {
                continue;
            }
            if let Some(reason) = self.damage(&record, body.delimiter()) {
                self.note(record.line, reason);
                continue;
            }
            let before = self.bad.len();
            let mut line = SheetLine {
                number: record.line,
                record: &record,
                columns: &self.header.columns,
                names: &self.header.names,
                numbers: self.numbers,
                bad: &mut self.bad,
            };
            match read(&mut line) {
                Some(row) => rows.push(row),
                None if self.bad.len() == before => {
                    self.note(record.line, "the line cannot be read".to_owned());
                }
                None => {}
            }
        }
        if rows.is_empty() && self.bad.is_empty() {
            let line = self.header.line;
            self.note(line, "the file has a header and no rows".to_owned());
        }
        Sheet {
            rows,
            bad: self.bad,
        }
    }

    /// Returns why a row cannot be divided into the cells of the header.
    fn damage(&self, record: &Record<'_>, delimiter: u8) -> Option<String> {
        if record.unclosed {
            return Some("a quote opens and is never closed; the file may be cut off".to_owned());
        }
        let width = self.header.width;
        if record.swallowed_rows(width.unwrap_or(usize::MAX), delimiter) {
            return Some(
                "a quote opens and continues over the rows below; a quote is missing".to_owned(),
            );
        }
        if record.cells().any(|cell| cell.contains('\u{fffd}')) {
            return Some(
                "a character is lost; name the encoding of the file, for example `--encoding windows-1252`"
                    .to_owned(),
            );
        }
        let width = width?;
        let filled = record.last_filled();
        let fits = filled <= width && (self.is_workbook || record.len() >= width);
        (!fits).then(|| {
            let cells = filled.max(record.len().min(width));
            format!(
                "the line has {cells} {} and the header {width}",
                if cells == 1 { "field" } else { "fields" }
            )
        })
    }

    fn note(&mut self, line: u64, reason: String) {
        let bad = BadLine {
            code: None,
            line,
            column: None,
            reason,
        };
        note(&mut self.bad, bad, OF_A_LIST);
    }
}

impl SheetLine<'_> {
    /// Returns a cell, or an empty text if the file does not have the column.
    pub(crate) fn cell(&self, name: &'static str) -> &str {
        self.columns
            .get(name)
            .map_or("", |at| self.record.cell(*at))
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

    /// Reads a number, as the user says that the file writes them.
    pub(crate) fn read_number<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, NumberError>,
    ) -> Option<T> {
        self.read_number_or(name, read, |_| "")
    }

    /// As [`SheetLine::read_number`], with what else can be done about an error.
    pub(crate) fn read_number_or<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, NumberError>,
        way_out: impl FnOnce(&NumberError) -> &'static str,
    ) -> Option<T> {
        let cell = self.cell(name);
        let answer = self.numbers.plain(cell).and_then(|number| {
            read(&number).map_err(|error| match numbers::hint(self.numbers, cell) {
                Some(hint) => format!(
                    "`{}` is written as spreadsheets do; {hint}",
                    excerpt(cell, 40)
                ),
                None => format!("{error}{}", way_out(&error)),
            })
        });
        self.read(name, |_| answer)
    }

    /// Reads a number if the cell is not empty. The outer `None` is a bad cell.
    pub(crate) fn read_maybe_number<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Result<T, NumberError>,
    ) -> Option<Option<T>> {
        if self.cell(name).is_empty() {
            return Some(None);
        }
        self.read_number(name, read).map(Some)
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
            .names
            .get(name)
            .cloned()
            .or_else(|| Some(name.to_owned()));
        note(
            self.bad,
            BadLine {
                code: None,
                line: self.number,
                column,
                reason: without_accounts(&reason),
            },
            OF_A_LIST,
        );
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
