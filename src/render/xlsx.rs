//! XLSX: typed cells. A decimal becomes a spreadsheet number only where a binary float keeps each
//! of its digits.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{
    ColNum, DocProperties, ExcelDateTime, Format, FormatAlign, RowNum, Workbook, Worksheet,
    XlsxError,
};

use super::{error::Error, text};
use crate::report::{About, Cell, CellKind, Column, Record};

/// Spreadsheets show this many significant digits, and a binary float keeps them.
const SAFE_DIGITS: usize = 15;
/// The rows of a sheet, its header included.
const ROWS: RowNum = 1_048_576;
/// The UTF-16 units that one cell holds.
const LONGEST_TEXT: usize = 32_767;
/// The characters of a sheet's name.
const LONGEST_NAME: usize = 31;
/// The name of the sheet that says what the others are about.
const ABOUT: &str = "about";
/// The signs that no sheet's name may have.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
const FIELDS: &[Column] = &[
    Column::new(CellKind::Text, "field", "Field"),
    Column::new(CellKind::Text, "value", "Value"),
];

/// A workbook of one sheet being written. The rows wait in a temporary file, not in memory.
pub(super) struct List {
    book: Book,
    sheet: Sheet,
}

/// A workbook and the ways its cells look.
struct Book {
    workbook: Workbook,
    looks: Looks,
}

struct Looks {
    heading: Format,
    count: Format,
    date: Format,
    instant: Format,
    /// Numbers that stay text.
    digits: Format,
    /// Numbers by their decimals, 0 to 7.
    decimals: Vec<Format>,
}

struct Sheet {
    worksheet: Worksheet,
    columns: Vec<Column>,
    /// The longest words of each column.
    widths: Vec<usize>,
    next: RowNum,
}

impl List {
    /// Opens a workbook with one sheet.
    pub(super) fn new(columns: &[Column]) -> Result<Self, Error> {
        let mut book = Book::new();
        let sheet = book.sheet(&sheet_name(None), columns)?;
        Ok(Self { book, sheet })
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        self.sheet.row(&self.book.looks, cells)
    }

    /// Writes the workbook.
    pub(super) fn finish<W: Write>(
        mut self,
        about: Option<&About>,
        out: &mut W,
    ) -> Result<(), Error> {
        self.sheet
            .worksheet
            .set_name(sheet_name(about))
            .map_err(plain_error)?;
        self.book.add(self.sheet)?;
        self.book.save(about, out)
    }
}

/// Writes a record: a sheet of its fields, if it has any, then a sheet for each table.
pub(super) fn record<W: Write>(
    record: &Record,
    about: Option<&About>,
    out: &mut W,
) -> Result<(), Error> {
    let mut book = Book::new();
    if !record.fields.is_empty() {
        let fields = record
            .fields
            .iter()
            .map(|(column, cell)| (column.field, cell.clone()));
        book.fields("record", fields)?;
    }
    for table in record.seen() {
        let mut sheet = book.sheet(table.name, &table.columns)?;
        for row in &table.rows {
            sheet.row(&book.looks, row)?;
        }
        book.add(sheet)?;
    }
    book.save(about, out)
}

