//! Two threads that read one state of the ledger, each over a connection of its own.

use std::{
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

use rusqlite::{Connection, TransactionState};

use crate::store::{Error, file::open};

/// A part of the work, which reads over the connection that it is given.
pub(in crate::store) type Job<'a, T> = Box<dyn FnOnce(&Connection) -> T + Send + 'a>;

/// From how many bytes on a ledger is worth a second connection.
const WORTH_A_SECOND_CONNECTION: i64 = 16 * 1024 * 1024;

/// How many threads read the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Threads {
    /// One.
    One,
    /// Two, if the machine has as many and the ledger is large.
    Two,
}

/// Runs the jobs, which read the ledger from end to end. They begin in the given order; returns
/// their results in that order.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(in crate::store) fn run<T: Send>(
    conn: &Connection,
    threads: Threads,
    jobs: Vec<Job<'_, T>>,
) -> Result<Vec<T>, Error> {
    let two = threads == Threads::Two
        && state_of(conn).is_ok_and(|(_, bytes)| bytes >= WORTH_A_SECOND_CONNECTION);
    let Some(twin) = two.then(|| twin(conn)).flatten() else {
        return Ok(run_on(conn, None, jobs));
    };
    open::keep_few_pages(&twin, true)?;
    open::keep_few_pages(conn, true)?;
    let results = run_on(conn, Some(twin), jobs);
    open::keep_few_pages(conn, false)?;
    Ok(results)
}

/// Runs the jobs over a connection, and over its twin in a second thread.
fn run_on<T: Send>(conn: &Connection, twin: Option<Connection>, jobs: Vec<Job<'_, T>>) -> Vec<T> {
    let waiting = Mutex::new(jobs.into_iter().enumerate());
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let work = |conn: &Connection| {
        let mut results = Vec::new();
        while let Some((at, job)) = next() {
            results.push((at, job(conn)));
        }
        results
    };
    let mut results = match twin {
        None => work(conn),
        Some(twin) => thread::scope(|scope| {
            let other = scope.spawn(|| {
                // It moves here, and is closed by the thread that used it.
                let twin = twin;
                work(&twin)
            });
            let mut results = work(conn);
            results.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            results
        }),
    };
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Opens a second connection that reads the very state that a transaction reads.
///
/// While one of them holds its shared lock nobody can commit, so both see one state until both have
/// ended. There is no twin if that is not possible: outside a transaction, in one that wrote, in
/// memory, if a writer waits to commit, or if another file has the name now.
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

/// Returns what distinguishes one state of a ledger from another: its head, and the size of its
/// file. Reading it takes the shared lock.
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
    fn results_are_in_the_order_of_the_jobs() {
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
        assert_eq!(run_on(&conn, twin, jobs), expected);
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
