//! Single things.

use std::io::{BufWriter, Write};

use super::{
    csv,
    error::Error,
    format::Format,
    html, json,
    list::check_count,
    markdown,
    style::{Hidden, Style},
    table, xlsx,
};
use crate::report::{About, Record};

/// Writes a single thing, and what it is about if it is given and the format has a place for
/// it. CSV has the fields if the record has no tables, the table alone if it has one, and
/// else all tables in one with the fields in every row. Returns what narrow tables hide.
///
/// # Errors
/// Those of [`super::ListWriter::row`] and [`super::ListWriter::finish`].
pub fn record<W: Write>(
    record: &Record,
    format: Format,
    style: Style,
    about: Option<&About>,
    out: &mut W,
) -> Result<Hidden, Error> {
    for table in record.seen() {
        table
            .rows
            .iter()
            .try_for_each(|row| check_count(table.columns.len(), row))?;
    }
    let mut out = BufWriter::new(out);
    let mut hidden = Hidden::default();
    match format {
        Format::Table => table::record(record, style, &mut out).map(|found| hidden = found),
        Format::Csv => csv::record(record, &mut out),
        Format::Json => json::record(record, &mut out),
        Format::Markdown => markdown::record(record, about, &mut out),
        Format::Html => html::record(record, about, &mut out),
        Format::Xlsx => xlsx::record(record, about, &mut out),
    }?;
    out.flush()?;
    Ok(hidden)
}
