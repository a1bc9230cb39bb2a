//! The sheets of a workbook as texts.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, Ods, Reader, SheetType, SheetVisible, Xls, Xlsx};

use super::{
    content::WorkbookKind,
    error::FileError,
    table_text::{TableText, TableWriter, owned, written},
    unpacked,
};

/// Reads the sheet of a name, or every visible sheet. One after the other, so that no more than their
/// texts is held.
///
/// # Errors
/// [`FileError`] if the workbook is damaged, has a password or is too large, or has no such sheet.
pub(super) fn texts(
    bytes: &[u8],
    kind: WorkbookKind,
    wanted: Option<&str>,
) -> Result<Vec<TableText<'static>>, FileError> {
    unpacked::check(bytes, kind)?;
    // The reader of old workbooks trusts lengths that a damaged file states.
    catch_unwind(AssertUnwindSafe(|| read(bytes, kind, wanted)))
        .unwrap_or_else(|_| Err(damaged(kind, "its records do not fit together")))
}

fn read(
    bytes: &[u8],
    kind: WorkbookKind,
    wanted: Option<&str>,
) -> Result<Vec<TableText<'static>>, FileError> {
    match kind {
        WorkbookKind::Xlsx => {
            let mut book = opened::<Xlsx<_>>(bytes, kind)?;
            let names = chosen(&book, kind, wanted)?;
            let text = |name: String| Ok(table(&name, streamed(&mut book, &name)?));
            names.into_iter().map(text).collect()
        }
        WorkbookKind::Xls => {
            let mut book = opened::<Xls<_>>(bytes, kind)?;
            let names = chosen(&book, kind, wanted)?;
            let text = |name: String| Ok(table(&name, whole(&mut book, kind, &name)?));
            names.into_iter().map(text).collect()
        }
        WorkbookKind::Ods => {
            let mut book = opened::<Ods<_>>(bytes, kind)?;
            let names = chosen(&book, kind, wanted)?;
            let text = |name: String| Ok(table(&name, whole(&mut book, kind, &name)?));
            names.into_iter().map(text).collect()
        }
    }
}

fn table(name: &str, text: String) -> TableText<'static> {
    TableText {
        sheet: Some(name.to_owned()),
        text: text.into(),
    }
}

fn opened<'b, R: Reader<Cursor<&'b [u8]>>>(
    bytes: &'b [u8],
    kind: WorkbookKind,
) -> Result<R, FileError> {
    R::new(Cursor::new(bytes)).map_err(|error| damaged(kind, &format!("{error:?}")))
}

/// Says that a workbook cannot be read. Only a password is worth the words of the reader.
fn damaged(kind: WorkbookKind, why: &str) -> FileError {
    let name = kind.name();
    FileError::not_a_table(if why.to_lowercase().contains("password") {
        format!("{name} with a password; save it without one")
    } else {
        format!("{name} that is damaged; open it and save it again, or save the sheet as CSV")
    })
}

/// Returns the names of the sheets that are read.
fn chosen<'b, R: Reader<Cursor<&'b [u8]>>>(
    book: &R,
    kind: WorkbookKind,
    wanted: Option<&str>,
) -> Result<Vec<String>, FileError> {
    let sheets = book.sheets_metadata();
    let tables = || {
        let tables = sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet);
        tables.filter(|sheet| sheet.visible == SheetVisible::Visible)
    };
    let Some(wanted) = wanted else {
        let names: Vec<String> = tables().map(|sheet| sheet.name.clone()).collect();
        if names.is_empty() {
            let what = format!(
                "{} without a visible sheet; use `--sheet NAME`",
                kind.name()
            );
            return Err(FileError::not_a_table(what));
        }
        return Ok(names);
    };
    let named = sheets.iter().find(|sheet| sheet.name == wanted);
    match named.or_else(|| {
        let lower = wanted.to_lowercase();
        sheets
            .iter()
            .find(|sheet| sheet.name.to_lowercase() == lower)
    }) {
        Some(sheet) => Ok(vec![sheet.name.clone()]),
        None => {
            let names: Vec<String> = tables().map(|sheet| format!("`{}`", sheet.name)).collect();
            Err(FileError::NoSheet {
                name: wanted.to_owned(),
                others: format!("the workbook has {}", names.join(", ")),
            })
        }
    }
}

/// Reads a sheet cell by cell, without holding it.
fn streamed(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<String, FileError> {
    let kind = WorkbookKind::Xlsx;
    let fail = |error: calamine::XlsxError| damaged(kind, &format!("{error:?}"));
    let mut cells = book.worksheet_cells_reader(name).map_err(fail)?;
    let mut table = TableWriter::default();
    while let Some(cell) = cells.next_cell().map_err(fail)? {
        let (row, column) = cell.get_position();
        match cell.get_value() {
            DataRef::Empty => {}
            DataRef::SharedString(text) => table.cell(row, column, text)?,
            other @ (DataRef::Int(_)
            | DataRef::Float(_)
            | DataRef::String(_)
            | DataRef::Bool(_)
            | DataRef::DateTime(_)
            | DataRef::DateTimeIso(_)
            | DataRef::DurationIso(_)
            | DataRef::Error(_)) => table.cell(row, column, &written(other))?,
        }
    }
    Ok(table.finish())
}

/// Reads a sheet that the reader holds.
fn whole<'b, R: Reader<Cursor<&'b [u8]>>>(
    book: &mut R,
    kind: WorkbookKind,
    name: &str,
) -> Result<String, FileError> {
    let range = book
        .worksheet_range(name)
        .map_err(|error| damaged(kind, &format!("{error:?}")))?;
    let (above, left) = range.start().unwrap_or_default();
    let too_large = |_| damaged(kind, "a position");
    let mut table = TableWriter::default();
    for (row, column, cell) in range.used_cells() {
        let row = u32::try_from(row).map_err(too_large)?.saturating_add(above);
        let column = u32::try_from(column)
            .map_err(too_large)?
            .saturating_add(left);
        table.cell(row, column, &owned(cell))?;
    }
    Ok(table.finish())
}
