//! Writing rows with statements that are held, and showing every row that is written.

use std::{
    cell::RefCell,
    collections::{HashMap, hash_map::Entry},
    ops::Deref,
};

use super::{
    Db, Statement, ToSql,
    value::{KeptValues, Value},
};
use crate::store::Error;

/// No table has more columns.
const COLUMNS: usize = 64;

/// Writes the rows of one transaction, and runs SQL as [`Db`] does. Each of its statements is prepared once and held to the end:
/// finding one by its text for every row takes a tenth of bulk work.
pub(in crate::store) struct Writer<'c> {
    db: Db<'c>,
    inserts: StatementCache<Insert<'c>>,
    updates: StatementCache<Update<'c>>,
    watch: Box<dyn Watch>,
}

/// Statements by the place of their text in the program and its length: these differ between two
/// texts, and nothing is read to find one.
type StatementCache<T> = RefCell<HashMap<(*const u8, usize), T>>;

/// Is shown every row that a [`Writer`] writes, with its values in the order of the table's columns.
pub(in crate::store) trait Watch {
    /// Returns whether it wants to see the rows of a table.
    fn watches(&self, table: &str) -> bool;

    /// Sees a row that was inserted.
    fn inserted(&self, table: &str, number: i64, values: &[Value<'_>]);

    /// Sees a row that is about to change.
    fn changes(&self, table: &str, number: i64, values: &[Value<'_>]);

    /// Sees a row that was changed.
    fn changed(&self, table: &str, number: i64, values: &[Value<'_>]);
}

/// A statement that inserts a row.
struct Insert<'c> {
    statement: Statement<'c>,
    /// Nobody wants to see the rows if there are none.
    sources: Option<Sources>,
    bound: KeptValues,
}

/// A statement that changes the row with a number.
struct Update<'c> {
    statement: Statement<'c>,
    /// Reads the row before.
    read: Statement<'c>,
    sources: Sources,
    bound: KeptValues,
    before: KeptValues,
}

/// Where the value of each column of a table comes from.
struct Sources(Vec<Source>);

/// Where the value of a column comes from.
#[derive(Clone, Copy)]
enum Source {
    /// It is bound, at this place.
    Bound(usize),
    /// It is not bound: the row's number, which the database gives.
    Number,
    /// It is not bound: nothing in a new row, and what it was in a changed one.
    Other,
}

impl<'c> Deref for Writer<'c> {
    type Target = Db<'c>;

    fn deref(&self) -> &Db<'c> {
        &self.db
    }
}

impl<'c> Writer<'c> {
    /// Writes over a connection.
    pub(in crate::store) fn over(db: Db<'c>, watch: impl Watch + 'static) -> Self {
        Self {
            db,
            inserts: RefCell::default(),
            updates: RefCell::default(),
            watch: Box::new(watch),
        }
    }

    /// Inserts a row; returns its number. [`super::insert!`] writes the SQL.
    pub(in crate::store) fn insert(
        &self,
        table: &'static str,
        columns: &[&str],
        sql: &'static str,
        values: &[&dyn ToSql],
    ) -> Result<i64, Error> {
        let mut inserts = self.inserts.borrow_mut();
        let insert = match inserts.entry((sql.as_ptr(), sql.len())) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(new) => new.insert(Insert {
                statement: self.db.statement(sql)?,
                sources: if self.watch.watches(table) {
                    Some(self.sources(table, columns)?)
                } else {
                    None
                },
                bound: KeptValues::default(),
            }),
        };
        insert.statement.bind_and_keep(values, &mut insert.bound)?;
        insert.statement.execute_bound()?;
        let number = self.db.last_number();
        if let Some(sources) = &insert.sources {
            sources.show(
                |source, _| match source {
                    Source::Bound(at) => insert.bound.get(at),
                    Source::Number => Some(Value::Integer(number)),
                    Source::Other => Some(Value::Null),
                },
                |row| self.watch.inserted(table, number, row),
            )?;
        }
        Ok(number)
    }

    /// Changes the row with a number; anything else is a bug. [`super::update!`] writes the SQL, in which the number comes after the
    /// values of `columns`.
    pub(in crate::store) fn update(
        &self,
        table: &'static str,
        columns: &[&str],
        sql: &'static str,
        values: &[&dyn ToSql],
    ) -> Result<(), Error> {
        let mut updates = self.updates.borrow_mut();
        let update = match updates.entry((sql.as_ptr(), sql.len())) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(new) => new.insert(Update {
                statement: self.db.statement(sql)?,
                read: (self.db).statement(&format!("SELECT * FROM {table} WHERE number = ?1"))?,
                sources: self.sources(table, columns)?,
                bound: KeptValues::default(),
                before: KeptValues::default(),
            }),
        };
        update.statement.bind_and_keep(values, &mut update.bound)?;
        let Some(Value::Integer(number)) = update.bound.get(columns.len()) else {
            return Err(Error::bug(format!("a row of `{table}` has no number")));
        };
        if !update.read_before(number)? {
            return Err(not_one(table, 0));
        }
        let Update {
            sources, before, ..
        } = &*update;
        sources.show(
            |_, place| before.get(place),
            |row| self.watch.changes(table, number, row),
        )?;
        match update.statement.execute_bound()? {
            1 => {}
            changed => return Err(not_one(table, changed)),
        }
        let Update {
            sources,
            bound,
            before,
            ..
        } = &*update;
        sources.show(
            |source, place| match source {
                Source::Bound(at) => bound.get(at),
                Source::Number | Source::Other => before.get(place),
            },
            |row| self.watch.changed(table, number, row),
        )
    }

    /// Finds out where the value of each column of a table comes from if some are bound, in this order.
    fn sources(&self, table: &'static str, bound: &[&str]) -> Result<Sources, Error> {
        let all = format!("SELECT name, pk, dflt_value IS NULL FROM pragma_table_info('{table}')");
        let sources = self.db.query(&all, (), |row| {
            let name: String = row.next()?;
            let (is_number, is_null): (bool, bool) = (row.next()?, row.next()?);
            match bound.iter().position(|column| **column == name) {
                Some(at) => Ok(Source::Bound(at)),
                None if is_number => Ok(Source::Number),
                None if is_null => Ok(Source::Other),
                None => Err(Error::bug(format!("`{table}.{name}` has a default"))),
            }
        })?;
        if sources.len() > COLUMNS {
            return Err(Error::bug(format!("`{table}` has too many columns")));
        }
        Ok(Sources(sources))
    }
}

fn not_one(table: &str, changed: usize) -> Error {
    Error::bug(format!(
        "a change of one row of `{table}` touched {changed}"
    ))
}

impl Update<'_> {
    /// Reads the row that is about to change. Returns whether there is one.
    fn read_before(&mut self, number: i64) -> Result<bool, Error> {
        let Self { read, before, .. } = self;
        before.clear();
        let found = read.query_optional([number], |row| {
            for place in 0..row.columns() {
                before.add(row.value(place)?);
            }
            Ok(())
        })?;
        Ok(found.is_some())
    }
}

