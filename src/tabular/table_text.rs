//! The text of a table, and how the cells of a workbook become one.

use std::borrow::Cow;

use calamine::{Data, DataRef, ExcelDateTime};

use super::error::FileError;

/// What separates the cells of a workbook's row.
pub(crate) const WORKBOOK_DELIMITER: u8 = b'\t';

/// How large the text of a sheet may be: as large as an input file.
const MOST_TEXT: usize = 256 * 1024 * 1024;
/// How many rows and columns a sheet of Excel has.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// How many digits a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// The text of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableText<'b> {
    /// The name of the sheet, if the file is a workbook.
    pub(crate) sheet: Option<String>,
    /// The rows; those of a workbook have [`WORKBOOK_DELIMITER`] between their cells and no line end
    /// within one, so that the number of a line is that of the row.
    pub(crate) text: Cow<'b, str>,
}

/// Writes the cells of a sheet as text, row by row.
#[derive(Debug, Default)]
pub(super) struct TableWriter {
    text: String,
    row: u32,
    column: u32,
}

impl TableWriter {
    /// Adds a cell. Rows come in order, and the cells of a row too.
    ///
    /// # Errors
    /// [`FileError::NotATable`] if a cell is out of order or outside of a sheet, or the text is too long.
    pub(super) fn cell(&mut self, row: u32, column: u32, cell: &str) -> Result<(), FileError> {
        if row < self.row
            || row == self.row && column < self.column
            || row >= MOST_ROWS
            || column >= MOST_COLUMNS
        {
            return Err(FileError::not_a_table(
                "a damaged workbook: its cells are out of order",
            ));
        }
        while self.row < row {
            self.text.push('\n');
            self.row += 1;
            self.column = 0;
        }
        while self.column < column {
            self.text.push(char::from(WORKBOOK_DELIMITER));
            self.column += 1;
        }
        if self.text.len() + cell.len() > MOST_TEXT {
            return Err(FileError::not_a_table(
                "a workbook with more than 256 MB of text; save the sheet as CSV and split it",
            ));
        }
        self.push(cell);
        Ok(())
    }

    /// Adds the text of a cell. A quote at its start would open a quoted cell.
    fn push(&mut self, cell: &str) {
        let is_quoted = cell.trim_start().starts_with('"');
        if is_quoted {
            self.text.push('"');
        }
        for c in cell.chars() {
            match c {
                '\t' | '\n' | '\r' => self.text.push(' '),
                '"' if is_quoted => self.text.push_str("\"\""),
                other => self.text.push(other),
            }
        }
        if is_quoted {
            self.text.push('"');
        }
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Writes a cell as text: a typed date as `2026-01-05`, a typed number with all its digits.
pub(super) fn written(cell: &DataRef<'_>) -> Cow<'static, str> {
    match cell {
        DataRef::Int(number) => number_text(&number.to_string()).into(),
        DataRef::Float(number) => number_text(&number.to_string()).into(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone().into()
        }
        DataRef::SharedString(text) => (*text).to_owned().into(),
        DataRef::Bool(true) => "TRUE".into(),
        DataRef::Bool(false) => "FALSE".into(),
        DataRef::DateTime(moment) => moment_text(*moment).into(),
        DataRef::Error(error) => error.to_string().into(),
        DataRef::Empty => "".into(),
    }
}

/// As [`written`], of a cell that owns its text.
pub(super) fn owned(cell: &Data) -> Cow<'_, str> {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.into(),
        Data::Int(number) => number_text(&number.to_string()).into(),
        Data::Float(number) => number_text(&number.to_string()).into(),
        Data::Bool(true) => "TRUE".into(),
        Data::Bool(false) => "FALSE".into(),
        Data::DateTime(moment) => moment_text(*moment).into(),
        Data::Error(error) => error.to_string().into(),
        Data::Empty => "".into(),
    }
}

/// Writes a number that a spreadsheet stores. Of more than 15 digits it keeps only the first, so such
/// a number is written as the spreadsheet shows it: nobody takes it for what was typed. A number
/// with three decimals gets a zero, so that its point never looks like one between thousands.
fn number_text(plain: &str) -> String {
    let unsigned = plain.trim_start_matches('-');
    let sign = if unsigned.len() < plain.len() {
        "-"
    } else {
        ""
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if whole.len() > KEPT_DIGITS && whole.bytes().all(|byte| byte.is_ascii_digit()) {
        let (first, rest) = whole.split_at_checked(1).unwrap_or((whole, ""));
        let rest = rest.get(..5).unwrap_or_default().trim_end_matches('0');
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}E+{}", whole.len() - 1);
    }
    if fraction.len() == 3 {
        return format!("{plain}0");
    }
    plain.to_owned()
}

/// Writes a moment as a spreadsheet stores it: a date, with its time of day if it has one.
fn moment_text(moment: ExcelDateTime) -> String {
    if moment.is_duration() {
        return moment.to_string();
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if year < 1900 || year == 1900 && month == 1 && day == 0 {
        return time;
    }
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {time}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_with_all_its_digits_or_as_shortened() {
        for (plain, text) in [
            ("1500", "1500"),
            ("-1500.5", "-1500.5"),
            ("1000.125", "1000.1250"),
            ("123456789012345", "123456789012345"),
            ("1300010000000000000000000000", "1.30001E+27"),
            ("1000000000000000", "1E+15"),
        ] {
            assert_eq!(number_text(plain), text);
        }
    }

    #[test]
    fn a_cell_has_neither_a_line_end_nor_a_delimiter() {
        let mut table = TableWriter::default();
        table.cell(0, 1, "a\tb\r\nc").unwrap();
        table.cell(2, 0, "\"x\" y").unwrap();
        assert!(table.cell(1, 0, "late").is_err());
        assert_eq!(table.finish(), "\ta b  c\n\n\"\"\"x\"\" y\"");
    }
}
