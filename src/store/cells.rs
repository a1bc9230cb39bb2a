//! The values of a row that was read whole.

use rusqlite::{
    Connection,
    types::{FromSql, ValueRef},
};

use super::Error;

/// Finds the places of columns in `SELECT *`.
pub(super) fn columns<const N: usize>(
    conn: &Connection,
    table: &str,
    names: [&str; N],
) -> Result<[usize; N], Error> {
    let statement = conn.prepare(&format!("SELECT * FROM {table}"))?;
    let mut columns = [0; N];
    for (column, name) in columns.iter_mut().zip(names) {
        *column = statement.column_index(name)?;
    }
    Ok(columns)
}

/// The values of a row, read one after the other.
pub(super) struct Cells<'v, 'row> {
    values: &'v [ValueRef<'row>],
    next: usize,
}

impl<'v, 'row> Cells<'v, 'row> {
    pub(super) fn of(values: &'v [ValueRef<'row>]) -> Self {
        Self { values, next: 0 }
    }

    pub(super) fn skip(&mut self) {
        self.next += 1;
    }

    pub(super) fn next<T: FromSql>(&mut self) -> Result<T, Error> {
        self.next += 1;
        cell(self.values, self.next - 1)
    }
}

/// Reads a value of a row.
pub(super) fn cell<T: FromSql>(values: &[ValueRef<'_>], at: usize) -> Result<T, Error> {
    let value = values
        .get(at)
        .ok_or_else(|| Error::bug("a row ends before its columns"))?;
    let unread =
        |error| rusqlite::Error::FromSqlConversionFailure(at, value.data_type(), Box::new(error));
    T::column_result(*value).map_err(|error| unread(error).into())
}

/// Reads a text, or `None` where nothing stands.
pub(super) fn text<'row>(values: &[ValueRef<'row>], at: usize) -> Result<Option<&'row str>, Error> {
    let value = values
        .get(at)
        .ok_or_else(|| Error::bug("a row ends before its columns"))?;
    let unread =
        |error| rusqlite::Error::FromSqlConversionFailure(at, value.data_type(), Box::new(error));
    value.as_str_or_null().map_err(|error| unread(error).into())
}
