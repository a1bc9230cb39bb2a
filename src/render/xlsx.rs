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

/// Writes a record: a sheet of its fields, where it has any, then a sheet for each table.
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
    for table in &record.tables {
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
    /// documentation tells.
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
    /// Writes a cell and tells about how wide it is.
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

    /// Writes a number as one where no digit can change, and as text otherwise.
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

/// Reads a decimal as a binary float, or `None` where more digits count than one keeps.
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

/// Takes the output's own error out, so that a closed pipe can be told from a full disk.
fn plain_error(error: XlsxError) -> Error {
    if let XlsxError::IoError(error) = error {
        Error::Write(error)
    } else {
        Error::Xlsx(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::{
        super::{format::Format, list::ListWriter, samples::*, style::Style},
        *,
    };

    /// Reads one part of a workbook.
    fn part(workbook: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
        let mut text = String::new();
        archive
            .by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn sheet(rows: &[Vec<Cell>], columns: Columns) -> String {
        part(
            &bytes(Format::Xlsx, columns, rows).unwrap(),
            "xl/worksheets/sheet1.xml",
        )
    }

    #[test]
    fn cells_are_typed() {
        let xml = sheet(&[kinds()], KINDS);
        for cell in [
            "<c r=\"A2\" t=\"inlineStr\"><is><t>Ada, \"Ltd\"</t></is></c>",
            "<v>1250000</v>",
            "<v>1500.5</v>",
            "<v>33.3333333</v>",
            "<v>-12</v>",
            "t=\"b\"><v>1</v>",
            "<v>46112</v>",
            "<t>******6785</t>",
            "<t>0123456785</t>",
            "<t>{\"b\":[1,null],\"a\":\"x\"}</t>",
        ] {
            assert!(xml.contains(cell), "{cell} in {xml}");
        }
        assert!(!xml.contains("r=\"L2\""), "{xml}");
    }

    #[test]
    fn a_number_that_a_float_would_change_is_text() {
        for text in [
            "99999999.9999999",
            "123456789012.345",
            "0.0000001",
            "9999999999999.9",
        ] {
            let xml = sheet(&[vec![tokens(text), money(text, "JPY")]], &KINDS[..2]);
            assert_eq!(xml.matches(&format!("<v>{text}</v>")).count(), 2, "{xml}");
        }
        for text in [HUGE, "1000000000.0000001", "9999999999999.999"] {
            let xml = sheet(&[vec![tokens(text), money(text, "NGN")]], &KINDS[..2]);
            assert_eq!(xml.matches(&format!("<t>{text}</t>")).count(), 2, "{xml}");
        }
    }

    #[test]
    fn fifteen_digits_survive_a_float() {
        for text in [
            "99999999.9999999",
            "123456789012.345",
            "0.0000001",
            "999999999999999",
            "100000000000000",
            "0",
        ] {
            assert_eq!(exact(text).unwrap().to_string(), text);
        }
        for text in [HUGE, "1000000000000000", "123456789012345.1"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    fn a_hostile_name_is_a_string_and_no_formula() {
        let xml = sheet(&[payment(HOSTILE, "1", "1", "NGN")], PAYMENTS);
        let shown = "=cmd|'/c'!A1\u{FFFD}[2J\u{FFFD}2J\u{FFFD}&lt;script&gt;|\"x\"\u{FFFD},";
        assert!(xml.contains(&format!("<t>{shown}</t>")), "{xml}");
        assert!(!xml.contains("<f>"), "{xml}");
    }

    #[test]
    fn an_empty_list_has_a_frozen_header_with_a_filter() {
        let xml = sheet(&[], PAYMENTS);
        for piece in [
            "state=\"frozen\"",
            "<autoFilter ref=\"A1:F1\"/>",
            "<t>holder</t>",
            "<t>account</t>",
        ] {
            assert!(xml.contains(piece), "{piece} in {xml}");
        }
    }

    #[test]
    fn a_record_has_a_sheet_for_its_fields_and_one_for_each_table() {
        let mut out = Vec::new();
        super::super::record(&event(), Format::Xlsx, Style::PLAIN, None, &mut out).unwrap();
        let book = part(&out, "xl/workbook.xml");
        for name in ["record", "per_holder", "left_over"] {
            assert!(book.contains(&format!("<sheet name=\"{name}\"")), "{book}");
        }
        assert!(part(&out, "xl/worksheets/sheet2.xml").contains("<t>H2</t>"));
    }

    #[test]
    fn the_last_sheet_says_what_the_others_are_about() {
        let book = bytes_about(Format::Xlsx, &about("Events of LAGOS"));
        let names = part(&book, "xl/workbook.xml");
        assert!(
            names.contains("<sheet name=\"Events of LAGOS\" sheetId=\"1\""),
            "{names}"
        );
        assert!(
            names.contains("<sheet name=\"about\" sheetId=\"2\""),
            "{names}"
        );
        let xml = part(&book, "xl/worksheets/sheet2.xml");
        for row in [
            "<t>title</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>Events of LAGOS</t>"
                .to_owned(),
            "<t>as of</t></is></c><c r=\"B3\" s=\"5\"><v>46203</v>".to_owned(),
            "<t>four eyes</t></is></c><c r=\"B4\" t=\"inlineStr\"><is><t>on</t>".to_owned(),
            "<t>audit head number</t></is></c><c r=\"B5\" s=\"6\"><v>123</v>".to_owned(),
            format!(
                "<t>audit head hash</t></is></c><c r=\"B6\" t=\"inlineStr\"><is><t>{}</t>",
                "0123456789abcdef".repeat(4)
            ),
        ] {
            assert!(xml.contains(&row), "{row} in {xml}");
        }
    }

    #[test]
    fn a_record_without_fields_has_no_sheet_for_them() {
        let record = Record {
            fields: Vec::new(),
            ..event()
        };
        let mut out = Vec::new();
        super::super::record(
            &record,
            Format::Xlsx,
            Style::PLAIN,
            Some(&about("Event")),
            &mut out,
        )
        .unwrap();
        let names = part(&out, "xl/workbook.xml");
        let sheets: Vec<&str> = names
            .split("<sheet name=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert_eq!(sheets, ["per_holder", "left_over", "about"]);
    }

    #[test]
    fn nothing_in_a_workbook_tells_when_it_was_written() {
        let book = bytes_about(Format::Xlsx, &about("Events"));
        assert!(
            book == bytes_about(Format::Xlsx, &about("Events")),
            "the same report has the same bytes"
        );
        let core = part(&book, "docProps/core.xml");
        assert_eq!(core.matches("2026-06-30T00:00:00Z").count(), 2, "{core}");
        assert!(core.contains("<dc:title>Events</dc:title>"), "{core}");
        let without = bytes(Format::Xlsx, PAYMENTS, &[]).unwrap();
        assert_eq!(
            part(&without, "docProps/core.xml")
                .matches("2000-01-01T00:00:00Z")
                .count(),
            2
        );
        let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
        for at in 0..archive.len() {
            let time = archive.by_index(at).unwrap().last_modified();
            assert_eq!(
                time,
                Some(zip::DateTime::default()),
                "the zip archive has no times of its own"
            );
        }
    }

    #[test]
    fn a_sheet_is_named_by_the_first_words_of_its_title() {
        for (title, name) in [
            ("Events", "Events"),
            (
                "Allocations of the event Q1/2026 [draft]",
                "Allocations of the event Q1",
            ),
            (
                "Balances of all holders of all projects",
                "Balances of all holders of all",
            ),
            ("Donaudampfschifffahrtsgesellschaftskapitän", "report"),
            ("'quoted'", "quoted"),
            ("History", "report"),
            ("About", "report"),
            ("", "report"),
        ] {
            assert_eq!(sheet_name(Some(&about(title))), name);
            let book = part(&bytes_about(Format::Xlsx, &about(title)), "xl/workbook.xml");
            assert!(book.contains(&format!("<sheet name=\"{name}\"")), "{book}");
        }
        assert_eq!(sheet_name(None), "report");
    }

    #[test]
    fn a_text_that_no_cell_holds_is_an_error() {
        let mut writer = ListWriter::new(Format::Xlsx, PAYMENTS, Style::PLAIN, Vec::new()).unwrap();
        assert!(
            writer
                .row(&payment(&"x".repeat(32_767), "1", "1", "NGN"))
                .is_ok()
        );
        let error = writer
            .row(&payment(&"x".repeat(32_768), "1", "1", "NGN"))
            .unwrap_err();
        assert!(
            matches!(error, Error::TextTooLong { column: "holder" }),
            "{error}"
        );
    }
}
