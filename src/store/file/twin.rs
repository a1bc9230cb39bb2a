//! Two threads that read one state of the ledger, each over a connection of its own.

use std::{
    panic::resume_unwind,
    sync::{Mutex, PoisonError},
    thread,
};

use crate::store::{
    Error,
    db::{Cache, Connection, Db},
    file::open,
};

/// A part of the work, which reads over the connection that it is given.
pub(in crate::store) type Job<'a, T> = Box<dyn FnOnce(Db<'_>) -> T + Send + 'a>;

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
    db: Db<'_>,
    threads: Threads,
    jobs: Vec<Job<'_, T>>,
) -> Result<Vec<T>, Error> {
    let two = threads == Threads::Two
        && state_of(db).is_ok_and(|state| state.bytes >= WORTH_A_SECOND_CONNECTION);
    let Some(twin) = two.then(|| twin(db)).flatten() else {
        return Ok(run_on(db, None, jobs));
    };
    twin.db().set_cache(Cache::Passing)?;
    db.set_cache(Cache::Passing)?;
    let results = run_on(db, Some(twin), jobs);
    db.set_cache(Cache::Usual)?;
    Ok(results)
}

/// Runs the jobs over a connection, and over its twin in a second thread.
fn run_on<T: Send>(db: Db<'_>, twin: Option<Connection>, jobs: Vec<Job<'_, T>>) -> Vec<T> {
    let waiting = Mutex::new(jobs.into_iter().enumerate());
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    let work = |db: Db<'_>| {
        let mut results = Vec::new();
        while let Some((at, job)) = next() {
            results.push((at, job(db)));
        }
        results
    };
    let mut results = match twin {
        None => work(db),
        Some(twin) => thread::scope(|scope| {
            let other = scope.spawn(|| {
                // It moves here, and is closed by the thread that used it.
                let twin = twin;
                work(twin.db())
            });
            let mut results = work(db);
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
fn twin(db: Db<'_>) -> Option<Connection> {
    if thread::available_parallelism().map_or(1, usize::from) < 2 || !db.is_in_transaction() {
        return None;
    }
    let state = state_of(db).ok()?;
    if !db.only_read().ok()? {
        return None;
    }
    let twin = open::again(db.path()?).ok()?;
    twin.db().script("BEGIN").ok()?;
    (state_of(twin.db()).ok()? == state).then_some(twin)
}

/// What distinguishes one state of a ledger from another.
#[derive(PartialEq, Eq)]
struct State {
    /// The hash of the last entry of its trail.
    head: Option<String>,
    /// The size of its file.
    bytes: i64,
}

/// Reads the state of a ledger. That takes the shared lock.
fn state_of(db: Db<'_>) -> Result<State, Error> {
    const HEAD: &str =
        "SELECT (SELECT hash FROM distribution_activity_log ORDER BY seq DESC LIMIT 1)";
    let pages: i64 = db.value("PRAGMA page_count", ())?;
    let page: i64 = db.value("PRAGMA page_size", ())?;
    Ok(State {
        head: db.value(HEAD, ())?,
        bytes: pages.saturating_mul(page),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::db::Access;

    fn ledger(folder: &std::path::Path) -> Connection {
        let path = folder.join("l.db");
        let (conn, temporary) = open::create(&path, Duration::ZERO).unwrap();
        conn.close().unwrap();
        open::persist(temporary, &path).unwrap();
        open::open(&path, Access::Write, Duration::ZERO).unwrap()
    }

    #[test]
    fn results_are_in_the_order_of_the_jobs() {
        let folder = tempfile::tempdir().unwrap();
        let conn = ledger(folder.path());
        conn.db().script("BEGIN").unwrap();
        let jobs: Vec<Job<'_, (usize, i64)>> = (0..100)
            .map(|at| -> Job<'_, (usize, i64)> {
                Box::new(move |db| (at, db.value("SELECT count(*) FROM users", ()).unwrap()))
            })
            .collect();
        let expected: Vec<(usize, i64)> = (0..100).map(|at| (at, 0)).collect();
        let twin = twin(conn.db());
        assert!(
            twin.is_some() || thread::available_parallelism().is_ok_and(|count| count.get() == 1)
        );
        assert_eq!(run_on(conn.db(), twin, jobs), expected);
    }

    #[test]
    fn a_twin_sees_what_its_transaction_sees_and_keeps_writers_out() {
        let folder = tempfile::tempdir().unwrap();
        let conn = ledger(folder.path());
        conn.db().script("BEGIN").unwrap();
        let twin = twin(conn.db()).unwrap();
        let writer =
            open::open(&folder.path().join("l.db"), Access::Write, Duration::ZERO).unwrap();
        let write = "BEGIN IMMEDIATE; PRAGMA user_version = 9; COMMIT";
        assert!(writer.db().script(write).is_err());
        conn.db().script("ROLLBACK").unwrap();
        assert!(writer.db().script("COMMIT").is_err());
        drop(twin);
        writer.db().script("COMMIT").unwrap();
    }

    #[test]
    fn there_is_no_twin_outside_a_transaction_nor_of_one_that_wrote_nor_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let conn = ledger(folder.path());
        assert!(twin(conn.db()).is_none());
        conn.db()
            .script("BEGIN IMMEDIATE; PRAGMA user_version = 3")
            .unwrap();
        assert!(twin(conn.db()).is_none());
        let mut memory = Connection::in_memory().unwrap();
        crate::store::file::versions::make_tables(&mut memory).unwrap();
        memory.db().script("BEGIN").unwrap();
        assert!(twin(memory.db()).is_none());
    }
}
