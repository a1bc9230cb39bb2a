//! Workbooks, read by another program's reader and compared with the CSV of the same state, cell by
//! cell.

mod sheet;
mod words;

use std::{
    fs,
    io::{Cursor, Read as _},
};

use calamine::{Data, Reader as _, Xlsx};
use serde_json::{Map, Value};

use sheet::Sheet;
use words::{digits, disarmed, formats, is_day, is_decimal, is_moment, shortest, words};

use crate::support::Desk;

/// The sheet that says what the others are about.
const ABOUT: &str = "about";

/// A command's workbook, and the CSV of the same state.
struct Pair {
    line: String,
    bytes: Vec<u8>,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The number formats by the style of a cell.
    formats: Vec<String>,
}

/// Writes the result of a command line as CSV and as a workbook, and asserts that both hold the
/// same, and that people can read the workbook: numbers, days and moments are such, each with its
/// format; the header stays in sight and has a filter; columns are as wide as their words. A list
/// has one sheet and a report of several tables one for each of them, which the first column of its
/// CSV names; a single thing has its fields in rows and a sheet for each of its tables, of which
/// those that CSV lacks are compared with JSON. Returns how many values were compared.
#[track_caller]
pub(crate) fn same_as_csv(desk: &Desk, line: &str) -> usize {
    let pair = Pair::of(desk, line);
    let shape: Value = serde_json::from_str(&pair.said(desk, "json")).unwrap();
    let sheets = pair.sheets();
    let (about, sheets) = sheets.split_last().unwrap();
    assert_eq!(
        about.name, ABOUT,
        "`{line}`: the last sheet says what the others are about"
    );
    assert_eq!(
        about.cells.get_value((1, 0)),
        Some(&Data::String("title".to_owned())),
        "`{line}`"
    );
    match &shape {
        Value::Array(_) => {
            let [sheet] = sheets else {
                panic!("`{line}`: a list has one sheet")
            };
            pair.table(sheet, &pair.header, &pair.rows)
        }
        Value::Object(tables) if pair.header.first().is_some_and(|field| field == "table") => {
            // What is said once is on a sheet of its own, and in every row of CSV.
            let (lists, once): (Vec<_>, Vec<_>) =
                tables.iter().partition(|(_, value)| value.is_array());
            let (mut compared, mut sheets) = (0, sheets);
            if !once.is_empty() {
                let (record, others) = sheets.split_first().unwrap();
                compared += pair.fields(record, once.iter().copied());
                sheets = others;
            }
            let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let expected: Vec<String> = lists
                .iter()
                .map(|(name, _)| name.chars().take(31).collect())
                .collect();
            assert_eq!(names, expected, "`{line}`: a sheet for each table");
            for (at, (field, value)) in (1..).zip(&once) {
                assert_eq!(pair.header[at], **field, "`{line}`");
                let words = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                let wanted = if value.is_null() {
                    String::new()
                } else {
                    words
                };
                assert!(
                    pair.rows.iter().all(|row| row[at] == wanted),
                    "`{line}`: {field} is not {wanted} in every row"
                );
            }
            compared
                + sheets
                    .iter()
                    .zip(lists)
                    .map(|(sheet, (_, rows))| pair.part(sheet, rows))
                    .sum::<usize>()
        }
        Value::Object(values) => {
            // A list of an event that is empty has no sheet and no row.
            let is_empty_list = |name: &str, value: &Value| {
                ["deductions", "components", "exclusions"].contains(&name)
                    && value.as_array().is_some_and(Vec::is_empty)
            };
            let once: Vec<&String> = (values.iter())
                .filter(|(_, value)| !value.is_array())
                .map(|(name, _)| name)
                .collect();
            let compared = |sheet: &Sheet| match values.get(&sheet.name) {
                Some(Value::Array(rows)) => pair.reported(sheet, rows),
                _ => pair.fields(
                    sheet,
                    values
                        .iter()
                        .filter(|(name, value)| !is_empty_list(name, value))
                        .filter(|(name, _)| !sheets.iter().any(|sheet| sheet.name == **name)),
                ),
            };
            let all = sheets.iter().map(compared).sum();
            // CSV has the fields of a thing that has lists, or the first table, or else the fields.
            let of_thing = once.iter().copied().eq(&pair.header);
            let first = sheets
                .iter()
                .filter(|_| !of_thing)
                .find(|sheet| values.get(&sheet.name).is_some_and(Value::is_array));
            if let Some(sheet) = first {
                all + pair.table(sheet, &pair.header, &pair.rows)
            } else {
                all
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            panic!("`{line}`: {shape}")
        }
    }
}

impl Pair {
    #[track_caller]
    fn of(desk: &Desk, line: &str) -> Self {
        let mut pair = Self {
            line: line.to_owned(),
            bytes: Vec::new(),
            header: Vec::new(),
            rows: Vec::new(),
            formats: Vec::new(),
        };
        let text = pair.said(desk, "csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let words =
            |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        pair.header = words(reader.headers().unwrap());
        pair.rows = reader
            .records()
            .map(|record| words(&record.unwrap()))
            .collect();
        desk.run(&format!("{line} -o same.xlsx --force"));
        let file = desk.path().join("same.xlsx");
        pair.bytes = fs::read(&file).unwrap_or_else(|error| panic!("`{line}`: {error}"));
        fs::remove_file(file).unwrap();
        pair.formats = formats(&pair.xml("xl/styles.xml"));
        pair
    }

    fn said(&self, desk: &Desk, format: &str) -> String {
        let ran = desk.run(&format!("{} -f {format}", self.line));
        assert!(matches!(ran.code, 0 | 3), "`{}`: {}", self.line, ran.stderr);
        ran.stdout
    }

    fn xml(&self, part: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let mut text = String::new();
        archive
            .by_name(part)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    fn sheets(&self) -> Vec<Sheet> {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&self.bytes)).unwrap();
        let names = book.sheet_names();
        let sheet = |(at, name): (usize, String)| Sheet {
            cells: book.worksheet_range(&name).unwrap(),
            xml: self.xml(&format!("xl/worksheets/sheet{}.xml", at + 1)),
            name,
        };
        names.into_iter().enumerate().map(sheet).collect()
    }

    /// Compares one table of several: its columns are those of its JSON, and its rows are those
    /// that CSV marks with its name.
    fn part(&self, sheet: &Sheet, rows: &Value) -> usize {
        let Some(Value::Object(first)) = rows.get(0) else {
            sheet.is_for_people(&self.line, 0);
            return 0;
        };
        let fields: Vec<String> = first.keys().cloned().collect();
        let places: Vec<usize> = fields
            .iter()
            .map(|field| self.header.iter().position(|known| known == field).unwrap())
            .collect();
        let own = self
            .rows
            .iter()
            .filter(|row| row[0].chars().take(31).eq(sheet.name.chars()));
        let own: Vec<Vec<String>> = own
            .map(|row| places.iter().map(|at| row[*at].clone()).collect())
            .collect();
        assert_eq!(
            own.len(),
            rows.as_array().unwrap().len(),
            "`{}`: {}",
            self.line,
            sheet.name
        );
        self.table(sheet, &fields, &own)
    }

    /// Compares a sheet with a header and a row for each of CSV.
    fn table(&self, sheet: &Sheet, fields: &[String], rows: &[Vec<String>]) -> usize {
        sheet.is_for_people(&self.line, rows.len());
        assert_eq!(
            sheet.columns(),
            fields.len(),
            "`{}`: {}",
            self.line,
            sheet.name
        );
        for (at, field) in (0..).zip(fields) {
            assert_eq!(
                sheet.at(0, at),
                &Data::String(field.clone()),
                "`{}`: {}",
                self.line,
                sheet.name
            );
            let column: Vec<(u32, &str)> = (1..)
                .zip(
                    rows.iter()
                        .map(|row| row[usize::try_from(at).unwrap()].as_str()),
                )
                .collect();
            let cells: Vec<&Data> = column.iter().map(|(row, _)| sheet.at(*row, at)).collect();
            let numbers = cells
                .iter()
                .any(|cell| matches!(cell, Data::Int(_) | Data::Float(_)));
            for ((row, words), cell) in column.iter().zip(cells) {
                let place = format!(
                    "`{}`: {} {field} row {row}: {words:?} is {cell:?}",
                    self.line, sheet.name
                );
                self.same(sheet, (*row, at), words, &place);
                let is_number = matches!(cell, Data::Int(_) | Data::Float(_));
                assert!(
                    !numbers || words.is_empty() || is_number || digits(words) > 15,
                    "a number is text: {place}"
                );
            }
        }
        rows.len() * fields.len()
    }

    /// Compares a sheet with a table of JSON, which has tables that CSV has no place for.
    fn reported(&self, sheet: &Sheet, rows: &[Value]) -> usize {
        let rows: Vec<&Map<String, Value>> =
            rows.iter().map(|row| row.as_object().unwrap()).collect();
        let Some(first) = rows.first() else {
            sheet.is_for_people(&self.line, 0);
            return 0;
        };
        let fields: Vec<String> = first.keys().cloned().collect();
        let words: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.values().map(words).collect())
            .collect();
        self.table(sheet, &fields, &words)
    }

    /// Compares a sheet with a row for each field.
    fn fields<'a>(
        &self,
        sheet: &Sheet,
        fields: impl Iterator<Item = (&'a String, &'a Value)>,
    ) -> usize {
        let fields: Vec<(&String, String)> =
            fields.map(|(field, value)| (field, words(value))).collect();
        sheet.is_for_people(&self.line, fields.len());
        for (row, (field, words)) in (1..).zip(&fields) {
            self.same(
                sheet,
                (row, 1),
                words,
                &format!(
                    "`{}`: {field}: {words:?} is {:?}",
                    self.line,
                    sheet.at(row, 1)
                ),
            );
        }
        fields.len()
    }

    /// Compares one value.
    fn same(&self, sheet: &Sheet, (row, column): (u32, u32), words: &str, place: &str) {
        let format = sheet
            .style(row, column)
            .map_or("General", |style| self.formats[style].as_str());
        match sheet.at(row, column) {
            Data::Empty => assert_eq!(words, "", "{place}"),
            Data::String(text) => {
                assert_eq!(text, disarmed(words), "{place}");
                assert!(
                    !is_day(words) && !is_moment(words),
                    "a day or a moment is text: {place}"
                );
                assert!(
                    !is_decimal(words) || digits(words) > 15,
                    "a decimal is text: {place}"
                );
            }
            Data::Bool(flag) => assert_eq!(flag.to_string(), words, "{place}"),
            Data::Int(_) | Data::Float(_) => {
                assert_eq!(
                    sheet.at(row, column).to_string(),
                    shortest(words),
                    "{place}"
                );
                let decimals = words
                    .split_once('.')
                    .map_or(0, |(_, decimals)| decimals.len());
                let grouped = if decimals == 0 {
                    "#,##0".to_owned()
                } else {
                    format!("#,##0.{}", "0".repeat(decimals))
                };
                assert!(
                    format == grouped || (decimals == 0 && format == "0"),
                    "{format}: {place}"
                );
            }
            Data::DateTime(time) => {
                let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
                let date = format!("{year:04}-{month:02}-{day:02}");
                if is_day(words) {
                    assert_eq!((date.as_str(), format), (words, "yyyy-mm-dd"), "{place}");
                } else {
                    let moment = format!("{date}T{hour:02}:{minute:02}:{second:02}");
                    assert_eq!(
                        (moment.as_str(), format),
                        (&words[..19], "yyyy-mm-dd hh:mm:ss"),
                        "{place}"
                    );
                }
            }
            Data::DateTimeIso(_) | Data::DurationIso(_) | Data::Error(_) => panic!("{place}"),
        }
    }
}

