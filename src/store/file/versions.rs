//! The versions of the ledger: the SQL that makes each of them, and the tables that a version has.

#[cfg(debug_assertions)]
use std::sync::OnceLock;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::store::Error;

/// `application_id` of a ledger: `prta` in ASCII.
pub(in crate::store) const APPLICATION_ID: u32 = 0x7072_7461;
/// `application_id` of the ledgers that development versions wrote before the first release: `prst`.
/// Their versions 1 to 4 have other tables.
pub(in crate::store) const UNRELEASED_ID: u32 = 0x7072_7374;

const FIRST: &str = include_str!("../../../migrations/0001_ledger.sql");

#[cfg(debug_assertions)]
static ADDED_BY_A_TEST: OnceLock<String> = OnceLock::new();

/// Adds a migration behind the last one, so that a test has an older version to migrate. Only debug
/// builds can do that.
#[cfg(debug_assertions)]
pub fn add_test_migration(sql: String) {
    ADDED_BY_A_TEST.get_or_init(|| sql);
}

/// Returns the SQL of each version, in order.
fn steps() -> Vec<&'static str> {
    let steps = vec![FIRST];
    #[cfg(debug_assertions)]
    let steps = {
        let added = ADDED_BY_A_TEST.get().map(String::as_str);
        steps.into_iter().chain(added).collect()
    };
    steps
}

fn migrations() -> Migrations<'static> {
    Migrations::new(steps().into_iter().map(M::up).collect())
}

/// Returns the version that this program writes: the number of migrations.
pub(in crate::store) fn current() -> i64 {
    i64::try_from(steps().len()).unwrap_or(i64::MAX)
}

/// Reads the version of a ledger.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::store) fn of(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Returns the steps from a version to the current one: the version that each leads to, and its SQL.
pub(in crate::store) fn steps_after(version: i64) -> Vec<(i64, &'static str)> {
    (1..)
        .zip(steps())
        .filter(|(leads_to, _)| *leads_to > version)
        .collect()
}

/// Takes the step to a version, within a transaction.
///
/// # Errors
/// [`Error`] if the ledger cannot be written.
pub(in crate::store) fn take_step(conn: &Connection, version: i64, sql: &str) -> Result<(), Error> {
    conn.execute_batch(sql)?;
    Ok(conn.pragma_update(None, "user_version", version)?)
}

/// Makes the tables of the current version in a new database.
///
/// # Errors
/// [`Error`] if the file cannot be written.
pub(in crate::store) fn make_tables(conn: &mut Connection) -> Result<(), Error> {
    migrations().to_latest(conn).map_err(|error| {
        if let rusqlite_migration::Error::RusqliteError { err, .. } = error {
            return err.into();
        }
        Error::bug(error.to_string())
    })
}

/// A table or an index of a ledger, as its definition says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct Definition {
    /// `table` or `index`.
    pub(in crate::store) kind: String,
    pub(in crate::store) name: String,
    /// The table that it belongs to, and its SQL. An index that SQLite makes itself has no SQL.
    pub(in crate::store) sql: String,
}

/// Reads the definition of every table and index, in a stable order. The two tables of statistics
/// that SQLite keeps for itself are left out, and no others with names like theirs.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::store) fn schema(conn: &Connection) -> Result<Vec<Definition>, Error> {
    const SCHEMA: &str = "SELECT type, name, tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema
        WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')) ORDER BY type, name";
    let mut statement = conn.prepare(SCHEMA)?;
    let rows = statement.query_map([], |row| {
        Ok(Definition {
            kind: row.get(0)?,
            name: row.get(1)?,
            sql: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the definitions that the migrations make up to the version of a ledger.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::store) fn expected_schema(of: &Connection) -> Result<Vec<Definition>, Error> {
    let version = usize::try_from(self::of(of)?)
        .map_err(|_| Error::bug("the version of the ledger was not checked"))?;
    let mut conn = Connection::open_in_memory()?;
    migrations()
        .to_version(&mut conn, version)
        .map_err(|error| Error::bug(error.to_string()))?;
    schema(&conn)
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::*;

    /// SQLite would build a table of words for each row that a bulk command writes.
    #[test]
    fn no_row_is_written_by_way_of_a_temporary_table() {
        let mut conn = Connection::open_in_memory().unwrap();
        make_tables(&mut conn).unwrap();
        conn.pragma_update(None, "foreign_keys", true).unwrap();
        let tables: Vec<String> = schema(&conn)
            .unwrap()
            .into_iter()
            .filter(|definition| definition.kind == "table")
            .map(|definition| definition.name)
            .collect();
        // Few rows are written to these.
        let few = ["users", "bank_statements", "payment_files"];
        for table in tables.iter().filter(|table| !few.contains(&table.as_str())) {
            let columns = conn
                .prepare(&format!("SELECT * FROM {table}"))
                .unwrap()
                .column_count();
            let values = vec!["?"; columns].join(", ");
            let mut statement = conn
                .prepare(&format!("EXPLAIN INSERT INTO {table} VALUES ({values})"))
                .unwrap();
            let (mut rows, mut steps) = (statement.raw_query(), 0);
            while let Some(row) = rows.next().unwrap() {
                steps += 1;
                assert!(
                    row.get_ref(1).unwrap() != ValueRef::Text(b"OpenEphemeral"),
                    "{table}"
                );
            }
            assert!(steps > 10, "{steps} steps");
        }
    }

    #[test]
    fn the_migrations_are_valid_and_counted() {
        migrations().validate().unwrap();
        let mut conn = Connection::open_in_memory().unwrap();
        make_tables(&mut conn).unwrap();
        assert_eq!(of(&conn).unwrap(), current());
        assert!(expected_schema(&conn).unwrap().len() > 20);
        assert_eq!(steps_after(current()), []);
    }
}
