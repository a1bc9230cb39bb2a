//! CSV after RFC 4180, with `\n` between the rows so that `join`, `comm` and `awk` can read it.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
};

use super::{error::Error, text};
use crate::report::{Cell, Record};

/// A CSV file being written, row by row.
pub(super) struct List<W: Write> {
    out: BufWriter<W>,
}

impl<W: Write> List<W> {
    /// Writes the header.
    pub(super) fn new(names: impl Iterator<Item = &'static str>, out: W) -> Result<Self, Error> {
        let mut list = Self {
            out: BufWriter::with_capacity(1 << 16, out),
        };
        list.fields(names.map(|name| (Cow::Borrowed(name), Quotes::IfNeeded)))?;
        Ok(list)
    }

    /// Writes one row.
    pub(super) fn row<'a>(&mut self, cells: impl Iterator<Item = &'a Cell>) -> Result<(), Error> {
        self.fields(cells.map(|cell| {
            let words = text::plain(cell);
            if !may_be_a_formula(cell) {
                return (words, Quotes::IfNeeded);
            }
            let words = if begins_a_formula(&words) {
                Cow::Owned(format!("'{words}"))
            } else {
                words
            };
            let quotes = if has_formula_after_a_separator(&words) {
                Quotes::Always
            } else {
                Quotes::IfNeeded
            };
            (words, quotes)
        }))
    }

    fn fields<'a>(
        &mut self,
        fields: impl Iterator<Item = (Cow<'a, str>, Quotes)>,
    ) -> Result<(), Error> {
        let (mut written, mut empty) = (0_u64, true);
        for (words, quotes) in fields {
            if written > 0 {
                self.out.write_all(b",").map_err(Error::Write)?;
            }
            field(&mut self.out, &words, quotes).map_err(Error::Write)?;
            (written, empty) = (written + 1, empty && words.is_empty());
        }
        // A row of one empty field would be an empty line, which no reader takes for a row.
        let end: &[u8] = if written == 1 && empty {
            b"\"\"\n"
        } else {
            b"\n"
        };
        self.out.write_all(end).map_err(Error::Write)
    }

    /// Writes what is left and gives the output back.
    pub(super) fn finish(self) -> Result<W, Error> {
        self.out
            .into_inner()
            .map_err(|error| Error::Write(error.into_error()))
    }
}

/// Whether a field is between quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// Only if it has a comma, a quote or a line break.
    IfNeeded,
    /// In any case.
    Always,
}

fn field(out: &mut impl Write, words: &str, quotes: Quotes) -> io::Result<()> {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if quotes == Quotes::IfNeeded && !words.bytes().any(special) {
        return out.write_all(words.as_bytes());
    }
    out.write_all(b"\"")?;
    for (at, part) in words.split('"').enumerate() {
        if at > 0 {
            out.write_all(b"\"\"")?;
        }
        out.write_all(part.as_bytes())?;
    }
    out.write_all(b"\"")
}

/// The signs with which a spreadsheet begins a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn begins_a_formula(words: &str) -> bool {
    words.starts_with(FORMULA)
}

/// Checks whether a program that separates columns by another sign than the comma, as in other
/// locales, would find a formula at the begin of a column.
fn has_formula_after_a_separator(words: &str) -> bool {
    words
        .split([';', '\t', '|'])
        .skip(1)
        .any(|part| begins_a_formula(part.trim_start_matches(' ')))
}

/// Writes a record: its table, all of its tables in one, or the fields as one row if it has
/// none.
pub(super) fn record<W: Write>(record: &Record, out: &mut W) -> Result<(), Error> {
    if record.tables.len() > 1 {
        return report(record, out);
    }
    if let Some(table) = record.tables.first() {
        let mut list = List::new(table.columns.iter().map(|column| column.field), out)?;
        table.rows.iter().try_for_each(|row| list.row(row.iter()))?;
        list.finish()?;
    } else {
        let mut list = List::new(record.fields.iter().map(|(column, _)| column.field), out)?;
        list.row(record.fields.iter().map(|(_, cell)| cell))?;
        list.finish()?;
    }
    Ok(())
}

/// Writes several tables as one: the first column names the table, and each row fills the columns
/// of its own. The record's own fields are in every row, so that the rows of several records can
/// be put together.
fn report<W: Write>(record: &Record, out: &mut W) -> Result<(), Error> {
    let mut fields: Vec<&'static str> = record
        .fields
        .iter()
        .map(|(column, _)| column.field)
        .collect();
    for column in record.tables.iter().flat_map(|table| &table.columns) {
        if !fields.contains(&column.field) {
            fields.push(column.field);
        }
    }
    let mut list = List::new(std::iter::once("table").chain(fields.iter().copied()), out)?;
    for table in &record.tables {
        let name = Cell::text(table.name);
        for row in &table.rows {
            let cell = |field: &&'static str| {
                let own = table
                    .columns
                    .iter()
                    .position(|column| column.field == *field)
                    .and_then(|at| row.get(at));
                let common = || {
                    record
                        .fields
                        .iter()
                        .find(|(column, _)| column.field == *field)
                        .map(|(_, cell)| cell)
                };
                own.or_else(common).unwrap_or(&Cell::Empty)
            };
            list.row(std::iter::once(&name).chain(fields.iter().map(cell)))?;
        }
    }
    list.finish()?;
    Ok(())
}

