//! Writing rows with statements that are held.

use std::{cell::RefCell, collections::HashMap, ops::Deref};

use super::{Db, Statement, ToSql};
use crate::store::Error;

/// Writes the rows of one transaction, and runs SQL as [`Db`] does. Each of its statements is prepared once and held to the end:
/// finding one by its text for every row takes a tenth of bulk work.
pub(in crate::store) struct Writer<'c> {
    db: Db<'c>,
    /// By the place of the text in the program, which tells texts apart without reading them.
    held: RefCell<HashMap<(*const u8, usize), Statement<'c>>>,
}

impl<'c> Deref for Writer<'c> {
    type Target = Db<'c>;

    fn deref(&self) -> &Db<'c> {
        &self.db
    }
}

impl<'c> Writer<'c> {
    /// Writes over a connection.
    pub(in crate::store) fn over(db: Db<'c>) -> Self {
        Self {
            db,
            held: RefCell::default(),
        }
    }

    /// Inserts a row; returns its number. [`super::insert!`] writes the SQL.
    pub(in crate::store) fn insert(
        &self,
        sql: &'static str,
        values: &[&dyn ToSql],
    ) -> Result<i64, Error> {
        self.execute(sql, values)?;
        Ok(self.db.last_number())
    }

    /// Changes one row; anything else is a bug. [`super::update!`] writes the SQL.
    pub(in crate::store) fn update(
        &self,
        table: &'static str,
        sql: &'static str,
        values: &[&dyn ToSql],
    ) -> Result<(), Error> {
        match self.execute(sql, values)? {
            1 => Ok(()),
            changed => Err(Error::bug(format!(
                "a change of one row of `{table}` touched {changed}"
            ))),
        }
    }

    fn execute(&self, sql: &'static str, values: &[&dyn ToSql]) -> Result<usize, Error> {
        let place = (sql.as_ptr(), sql.len());
        let mut held = self.held.borrow_mut();
        if let Some(statement) = held.get_mut(&place) {
            return statement.execute(values);
        }
        let mut statement = self.db.statement(sql)?;
        let changed = statement.execute(values);
        held.insert(place, statement);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Connection, insert, update},
        *,
    };

    #[test]
    fn rows_are_written_again_and_again_by_the_statements_that_are_held() {
        let conn = Connection::in_memory().unwrap();
        let db = conn.db();
        db.script("CREATE TABLE things (number INTEGER PRIMARY KEY, name TEXT UNIQUE)")
            .unwrap();
        let writer = Writer::over(db);
        let add = |name: &str| insert!(writer, "things" { "name": name });
        assert_eq!((add("a").unwrap(), add("b").unwrap()), (1, 2));
        // A refused row leaves its statement as good as before.
        assert!(add("a").is_err());
        assert_eq!(add("c").unwrap(), 3);
        let rename = |number: i64, name: &str| update!(writer, "things" set { "name": name } where { "number": number });
        rename(3, "d").unwrap();
        assert!(matches!(rename(4, "e"), Err(Error::Bug(_))));
        assert_eq!(writer.held.borrow().len(), 2);
        let names = "SELECT group_concat(name, ' ') FROM things";
        assert_eq!(db.value::<String>(names, ()).unwrap(), "a b d");
    }
}