impl Book {
    fn new() -> Self {
        let decimals = |count: usize| {
            if count == 0 {
                "#,##0".to_owned()
            } else {
                format!("#,##0.{}", "0".repeat(count))
            }
        };
        let looks = Looks {
            heading: Format::new().set_bold(),
            count: Format::new().set_num_format("0"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            digits: Format::new()
                .set_num_format("@")
                .set_align(FormatAlign::Right),
            decimals: (0..=7)
                .map(|count| Format::new().set_num_format(decimals(count)))
                .collect(),
        };
        Self {
            workbook: Workbook::new(),
            looks,
        }
    }

    /// Opens a sheet with its header: the names of the fields, as CSV and JSON have them and the
    /// documentation lists.
    fn sheet(&mut self, name: &str, columns: &[Column]) -> Result<Sheet, Error> {
        let mut worksheet = self
            .workbook
            .new_worksheet_with_constant_memory()
            .map_err(plain_error)?;
        worksheet
            .set_name(name.chars().take(31).collect::<String>())
            .map_err(plain_error)?;
        worksheet.set_freeze_panes(1, 0).map_err(plain_error)?;
        for (at, column) in (0..).zip(columns) {
            worksheet
                .write_string_with_format(0, at, column.field, &self.looks.heading)
                .map_err(plain_error)?;
        }
        let widths = columns
            .iter()
            .map(|column| column.field.chars().count())
            .collect();
        Ok(Sheet {
            worksheet,
            columns: columns.to_vec(),
            widths,
            next: 1,
        })
    }

    /// Closes a sheet: widths and the filter of its header.
    fn add(&mut self, sheet: Sheet) -> Result<(), Error> {
        let Sheet {
            mut worksheet,
            widths,
            next,
            ..
        } = sheet;
        let mut last: Option<ColNum> = None;
        for (at, width) in (0..).zip(&widths) {
            // Room for the filter's button, and an end for very long words.
            let width = u16::try_from((width + 3).clamp(10, 60)).unwrap_or(60);
            worksheet.set_column_width(at, width).map_err(plain_error)?;
            last = Some(at);
        }
        if let Some(last) = last {
            worksheet
                .autofilter(0, 0, next - 1, last)
                .map_err(plain_error)?;
        }
        self.workbook.push_worksheet(worksheet);
        Ok(())
    }

    /// Adds a sheet with a name and a value in each row.
    fn fields(
        &mut self,
        name: &str,
        fields: impl Iterator<Item = (&'static str, Cell)>,
    ) -> Result<(), Error> {
        let mut sheet = self.sheet(name, FIELDS)?;
        for (label, value) in fields {
            sheet.row(&self.looks, &[Cell::text(label), value])?;
        }
        self.add(sheet)
    }

    /// Says what the workbook is about, and fixes the time at which it claims to be made: the same
    /// report has the same bytes whenever and wherever it is written.
    fn about(&mut self, about: Option<&About>) -> Result<(), Error> {
        let mut properties = DocProperties::new();
        let mut midnight = ExcelDateTime::from_ymd(2000, 1, 1).map_err(plain_error)?;
        if let Some(about) = about {
            // A day before 1900, which no ledger has, keeps the constant.
            midnight = ExcelDateTime::parse_from_str(&about.as_of.to_string()).unwrap_or(midnight);
            properties = properties.set_title(text::clean(&about.title));
            let fields = [
                ("title", Cell::text(&about.title)),
                ("as of", Cell::Date(about.as_of)),
                ("four eyes", Cell::text(about.four_eyes.as_str())),
                ("audit head number", Cell::Count(about.head.seq)),
                ("audit head hash", Cell::text(&about.head.hash)),
            ];
            self.fields(ABOUT, fields.into_iter())?;
        }
        self.workbook
            .set_properties(&properties.set_creation_datetime(&midnight));
        Ok(())
    }

    fn save<W: Write>(mut self, about: Option<&About>, out: &mut W) -> Result<(), Error> {
        self.about(about)?;
        // The workbook asks for an output that threads may share, which standard output, locked, is
        // not.
        let mut file = tempfile::tempfile()?;
        self.workbook
            .save_to_writer(&mut file)
            .map_err(plain_error)?;
        file.rewind()?;
        io::copy(&mut file, out)?;
        Ok(())
    }
}

impl Sheet {
    fn row(&mut self, looks: &Looks, cells: &[Cell]) -> Result<(), Error> {
        if self.next >= ROWS {
            return Err(Error::TooManyRows);
        }
        let Self {
            worksheet,
            columns,
            widths,
            next,
        } = self;
        for (at, ((column, width), cell)) in (0..).zip(columns.iter().zip(widths).zip(cells)) {
            let place = Place {
                row: *next,
                at,
                field: column.field,
            };
            let written = place.write(worksheet, looks, cell)?;
            *width = (*width).max(written);
        }
        self.next += 1;
        Ok(())
    }
}

/// Makes a sheet's name of the first words of a title.
fn sheet_name(about: Option<&About>) -> String {
    let title = about.map_or("", |about| about.title.as_str());
    let title: String = text::clean(title)
        .chars()
        .map(|sign| if FORBIDDEN.contains(&sign) { ' ' } else { sign })
        .collect();
    let mut name = String::new();
    for word in title.split_whitespace() {
        let gap = if name.is_empty() { "" } else { " " };
        if utf16(&name) + utf16(gap) + utf16(word) > LONGEST_NAME {
            break;
        }
        name.push_str(gap);
        name.push_str(word);
    }
    let name = name.trim_matches('\'');
    // Spreadsheets keep the name `History` for themselves and let no two sheets have one name,
    // whatever its case.
    if name.is_empty() || name.eq_ignore_ascii_case("history") || name.eq_ignore_ascii_case(ABOUT) {
        return "report".to_owned();
    }
    name.to_owned()
}

fn utf16(words: &str) -> usize {
    words.encode_utf16().count()
}

/// Where a cell goes.
#[derive(Clone, Copy)]
struct Place {
    row: RowNum,
    at: ColNum,
    field: &'static str,
}

impl Place {
    /// Writes a cell and returns about how wide it is.
    fn write(self, sheet: &mut Worksheet, looks: &Looks, cell: &Cell) -> Result<usize, Error> {
        let Self { row, at, .. } = self;
        match cell {
            Cell::Empty => return Ok(0),
            Cell::Text(words) => return self.text(sheet, words),
            Cell::Json(value) => return self.text(sheet, &value.to_string()),
            Cell::Names(names) => return self.text(sheet, &names.join(" ")),
            Cell::Account(number, pii) => return self.text(sheet, &text::account(number, *pii)),
            Cell::Series(..) => return self.text(sheet, &text::plain(cell)),
            Cell::Money(..) | Cell::Tokens(_) | Cell::Percent(_) | Cell::Ratio(_) => {
                return self.decimal(sheet, looks, &text::plain(cell));
            }
            Cell::Count(count) => {
                return self.number(sheet, &looks.count, looks, &count.to_string());
            }
            Cell::Flag(flag) => sheet.write_boolean(row, at, *flag),
            Cell::Date(_) => return self.time(sheet, &looks.date, &text::plain(cell)),
            Cell::Instant(_) => return self.time(sheet, &looks.instant, &text::shown(cell)),
        }
        .map_err(plain_error)?;
        Ok(5)
    }

    fn text(self, sheet: &mut Worksheet, words: &str) -> Result<usize, Error> {
        let words = text::clean(words);
        if words.len() > LONGEST_TEXT && utf16(&words) > LONGEST_TEXT {
            return Err(Error::TextTooLong { column: self.field });
        }
        sheet
            .write_string(self.row, self.at, &*words)
            .map_err(plain_error)?;
        Ok(words.chars().count())
    }

    /// Writes a decimal with the decimals that it has.
    fn decimal(self, sheet: &mut Worksheet, looks: &Looks, plain: &str) -> Result<usize, Error> {
        let decimals = plain
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        self.number(
            sheet,
            looks.decimals.get(decimals).unwrap_or(&looks.digits),
            looks,
            plain,
        )
    }

    /// Writes a number as one if no digit can change, and as text otherwise.
    fn number(
        self,
        sheet: &mut Worksheet,
        format: &Format,
        looks: &Looks,
        plain: &str,
    ) -> Result<usize, Error> {
        match exact(plain) {
            Some(number) => sheet.write_number_with_format(self.row, self.at, number, format),
            None => sheet.write_string_with_format(self.row, self.at, plain, &looks.digits),
        }
        .map_err(plain_error)?;
        Ok(plain.len() + plain.len() / 3)
    }

    /// Writes a day or a moment; a spreadsheet's calendar begins in 1900, so earlier ones are text.
    fn time(self, sheet: &mut Worksheet, format: &Format, words: &str) -> Result<usize, Error> {
        match ExcelDateTime::parse_from_str(words) {
            Ok(time) => sheet
                .write_datetime_with_format(self.row, self.at, &time, format)
                .map_err(plain_error)?,
            Err(_) => sheet
                .write_string(self.row, self.at, words)
                .map_err(plain_error)?,
        };
        Ok(words.len())
    }
}

/// Reads a decimal as a binary float, or `None` if more digits count than one keeps.
fn exact(plain: &str) -> Option<f64> {
    let digits = plain
        .bytes()
        .filter(u8::is_ascii_digit)
        .skip_while(|digit| *digit == b'0')
        .count();
    if digits > SAFE_DIGITS {
        None
    } else {
        plain.parse().ok()
    }
}

/// Takes the output's own error out, so that a closed pipe can be distinguished from a full disk.
fn plain_error(error: XlsxError) -> Error {
    if let XlsxError::IoError(error) = error {
        Error::Write(error)
    } else {
        Error::Xlsx(error.to_string())
    }
}

#[cfg(test)]
mod tests;