impl Sources {
    /// Puts a row together, and shows it.
    fn show<'v>(
        &self,
        value: impl Fn(Source, usize) -> Option<Value<'v>>,
        show: impl FnOnce(&[Value<'v>]),
    ) -> Result<(), Error> {
        let mut row = [Value::Null; COLUMNS];
        for (place, (slot, source)) in row.iter_mut().zip(&self.0).enumerate() {
            *slot =
                value(*source, place).ok_or_else(|| Error::bug("a value of a row is missing"))?;
        }
        show(row.get(..self.0.len()).unwrap_or(&row));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{
        super::{Connection, insert, update},
        *,
    };

    /// Keeps what it is shown.
    #[derive(Clone, Default)]
    struct Recorder(Rc<RefCell<Vec<String>>>);

    impl Watch for Recorder {
        fn watches(&self, table: &str) -> bool {
            table == "things"
        }

        fn inserted(&self, table: &str, number: i64, values: &[Value<'_>]) {
            self.0
                .borrow_mut()
                .push(format!("{table} {number} {values:?}"));
        }

        fn changes(&self, table: &str, number: i64, values: &[Value<'_>]) {
            self.inserted(table, number, values);
        }

        fn changed(&self, table: &str, number: i64, values: &[Value<'_>]) {
            self.inserted(table, number, values);
        }
    }

    #[test]
    fn rows_are_written_again_and_again_by_the_statements_that_are_held() {
        let conn = Connection::in_memory().unwrap();
        let db = conn.db();
        db.script("CREATE TABLE things (number INTEGER PRIMARY KEY, name TEXT UNIQUE)")
            .unwrap();
        let writer = Writer::over(db, Recorder::default());
        let add = |name: &str| insert!(writer, "things" { "name": name });
        assert_eq!((add("a").unwrap(), add("b").unwrap()), (1, 2));
        // A refused row leaves its statement as good as before.
        assert!(add("a").is_err());
        assert_eq!(add("c").unwrap(), 3);
        let rename = |number: i64, name: &str| update!(writer, "things" set { "name": name } where { "number": number });
        rename(3, "d").unwrap();
        assert!(matches!(rename(4, "e"), Err(Error::Bug(_))));
        assert_eq!(writer.updates.borrow().len(), 1);
        assert_eq!(writer.inserts.borrow().len(), 1);
        let names = "SELECT group_concat(name, ' ') FROM things";
        assert_eq!(db.value::<String>(names, ()).unwrap(), "a b d");
    }

    #[test]
    fn every_row_that_is_written_is_shown_with_the_columns_of_its_table() {
        let conn = Connection::in_memory().unwrap();
        let db = conn.db();
        db.script(
            "CREATE TABLE things (number INTEGER PRIMARY KEY, size INTEGER, note TEXT, name TEXT UNIQUE);
             CREATE TABLE others (number INTEGER PRIMARY KEY, name TEXT)",
        )
        .unwrap();
        let seen = Recorder::default();
        let writer = Writer::over(db, seen.clone());
        let add = |name: &str, size: i64| insert!(writer, "things" { "name": name, "size": size });
        add("a", 7).unwrap();
        assert!(add("a", 8).is_err());
        add("b", 9).unwrap();
        insert!(writer, "others" { "name": "c" }).unwrap();
        let grow = |number: i64, size: i64, was: Option<i64>| {
            update!(writer, "things" set { "note": "grown", "size": size }
                where { "number": number, "size": was })
        };
        grow(2, 10, Some(9)).unwrap();
        assert!(matches!(grow(2, 11, None), Err(Error::Bug(_))));
        let expected = [
            "things 1 [Integer(1), Integer(7), Null, Text([97])]",
            "things 2 [Integer(2), Integer(9), Null, Text([98])]",
            "things 2 [Integer(2), Integer(9), Null, Text([98])]",
            "things 2 [Integer(2), Integer(10), Text([103, 114, 111, 119, 110]), Text([98])]",
            "things 2 [Integer(2), Integer(10), Text([103, 114, 111, 119, 110]), Text([98])]",
        ];
        assert_eq!(*seen.0.borrow(), expected);
    }
}
