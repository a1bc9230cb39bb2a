//! SQLite's own checks, as far as they are needed beside the look at the rows.

use std::{
    ffi::c_int,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::{Connection, ErrorCode};

use crate::store::Error;

/// Tells whether SQLite finds the structure of the file sound: every page used once, every cell in
/// its place and in order, every index with as many entries as its table has rows.
///
/// That is the first half of `quick_check`. The second half reads every row once more, for the
/// kinds of its values, which are looked at where rows are read anyway; it is ended when it begins.
/// SQLite counts a step for each page in the first half, and for each instruction in the second, so
/// that after more steps than the file has pages it is in the second.
pub(in crate::store) fn is_sound(conn: &Connection) -> Result<bool, Error> {
    let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let more_than_pages = pages.saturating_mul(2).saturating_add(1_000);
    let Ok(steps) = c_int::try_from(more_than_pages) else {
        return Ok(says_ok(conn, "PRAGMA quick_check(1)")?);
    };
    let ended = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&ended);
    conn.progress_handler(
        steps,
        Some(move || {
            ends.store(true, Ordering::Relaxed);
            true
        }),
    )?;
    let answer = says_ok(conn, "PRAGMA quick_check(1)");
    conn.progress_handler(0, None::<fn() -> bool>)?;
    match answer {
        Err(error)
            if ended.load(Ordering::Relaxed)
                && error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) =>
        {
            Ok(true)
        }
        answer => Ok(answer?),
    }
}

/// Tells whether SQLite finds a table's rows in its indexes, and nothing else in them.
pub(in crate::store) fn holds_rows_and_indexes(
    conn: &Connection,
    table: &str,
) -> Result<bool, Error> {
    Ok(says_ok(conn, &format!("PRAGMA integrity_check({table})"))?)
}

/// Runs one of SQLite's checks without the `CHECK`s.
fn says_ok(conn: &Connection, pragma: &str) -> rusqlite::Result<bool> {
    conn.pragma_update(None, "ignore_check_constraints", true)?;
    let ok = answers_ok(conn, pragma);
    conn.pragma_update(None, "ignore_check_constraints", false)?;
    ok
}

pub(in crate::store) fn answers_ok(conn: &Connection, pragma: &str) -> rusqlite::Result<bool> {
    let mut statement = conn.prepare(pragma)?;
    let mut rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(rows.next().transpose()?.as_deref() == Some("ok") && rows.next().is_none())
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, OpenOptions},
        io::{Seek as _, SeekFrom, Write as _},
        path::Path,
    };

    use rusqlite::OpenFlags;

    use super::*;

    fn open(path: &Path) -> Connection {
        Connection::open_with_flags(path, OpenFlags::default()).unwrap()
    }

    /// Pages with many cells, so that more is seen in the file than it has pages.
    #[test]
    fn a_page_that_is_broken_anywhere_is_found_before_the_rows_are_read() {
        const PAGE: u64 = 4_096;
        let folder = tempfile::tempdir().unwrap();
        let (whole, broken) = (
            folder.path().join("whole.db"),
            folder.path().join("broken.db"),
        );
        let conn = open(&whole);
        conn.execute_batch(
            "PRAGMA page_size = 4096;
             CREATE TABLE a (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
             CREATE TABLE b (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
             CREATE INDEX b_by_name ON b (name);
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
             INSERT INTO a SELECT n, printf('%05d', n) FROM n;
             INSERT INTO b SELECT number, name FROM a;",
        )
        .unwrap();
        assert!(is_sound(&conn).unwrap());
        conn.close().unwrap();
        let pages = fs::metadata(&whole).unwrap().len() / PAGE;
        assert!(pages > 250, "{pages} pages");
        for page in 1..pages {
            fs::copy(&whole, &broken).unwrap();
            let mut file = OpenOptions::new().write(true).open(&broken).unwrap();
            // The cells that a page begins with are not where it says.
            file.seek(SeekFrom::Start(page * PAGE + 8)).unwrap();
            file.write_all(&[0xff; 8]).unwrap();
            drop(file);
            let sound = is_sound(&open(&broken));
            assert!(!matches!(sound, Ok(true)), "page {} is broken", page + 1);
        }
    }

    #[test]
    fn rows_are_left_to_others_and_the_connection_goes_on() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE a (name TEXT) STRICT;
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000) INSERT INTO a SELECT n FROM n;
             INSERT INTO a VALUES (NULL);
             PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, 'TEXT', 'TEXT NOT NULL');
             PRAGMA writable_schema = RESET;",
        )
        .unwrap();
        assert!(!says_ok(&conn, "PRAGMA quick_check(1)").unwrap());
        assert!(is_sound(&conn).unwrap());
        assert_eq!(
            conn.query_row("SELECT count(*) FROM a", [], |row| row.get::<_, i64>(0))
                .unwrap(),
            20_001
        );
    }
}
