//! A prepared statement and the rows that it yields.

use super::{
    params::Params,
    row::Row,
    value::{KeptValues, Slot, ToSql},
};
use crate::store::Error;

/// A statement that is prepared once and run any number of times.
pub(in crate::store) struct Statement<'c>(rusqlite::CachedStatement<'c>);

/// The rows of a statement, read one by one.
pub(in crate::store) struct Rows<'s>(rusqlite::Rows<'s>);

impl<'c> Statement<'c> {
    pub(super) fn new(statement: rusqlite::CachedStatement<'c>) -> Self {
        Self(statement)
    }

    fn bind(&mut self, params: impl Params) -> Result<(), Error> {
        let bound = params.bind(&mut self.0)?;
        let wanted = self.0.parameter_count();
        if bound == wanted {
            return Ok(());
        }
        Err(Error::bug(format!(
            "a statement has {wanted} parameters and was given {bound} values"
        )))
    }

    /// Returns the place of a column in the rows, counted from 0.
    pub(in crate::store) fn place_of(&self, column: &str) -> Option<usize> {
        self.0.column_index(column).ok()
    }

    /// Runs the statement for its rows.
    pub(in crate::store) fn rows(&mut self, params: impl Params) -> Result<Rows<'_>, Error> {
        self.bind(params)?;
        Ok(Rows(self.0.raw_query()))
    }

    /// Hands every row to `each`.
    pub(in crate::store) fn each<E: From<Error>>(
        &mut self,
        params: impl Params,
        mut each: impl FnMut(&mut Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rows = self.rows(params)?;
        while let Some(row) = rows.0.next().map_err(Error::from)? {
            each(&mut Row::new(row))?;
        }
        Ok(())
    }

    /// Reads every row.
    pub(in crate::store) fn query<T>(
        &mut self,
        params: impl Params,
        mut read: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut values = Vec::new();
        self.each(params, |row| {
            values.push(read(row)?);
            Ok::<_, Error>(())
        })?;
        Ok(values)
    }

    /// Reads the first row, if there is one.
    pub(in crate::store) fn query_optional<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.rows(params)?.next(read)
    }

    /// Runs the statement for what it changes; returns how many rows that was.
    pub(in crate::store) fn execute(&mut self, params: impl Params) -> Result<usize, Error> {
        self.bind(params)?;
        Ok(self.0.raw_execute()?)
    }
}

impl Statement<'_> {
    /// Binds values to the parameters, and keeps them.
    pub(super) fn bind_and_keep(
        &mut self,
        values: &[&dyn ToSql],
        kept: &mut KeptValues,
    ) -> Result<(), Error> {
        kept.clear();
        for (place, value) in (1..).zip(values) {
            value.to_sql(&mut Slot::new(&mut self.0, place).keeping(kept))?;
        }
        Ok(())
    }

    /// Runs the statement with what was bound; returns how many rows it changed.
    pub(super) fn execute_bound(&mut self) -> Result<usize, Error> {
        Ok(self.0.raw_execute()?)
    }
}

impl Rows<'_> {
    /// Reads the next row, if there is one.
    pub(in crate::store) fn next<T>(
        &mut self,
        read: impl FnOnce(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match self.0.next()? {
            Some(row) => read(&mut Row::new(row)).map(Some),
            None => Ok(None),
        }
    }
}
