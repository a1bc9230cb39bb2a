//! Running SQL.

use super::{params::Params, row::Row, statement::Statement, value::FromSql};
use crate::store::Error;

/// Runs SQL over an open connection. Statements are prepared once and kept.
#[derive(Clone, Copy)]
pub(in crate::store) struct Db<'c>(pub(super) &'c rusqlite::Connection);

impl<'c> Db<'c> {
    /// Prepares a statement, or takes it from those that are kept.
    pub(in crate::store) fn statement(self, sql: &str) -> Result<Statement<'c>, Error> {
        Ok(Statement::new(self.0.prepare_cached(sql)?))
    }

    /// Reads every row of a query.
    pub(in crate::store) fn query<T>(
        self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.statement(sql)?.query(params, read)
    }

    /// Reads the first row of a query, which must have one.
    pub(in crate::store) fn query_one<T>(
        self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.query_optional(sql, params, read)?
            .ok_or_else(|| Error::Damaged {
                detail: "a row that must be there is missing".to_owned(),
            })
    }

    /// Reads the first row of a query, if there is one.
    pub(in crate::store) fn query_optional<T>(
        self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&mut Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        self.statement(sql)?.query_optional(params, read)
    }

    /// Reads the first column of the first row, which must exist.
    pub(in crate::store) fn value<T: FromSql>(
        self,
        sql: &str,
        params: impl Params,
    ) -> Result<T, Error> {
        self.query_one(sql, params, first_column)
    }

    /// Reads the first column of the first row, if there is a row.
    pub(in crate::store) fn optional_value<T: FromSql>(
        self,
        sql: &str,
        params: impl Params,
    ) -> Result<Option<T>, Error> {
        self.query_optional(sql, params, first_column)
    }

    /// Reads the first column of every row.
    pub(in crate::store) fn values<T: FromSql>(
        self,
        sql: &str,
        params: impl Params,
    ) -> Result<Vec<T>, Error> {
        self.query(sql, params, first_column)
    }

    /// Hands every row of a query to `each`.
    pub(in crate::store) fn each<E: From<Error>>(
        self,
        sql: &str,
        params: impl Params,
        each: impl FnMut(&mut Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.statement(sql)?.each(params, each)
    }

    /// Returns whether a query has a row.
    pub(in crate::store) fn exists(self, sql: &str, params: impl Params) -> Result<bool, Error> {
        Ok(self.query_optional(sql, params, |_| Ok(()))?.is_some())
    }

    /// Runs a statement for what it changes; returns how many rows that was.
    pub(in crate::store) fn execute(self, sql: &str, params: impl Params) -> Result<usize, Error> {
        self.statement(sql)?.execute(params)
    }

    /// Returns the number of the row that was inserted last.
    pub(super) fn last_number(self) -> i64 {
        self.0.last_insert_rowid()
    }
}

/// Reads the first column of a row.
pub(in crate::store) fn first_column<T: FromSql>(row: &mut Row<'_>) -> Result<T, Error> {
    row.next()
}

#[cfg(test)]
mod tests {
    use super::{super::Connection, *};

    #[test]
    fn every_parameter_gets_a_value_and_every_value_a_parameter() {
        let conn = Connection::in_memory().unwrap();
        let db = conn.db();
        assert_eq!(
            db.value::<i64>("SELECT ?1 + ?2", (1_i64, 2_i64)).unwrap(),
            3
        );
        assert_eq!(db.value::<i64>("SELECT :at", [7_i64]).unwrap(), 7);
        let too_few = db.value::<i64>("SELECT ?1 + ?2", [1_i64]);
        assert!(matches!(too_few, Err(Error::Bug(_))));
        assert!(db.value::<i64>("SELECT ?1", (1_i64, 2_i64)).is_err());
    }

    #[test]
    fn a_value_of_another_kind_is_damage_and_names_its_column() {
        let conn = Connection::in_memory().unwrap();
        let read = conn.db().value::<i64>("SELECT 'x' AS amount", ());
        let expected =
            "the ledger is damaged: the column `amount` cannot be read: it is text, not an integer";
        assert_eq!(read.unwrap_err().to_string(), expected);
    }
}