/// Returns whether a spreadsheet could read a cell of this kind as a formula. Numbers are never
/// changed.
fn may_be_a_formula(cell: &Cell) -> bool {
    match cell {
        Cell::Text(_) | Cell::Account(..) | Cell::Names(_) => true,
        Cell::Empty
        | Cell::Money(..)
        | Cell::Tokens(_)
        | Cell::Percent(_)
        | Cell::Ratio(_)
        | Cell::Series(..)
        | Cell::Count(_)
        | Cell::Flag(_)
        | Cell::Date(_)
        | Cell::Instant(_)
        | Cell::Json(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{format::Format, samples::*};
    use crate::report::{Cell, Record};

    #[test]
    fn every_kind_of_cell_has_its_form() {
        assert_eq!(
            listed(Format::Csv, KINDS, &[kinds()]),
            "text,money,tokens,percent,count,flag,date,instant,masked,shown,json,empty\n\
             \"Ada, \"\"Ltd\"\"\",1250000.00,1500.5,33.3333333,-12,true,2026-03-31,2026-01-31T16:05:09.000001Z,\
             ******6785,0123456785,\"{\"\"b\"\":[1,null],\"\"a\"\":\"\"x\"\"}\",\n"
        );
    }

    #[test]
    fn a_formula_behind_the_separator_of_another_locale_is_quoted() {
        const COLUMNS: Columns = &[column("name", "Name"), column("count", "Count")];
        for (name, shown) in [
            ("a;=1+1", "\"a;=1+1\""),
            ("a; @x", "\"a; @x\""),
            ("a\t-1", "\"a\t-1\""),
            ("a|+1", "\"a|+1\""),
            ("=1;=2", "\"'=1;=2\""),
            ("a;b=1", "a;b=1"),
            ("a;1", "a;1"),
        ] {
            let csv = listed(
                Format::Csv,
                COLUMNS,
                &[vec![Cell::text(name), Cell::Count(-1)]],
            );
            assert_eq!(csv, format!("name,count\n{shown},-1\n"), "{name}");
        }
    }

    #[test]
    fn a_formula_in_a_name_is_neutralised_and_a_number_never() {
        const COLUMNS: Columns = &[column("name", "Name"), column("count", "Count")];
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
            let text = listed(
                Format::Csv,
                COLUMNS,
                &[vec![Cell::text(name), Cell::Count(-5)]],
            );
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let row = reader.records().next().unwrap().unwrap();
            assert_eq!((&row[0], &row[1]), (format!("'{name}").as_str(), "-5"));
        }
        assert_eq!(
            listed(
                Format::Csv,
                COLUMNS,
                &[vec![Cell::text("a=1"), Cell::Empty]]
            ),
            "name,count\na=1,\n"
        );
    }

    #[test]
    fn what_is_written_is_read_back_whatever_it_holds() {
        let text = listed(
            Format::Csv,
            PAYMENTS,
            &[
                payment(HOSTILE, HUGE, HUGE, "NGN"),
                payment("b", "0", "0", "JPY"),
            ],
        );
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(
            rows[0].iter().collect::<Vec<_>>()[..4],
            [format!("'{HOSTILE}").as_str(), HUGE, HUGE, "NGN"]
        );
        assert_eq!(
            rows[1].iter().collect::<Vec<_>>()[..4],
            ["b", "0", "0", "JPY"]
        );
    }

    #[test]
    fn an_empty_list_has_its_header() {
        assert_eq!(
            listed(Format::Csv, PAYMENTS, &[]),
            "holder,tokens,amount,currency,paid_at,account\n"
        );
    }

    #[test]
    fn a_record_is_its_table_or_all_of_its_tables_or_else_one_row_of_its_fields() {
        let event = event();
        let all = recorded(Format::Csv, &event);
        assert!(
            all.starts_with("table,id,code,note,proceeds,holder,tokens,amount,currency,paid_at,account\nper_holder,0198,E-1,,1000.00,H1,1,400.50,NGN,"),
            "{all}"
        );
        let [first, _] = event.tables.as_slice() else {
            panic!()
        };
        let one = Record {
            tables: vec![first.clone()],
            lists: Vec::new(),
            ..event.clone()
        };
        assert!(
            recorded(Format::Csv, &one)
                .starts_with("holder,tokens,amount,currency,paid_at,account\nH1,1,400.50,NGN,")
        );
        let alone = Record {
            tables: Vec::new(),
            lists: Vec::new(),
            ..event
        };
        assert_eq!(
            recorded(Format::Csv, &alone),
            "id,code,note,proceeds\n0198,E-1,,1000.00\n"
        );
    }
}
