//! The versions of the ledger: the SQL that makes each of them, and the tables that a version has.

#[cfg(debug_assertions)]
use std::sync::OnceLock;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::store::{
    Error,
    db::{Connection, Db},
};

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

/// Returns the version of the ledgers that this program writes.
pub fn ledger_version() -> i64 {
    current()
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

/// Returns the version that this program writes: the number of migrations.
pub(in crate::store) fn current() -> i64 {
    i64::try_from(steps().len()).unwrap_or(i64::MAX)
}

/// Returns the steps from a version to the current one: the version that each leads to, and its SQL.
pub(in crate::store) fn steps_after(version: i64) -> Vec<(i64, &'static str)> {
    (1..)
        .zip(steps())
        .filter(|(leads_to, _)| *leads_to > version)
        .collect()
}

/// Makes the tables of the current version in a new database.
///
/// # Errors
/// [`Error`] if the file cannot be written.
pub(in crate::store) fn make_tables(conn: &mut Connection) -> Result<(), Error> {
    conn.take_all_steps(&steps())
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
pub(in crate::store) fn schema(db: Db<'_>) -> Result<Vec<Definition>, Error> {
    // SQLite reads a definition that a flipped bit has made bytes as if it were text.
    const SCHEMA: &str = "SELECT type, name, tbl_name || ' ' || typeof(sql) || ' ' || coalesce(sql, '')
        FROM sqlite_schema
        WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')) ORDER BY type, name";
    db.query(SCHEMA, (), |row| {
        Ok(Definition {
            kind: row.next()?,
            name: row.next()?,
            sql: row.next()?,
        })
    })
}

/// Returns the definitions that the migrations make up to the version of a ledger.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::store) fn expected_schema(of: Db<'_>) -> Result<Arc<[Definition]>, Error> {
    // A command that checks a ledger asks twice.
    static MADE: Mutex<BTreeMap<usize, Arc<[Definition]>>> = Mutex::new(BTreeMap::new());

    let version = usize::try_from(of.version()?)
        .map_err(|_| Error::bug("the version of the ledger was not checked"))?;
    // Of a thread that panicked nothing half made is left: a value is put in whole.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(schema) = made.get(&version) {
        return Ok(Arc::clone(schema));
    }
    let mut steps = steps();
    steps.truncate(version);
    let mut conn = Connection::in_memory()?;
    conn.take_all_steps(&steps)?;
    let schema: Arc<[Definition]> = schema(conn.db())?.into();
    made.insert(version, Arc::clone(&schema));
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::db::{ToSql, Value};

    fn ledger() -> Connection {
        let mut conn = Connection::in_memory().unwrap();
        make_tables(&mut conn).unwrap();
        conn
    }

    /// SQLite would build a table of words for each row that a bulk command writes.
    #[test]
    fn no_row_is_written_by_way_of_a_temporary_table() {
        const COLUMNS: &str = "SELECT count(*) FROM pragma_table_info(?1)";
        let conn = ledger();
        let db = conn.db();
        db.script("PRAGMA foreign_keys = ON").unwrap();
        let schema = schema(db).unwrap();
        // Few rows are written to these.
        let few = [
            "users",
            "bank_statements",
            "payment_files",
            "proposals",
            "bank_rules",
            "tax_certificates",
            "event_deductions",
            "event_components",
            "reserve_movements",
        ];
        let tables = schema
            .iter()
            .filter(|definition| definition.kind == "table")
            .map(|definition| definition.name.as_str())
            .filter(|table| !few.contains(table));
        for table in tables {
            let nothing: &dyn ToSql = &None::<i64>;
            let values = vec![nothing; db.value(COLUMNS, [table]).unwrap()];
            let marks = vec!["?"; values.len()].join(", ");
            let explain = format!("EXPLAIN INSERT INTO {table} VALUES ({marks})");
            let mut steps = 0;
            db.each(&explain, values.as_slice(), |row| {
                steps += 1;
                assert!(row.value(1)? != Value::Text(b"OpenEphemeral"), "{table}");
                Ok::<_, Error>(())
            })
            .unwrap();
            assert!(steps > 10, "{steps} steps");
        }
    }

    #[test]
    fn the_migrations_are_valid_and_counted() {
        let conn = ledger();
        let db = conn.db();
        assert_eq!(db.version().unwrap(), current());
        let id: i64 = db.value("PRAGMA application_id", ()).unwrap();
        assert_eq!(id, i64::from(APPLICATION_ID));
        assert!(expected_schema(db).unwrap().len() > 20);
        assert_eq!(steps_after(current()), []);
    }

    #[test]
    fn a_decimal_is_kept_in_one_form_only() {
        const INSERT: &str = "INSERT INTO project_navs
            VALUES (NULL, hex(randomblob(18)), 'p', '2026-01-31', ?1, 'u', '2026-01-31T16:05:09.000001Z')";
        let conn = ledger();
        // No project and no user is there.
        conn.db().script("PRAGMA foreign_keys = OFF").unwrap();
        let insert = |amount: &str| conn.db().execute(INSERT, [amount]).is_ok();
        for good in [
            "0.0000000",
            "0.0000001",
            "1250.5000000",
            "9999999999999.9999999",
        ] {
            assert!(insert(good), "{good}");
        }
        for bad in [
            "1",
            "1.000000",
            "1.00000000",
            "01.0000000",
            ".5000000",
            "-1.0000000",
            "-0.0000000",
            "1.-000001",
            "+1.0000000",
            " 1.0000000",
            "1.0000000 ",
            "1e5.0000000",
            "1,0000000",
            "0x1.0000000",
            "1.0000000\0",
            "\u{ff11}.0000000",
            "99999999999999.0000000",
            "18446744073709551611.0000000",
        ] {
            assert!(!insert(bad), "{bad:?}");
        }
    }
}