/// A month with a formula for a name, account numbers with zeros, and amounts and tokens of more
/// digits than a float keeps.
fn desk() -> Desk {
    let desk = Desk::with_bank();
    desk.done(&[
        "holder",
        "add",
        "h0",
        "--name",
        "=SUM(A1:A9)",
        "--bank-name",
        "=1+1",
        "--account-number",
        "0000014579",
        "--as",
        "bola",
    ]);
    desk.ok("token issue h0 0.0000001 --project LAGOS --date 2026-05-01 --as bola");
    desk.ok("token issue h1 9876543210123.1234567 --project LAGOS --date 2026-05-02 --as bola");
    desk.done(&[
        "event",
        "create",
        "E2",
        "--project",
        "LAGOS",
        "--type",
        "exit",
        "--title=-5% at \"once\"",
        "--amount",
        "1234567890123.45",
        "--unit",
        "0.0000001",
        "--date",
        "2026-06-01",
        "--as",
        "bola",
    ]);
    desk.ok("event calculate E2 --as bola");
    desk.ok("event approve E2 --as chi");
    desk.ok("withdrawal request --event E2 --holder h1 --amount 1000000000.12 --as bola");
    desk.done(&[
        "withdrawal",
        "request",
        "--event",
        "E1",
        "--holder",
        "h3",
        "--amount",
        "0.01",
        "--bank-name=@home",
        "--account-number",
        "0000014579",
        "--notes=+1",
        "--as",
        "bola",
    ]);
    desk.ok("withdrawal pay W-1 --reference 0009001 --date 2026-06-23 --yes --as bola");
    desk.ok("withdrawal pay W-3 --reference TRX-9003 --date 2026-06-24 --yes --as bola");
    let lines = [
        ("2026-06-24", "S1", -3000, "TRF 0009001"),
        ("2026-06-30", "S4", -700, "=POS PURCHASE"),
        ("2026-06-30", "S5", 5000, "IN"),
    ];
    desk.imported("june.csv", &lines);
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    desk
}

