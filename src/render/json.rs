//! JSON: a list is one array with an object on each line, a record one object.

use std::io::{BufWriter, Write};

use serde_json::{Map, Value};

use super::{error::Error, text};
use crate::report::{Cell, Column, Record};

/// A JSON array being written, one object a line.
pub(super) struct List<W: Write> {
    keys: Vec<String>,
    line: String,
    before: &'static str,
    out: BufWriter<W>,
}

impl<W: Write> List<W> {
    /// Prepares the keys; nothing is written yet.
    pub(super) fn new(columns: &[Column], out: W) -> Self {
        let keys = columns
            .iter()
            .map(|column| format!("{}:", Value::from(column.field)))
            .collect();
        Self {
            keys,
            line: String::new(),
            before: "[\n",
            out: BufWriter::with_capacity(1 << 16, out),
        }
    }

    /// Writes one object.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        self.line.clear();
        self.line.push_str(self.before);
        self.before = ",\n";
        let mut separator = '{';
        for (key, cell) in self.keys.iter().zip(cells) {
            self.line.push(separator);
            separator = ',';
            self.line.push_str(key);
            push_value(&mut self.line, cell);
        }
        self.line.push('}');
        self.out.write_all(self.line.as_bytes())?;
        Ok(())
    }

    /// Closes the array and gives the output back.
    pub(super) fn finish(mut self) -> Result<W, Error> {
        let end = if self.before == "[\n" {
            "[]\n"
        } else {
            "\n]\n"
        };
        self.out.write_all(end.as_bytes())?;
        self.out
            .into_inner()
            .map_err(|error| Error::Write(error.into_error()))
    }
}

/// Writes a record: its fields, then each table as an array under its name.
pub(super) fn record<W: Write>(record: &Record, out: &mut W) -> Result<(), Error> {
    let mut object: Map<String, Value> = record
        .fields
        .iter()
        .map(|(column, cell)| (column.field.to_owned(), value(cell)))
        .collect();
    for table in record.tables.iter().chain(&record.lists) {
        let rows = table.rows.iter().map(|row| {
            let named = table.columns.iter().zip(row);
            Value::Object(
                named
                    .map(|(column, cell)| (column.field.to_owned(), value(cell)))
                    .collect(),
            )
        });
        object.insert(table.name.to_owned(), rows.collect());
    }
    let mut text = String::new();
    push_harmless(&mut text, &format!("{:#}\n", Value::Object(object)));
    out.write_all(text.as_bytes())?;
    Ok(())
}

/// Makes a JSON value of a cell; amounts are strings, since many readers of JSON know binary floats
/// only.
fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Count(count) => Value::from(*count),
        Cell::Flag(flag) => Value::from(*flag),
        Cell::Json(value) => value.clone(),
        Cell::Names(names) => Value::from(names.clone()),
        Cell::Series(amounts, currency) => amounts
            .iter()
            .map(|amount| amount.plain(currency.decimals()))
            .collect(),
        Cell::Text(_)
        | Cell::Money(..)
        | Cell::Tokens(_)
        | Cell::Percent(_)
        | Cell::Ratio(_)
        | Cell::Date(_)
        | Cell::Instant(_)
        | Cell::Account(..) => Value::String(text::plain(cell).into_owned()),
    }
}

/// Appends a cell as compact JSON.
fn push_value(line: &mut String, cell: &Cell) {
    match cell {
        Cell::Empty => line.push_str("null"),
        Cell::Count(_) | Cell::Flag(_) => line.push_str(&text::plain(cell)),
        Cell::Money(..)
        | Cell::Tokens(_)
        | Cell::Percent(_)
        | Cell::Ratio(_)
        | Cell::Date(_)
        | Cell::Instant(_)
        | Cell::Account(..) => {
            // Digits, letters, stars and punctuation that JSON does not escape.
            line.push('"');
            line.push_str(&text::plain(cell));
            line.push('"');
        }
        Cell::Text(_) | Cell::Names(_) | Cell::Series(..) | Cell::Json(_) => {
            push_harmless(line, &value(cell).to_string());
        }
    }
}

/// Writes the lowest four bits.
fn hex_digit(bits: u16) -> char {
    char::from_digit(u32::from(bits & 0xF), 16).unwrap_or('0')
}

/// Appends JSON text with hostile signs as `\u` escapes: the same value, and harmless on a
/// terminal.
fn push_harmless(line: &mut String, json: &str) {
    // Only strings hold anything beyond ASCII, so an escape never lands outside of one; `\n` is
    // only between the tokens.
    let hostile = |sign: char| sign != '\n' && text::is_hostile(sign);
    if !json.contains(hostile) {
        line.push_str(json);
        return;
    }
    for sign in json.chars() {
        if hostile(sign) {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                line.push_str("\\u");
                (0..4)
                    .rev()
                    .for_each(|place| line.push(hex_digit(*unit >> (4 * place))));
            }
        } else {
            line.push(sign);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{format::Format, samples::*};

    #[test]
    fn a_list_has_one_object_a_line_in_the_order_of_its_columns() {
        let line = "{\"text\":\"Ada, \\\"Ltd\\\"\",\"money\":\"1250000.00\",\"tokens\":\"1500.5\",\"percent\":\"33.3333333\",\
                    \"count\":-12,\"flag\":true,\"date\":\"2026-03-31\",\"instant\":\"2026-01-31T16:05:09.000001Z\",\
                    \"masked\":\"******6785\",\"shown\":\"0123456785\",\"json\":{\"b\":[1,null],\"a\":\"x\"},\"empty\":null}";
        assert_eq!(
            listed(Format::Json, KINDS, &[kinds(), kinds()]),
            format!("[\n{line},\n{line}\n]\n")
        );
    }

    #[test]
    fn an_empty_list_is_an_empty_array() {
        assert_eq!(listed(Format::Json, KINDS, &[]), "[]\n");
    }

    #[test]
    fn hostile_text_keeps_its_value_and_never_reaches_a_terminal_raw() {
        let mut row = payment(HOSTILE, "1", HUGE, "NGN");
        row[5] = crate::report::Cell::Json(json!({"\u{202e}": "\u{9b}\u{e0041}\u{7f}"}));
        let text = listed(Format::Json, PAYMENTS, &[row]);
        assert!(
            !text
                .chars()
                .any(|sign| sign != '\n' && super::text::is_hostile(sign)),
            "{text}"
        );
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value[0]["holder"], HOSTILE);
        assert_eq!(
            value[0]["account"],
            json!({"\u{202e}": "\u{9b}\u{e0041}\u{7f}"})
        );
        assert_eq!(value[0]["amount"], HUGE);
    }

    #[test]
    fn a_record_has_its_fields_and_then_its_tables() {
        let text = recorded(Format::Json, &event());
        let head = "{\n  \"id\": \"0198\",\n  \"code\": \"E-1\",\n  \"note\": null,\n  \"proceeds\": \"1000.00\",\n  \
                    \"per_holder\": [\n    {\n      \"holder\": \"H1\",\n      \"tokens\": \"1\",\n";
        assert!(text.starts_with(head), "{text}");
        assert!(text.ends_with("  ],\n  \"left_over\": []\n}\n"), "{text}");
    }
}
