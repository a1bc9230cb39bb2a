//! Two threads that read one state of the ledger, each over a connection of its own.

use std::{
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

use rusqlite::{Connection, TransactionState};

use crate::store::{Error, file::open};

/// A part of the work. It reads over the connection that it is given.
pub(in crate::store) type Job<'a, T> = Box<dyn FnOnce(&Connection) -> T + Send + 'a>;

/// How many bytes a ledger has at least that is worth a second connection.
const WORTH_IT: i64 = 16 * 1024 * 1024;

/// Does the jobs, which read the ledger from end to end, in two threads where that can be and the
/// ledger is large, and in one otherwise; answers their results in the order of the jobs, which are
/// begun in that order.
pub(in crate::store) fn side_by_side<T: Send>(
    conn: &Connection,
    jobs: Vec<Job<'_, T>>,
) -> Result<Vec<T>, Error> {
    let is_large = state_of(conn).is_ok_and(|(_, bytes)| bytes >= WORTH_IT);
    let Some(twin) = is_large.then(|| twin(conn)).flatten() else {
        return Ok(beside(None, conn, jobs));
    };
    open::keep_few_pages(&twin, true)?;
    open::keep_few_pages(conn, true)?;
    let done = beside(Some(twin), conn, jobs);
    open::keep_few_pages(conn, false)?;
    Ok(done)
}

fn beside<T: Send>(twin: Option<Connection>, conn: &Connection, jobs: Vec<Job<'_, T>>) -> Vec<T> {
    let waiting = Mutex::new(jobs.into_iter().enumerate());
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let work = |conn: &Connection| {
        let mut done = Vec::new();
        while let Some((at, job)) = next() {
            done.push((at, job(conn)));
        }
        done
    };
    let mut done = match twin {
        None => work(conn),
        Some(twin) => thread::scope(|scope| {
            let other = scope.spawn(|| {
                // It moves here, and is closed by the thread that used it.
                let twin = twin;
                work(&twin)
            });
            let mut done = work(conn);
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            done
        }),
    };
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Opens a second connection that reads the very state that a transaction reads.
///
/// While either of them holds its shared lock nobody can commit, so that both see one state until
/// both have ended. Where that cannot be had there is no twin: outside a transaction, in one that
/// wrote, in memory, where a writer waits to commit, or where another file has taken the name
/// meanwhile.
fn twin(conn: &Connection) -> Option<Connection> {
    if thread::available_parallelism().map_or(1, usize::from) < 2 || conn.is_autocommit() {
        return None;
    }
    let path = conn.path().filter(|path| !path.is_empty())?;
    let state = state_of(conn).ok()?;
    if conn.transaction_state::<&str>(None).ok()? != TransactionState::Read {
        return None;
    }
    let twin = open::again(path.as_ref()).ok()?;
    twin.execute_batch("BEGIN").ok()?;
    (state_of(&twin).ok()? == state).then_some(twin)
}

/// What tells one state of a ledger from another: its head, and the size of its file. Reading it
/// takes the shared lock.
fn state_of(conn: &Connection) -> Result<(Option<String>, i64), Error> {
    const HEAD: &str =
        "SELECT (SELECT hash FROM distribution_activity_log ORDER BY seq DESC LIMIT 1)";
    let [pages, page]: [i64; 2] = [
        conn.pragma_query_value(None, "page_count", |row| row.get(0))?,
        conn.pragma_query_value(None, "page_size", |row| row.get(0))?,
    ];
    Ok((
        conn.query_row(HEAD, [], |row| row.get(0))?,
        pages.saturating_mul(page),
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn ledger(folder: &std::path::Path) -> Connection {
        let path = folder.join("l.db");
        let (conn, temporary) = open::create(&path, Duration::ZERO).unwrap();
        conn.close().unwrap();
        open::persist(temporary, &path).unwrap();
        open::open(&path, open::Access::Write, Duration::ZERO).unwrap()
    }

    #[test]
    fn results_stand_in_the_order_of_the_jobs() {
        let folder = tempfile::tempdir().unwrap();
        let conn = ledger(folder.path());
        conn.execute_batch("BEGIN").unwrap();
        let jobs: Vec<Job<'_, (usize, i64)>> = (0..100)
            .map(|at| -> Job<'_, (usize, i64)> {
                Box::new(move |conn| {
                    (
                        at,
                        conn.query_row("SELECT count(*) FROM users", [], |row| row.get(0))
                            .unwrap(),
                    )
                })
            })
            .collect();
        let expected: Vec<(usize, i64)> = (0..100).map(|at| (at, 0)).collect();
        let twin = twin(&conn);
        assert!(
            twin.is_some() || thread::available_parallelism().is_ok_and(|count| count.get() == 1)
        );
        assert_eq!(beside(twin, &conn, jobs), expected);
    }

    #[test]
    fn a_twin_sees_what_its_transaction_sees_and_keeps_writers_out() {
        let folder = tempfile::tempdir().unwrap();
        let conn = ledger(folder.path());
        conn.execute_batch("BEGIN").unwrap();
        let twin = twin(&conn).unwrap();
        let writer = open::open(
            &folder.path().join("l.db"),
            open::Access::Write,
            Duration::ZERO,
        )
        .unwrap();
        let write = "BEGIN IMMEDIATE; PRAGMA user_version = 9; COMMIT";
        assert!(writer.execute_batch(write).is_err());
        conn.execute_batch("ROLLBACK").unwrap();
        assert!(writer.execute_batch("COMMIT").is_err());
        drop(twin);
        writer.execute_batch("COMMIT").unwrap();
    }

    #[test]
    fn there_is_no_twin_outside_a_transaction_nor_of_one_that_wrote_nor_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let conn = ledger(folder.path());
        assert!(twin(&conn).is_none());
        conn.execute_batch("BEGIN IMMEDIATE; PRAGMA user_version = 3")
            .unwrap();
        assert!(twin(&conn).is_none());
        let mut memory = Connection::open_in_memory().unwrap();
        crate::store::file::versions::make_tables(&mut memory).unwrap();
        memory.execute_batch("BEGIN").unwrap();
        assert!(twin(&memory).is_none());
    }
}