#[test]
fn a_workbook_holds_what_its_csv_holds_in_every_command() {
    let desk = desk();
    for line in [
        "event list",
        "event allocations E1",
        "event allocations E2",
        "event show E2",
        "withdrawal list",
        "withdrawal list --show-pii --as dayo",
        "withdrawal show W-5",
        "payment list",
        "payment list --as-of 2026-06-21",
        "token register LAGOS",
        "token history LAGOS",
        "holder list --show-pii --as dayo",
        "bank lines OPS",
        "bank statements OPS",
        "report reconciliation",
        "report history",
        "report balances",
        "report allocations E2",
        "report activity",
        "report analytics",
        "report portfolio --holder h1",
        "audit log",
        "check",
        "status",
    ] {
        let compared = same_as_csv(&desk, line);
        assert_eq!(
            compared == 0,
            line.contains("--as-of"),
            "`{line}`: {compared} values were compared"
        );
    }
}

#[test]
fn zeros_formulas_and_long_numbers_are_text_and_all_other_numbers_are_none() {
    let desk = desk();
    let find = |line: &str, field: &str, row: usize| {
        let pair = Pair::of(&desk, line);
        let column = pair.header.iter().position(|known| known == field).unwrap();
        let cell = pair.sheets()[0]
            .at(
                u32::try_from(row + 1).unwrap(),
                u32::try_from(column).unwrap(),
            )
            .clone();
        (pair.rows[row][column].clone(), cell)
    };
    let text = |words: &str| Data::String(words.to_owned());
    assert_eq!(
        find("token register LAGOS", "holder_name", 0),
        ("'=SUM(A1:A9)".to_owned(), text("=SUM(A1:A9)"))
    );
    assert_eq!(
        find("holder list --show-pii --as dayo", "account_number", 0),
        ("0000014579".to_owned(), text("0000014579"))
    );
    assert_eq!(
        find("payment list", "reference", 0),
        ("0009001".to_owned(), text("0009001"))
    );
    assert_eq!(
        find("event list", "title", 1),
        ("'-5% at \"once\"".to_owned(), text("-5% at \"once\""))
    );
    assert_eq!(
        find("token register LAGOS", "lp_tokens_held", 0),
        ("0.0000001".to_owned(), Data::Float(0.000_000_1))
    );
    let many = "9876543210124.1234567";
    assert_eq!(
        find("token register LAGOS", "lp_tokens_held", 1),
        (many.to_owned(), text(many))
    );
    assert_eq!(
        find("event list", "total_amount", 1),
        (
            "1234567890123.45".to_owned(),
            Data::Float(1_234_567_890_123.45)
        )
    );
    assert_eq!(
        find("bank lines OPS", "amount", 0),
        ("-30.00".to_owned(), Data::Float(-30.0))
    );
}
