//! The schema refuses wrong rows by itself, even if the code is wrong. Each row is first shown to be one that
//! the schema takes, so that it is the one thing changed in it that is refused.

mod rows;

use rusqlite::{Connection, ErrorCode};

use self::rows::{CHANGES, NEEDED, NEW, NewRow};
use crate::{audit::populated, figures::figure, support::Desk};

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    let mut statement = conn
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Inserts a row like another one, but for some columns; answers what SQLite said, and takes it
/// back.
fn like(conn: &Connection, new: &NewRow, with: &[(&str, &str)]) -> Result<usize, rusqlite::Error> {
    let columns = columns(conn, new.table);
    let value = |(at, name): (usize, &String)| {
        let other = with
            .iter()
            .find(|(column, _)| column == name)
            .map(|(_, value)| (*value).to_owned());
        let key = format!("(SELECT max({name}) + 1 FROM {})", new.table);
        other.unwrap_or_else(|| if at == 0 { key } else { name.clone() })
    };
    let values: Vec<String> = columns.iter().enumerate().map(value).collect();
    let (table, from) = (new.table, new.from);
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {from} ORDER BY rowid LIMIT 1",
        columns.join(", "),
        values.join(", ")
    );
    attempt(conn, &sql)
}

/// Runs a change and takes it back.
fn attempt(conn: &Connection, sql: &str) -> Result<usize, rusqlite::Error> {
    conn.execute_batch("SAVEPOINT attempt").unwrap();
    let changed = conn.execute(sql, []);
    conn.execute_batch("ROLLBACK TO attempt; RELEASE attempt")
        .unwrap();
    changed
}

#[track_caller]
fn broken(result: Result<usize, rusqlite::Error>, words: &str, what: &str) {
    let error = result.expect_err(what);
    assert_eq!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation),
        "{what}: {error}"
    );
    assert!(error.to_string().contains(words), "{what}: {error}");
}

fn opened() -> (Desk, Connection) {
    let desk = populated::desk();
    let conn = populated::open(&desk);
    conn.execute_batch("PRAGMA foreign_keys = ON; BEGIN")
        .unwrap();
    // The links of its withdrawals have all ended; this one holds, until the transaction is
    // dropped.
    let held = conn
        .execute(
            "UPDATE bank_match_withdrawals SET live = 1 WHERE number = 1",
            [],
        )
        .unwrap();
    assert_eq!(held, 1);
    (desk, conn)
}

#[test]
fn the_schema_itself_refuses_what_the_rules_refuse() {
    let (desk, conn) = opened();
    let mut refused = 0;
    for new in &NEW {
        let taken = like(&conn, new, new.with);
        assert!(
            matches!(taken, Ok(1)),
            "{} takes a row that repeats nothing: {taken:?}",
            new.table
        );
        for (without, words) in new.unique {
            let with: Vec<(&str, &str)> = new
                .with
                .iter()
                .copied()
                .filter(|(column, _)| column != without)
                .collect();
            assert!(with.len() < new.with.len(), "{without} is not a difference");
            broken(
                like(&conn, new, &with),
                words,
                &format!("{} without another {without}", new.table),
            );
            refused += 1;
        }
    }
    for (table, row, fits, breaks) in CHANGES {
        let taken = attempt(&conn, &format!("UPDATE {table} SET {fits} WHERE {row}"));
        assert!(
            matches!(taken, Ok(1)),
            "{table} of {row} takes {fits}: {taken:?}"
        );
        let change = format!("UPDATE {table} SET {breaks} WHERE {row}");
        broken(attempt(&conn, &change), "CHECK constraint failed", &change);
        refused += 1;
    }
    for table in NEEDED {
        let delete = format!("DELETE FROM {table} WHERE rowid = 1");
        broken(
            attempt(&conn, &delete),
            "FOREIGN KEY constraint failed",
            &delete,
        );
        refused += 1;
    }
    drop(conn);
    desk.sound();
    figure(
        "constraints",
        &format!("{refused} rows that the rules forbid, all refused by the schema itself"),
    );
}

#[test]
fn a_code_is_taken_whatever_its_case() {
    let (_desk, conn) = opened();
    let mut tables = 0;
    for new in NEW
        .iter()
        .filter(|new| new.unique.iter().any(|(column, _)| *column == "code"))
    {
        let code = "CASE code WHEN upper(code) THEN lower(code) ELSE upper(code) END";
        let with: Vec<(&str, &str)> = new
            .with
            .iter()
            .map(|(column, value)| (*column, if *column == "code" { code } else { value }))
            .collect();
        broken(
            like(&conn, new, &with),
            &format!("{}.code", new.table),
            new.table,
        );
        tables += 1;
    }
    assert_eq!(tables, 5);
    let again = "INSERT INTO ledger (number, id, four_eyes, created_at) SELECT 2, substr(id, 2) || 'f', 'on', created_at FROM ledger";
    broken(
        attempt(&conn, again),
        "CHECK constraint failed: number = 1",
        "a second ledger in the file",
    );
}

#[test]
fn what_a_row_rests_on_must_be_there() {
    let (_desk, conn) = opened();
    let mut keys = 0;
    for table in populated::tables(&conn) {
        // Of a key of several columns each row counts that has all of them.
        let sql = format!(
            "SELECT k.\"from\", (SELECT group_concat(o.\"from\" || ' IS NOT NULL', ' AND ')
               FROM pragma_foreign_key_list('{table}') o WHERE o.id = k.id)
             FROM pragma_foreign_key_list('{table}') k"
        );
        let columns: Vec<(String, String)> = conn
            .prepare(&sql)
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (column, filled) in columns {
            let row = format!("(SELECT max(rowid) FROM {table} WHERE {filled})");
            let other = format!("CASE typeof({column}) WHEN 'integer' THEN 999 ELSE 'nobody' END");
            let change = format!("UPDATE {table} SET {column} = {other} WHERE rowid = {row}");
            let set: bool = conn
                .query_row(&format!("SELECT {row} IS NOT NULL"), [], |row| row.get(0))
                .unwrap();
            if set {
                broken(attempt(&conn, &change), "constraint failed", &change);
                keys += 1;
            }
        }
    }
    assert!(keys > 60, "{keys} columns name a row of another table");
}
