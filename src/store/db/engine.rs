//! An open database: opening it, its settings, its transactions, and copying it.

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rusqlite::{
    OpenFlags, TransactionState,
    backup::{Backup, StepResult},
    config::DbConfig,
    limits::Limit,
};

use super::Db;
use crate::store::Error;

/// Dirty pages of bulk work stay in memory up to this size, in KiB; only used pages are allocated.
const CACHE_KIB: i32 = 128 * 1024;
/// The size of the cache, in KiB, while a ledger is read once from end to end: no page is read twice,
/// and a small cache stays in the processor's own.
const PASSING_KIB: i32 = 4 * 1024;
/// The bytes of a page in a new ledger, four times SQLite's own choice: a ledger of gigabytes is
/// read in a quarter of the calls. An empty one takes 1.7 MB instead of 0.5. An existing ledger keeps
/// its page size.
const PAGE: u32 = 16 * 1024;
/// How many pages are copied in one step.
const PAGES_AT_ONCE: std::os::raw::c_int = 1_024;

/// An open database.
pub(in crate::store) struct Connection(pub(super) rusqlite::Connection);

/// How large the cache of pages is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Cache {
    /// As large as bulk work needs.
    Usual,
    /// A few pages, for reading a ledger once from end to end.
    Passing,
}

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only reading; SQLite refuses everything else.
    Read,
    /// Reading and writing.
    Write,
}

/// How many steps of SQLite pass between two looks at whether the user interrupted the program.
const STEPS: i32 = 10_000;

/// What an interruption by the user does.
#[derive(Debug)]
pub struct Interruption {
    /// Set by whoever interrupts the program: the statement that runs ends with an error, and its
    /// transaction is rolled back.
    pub mark: Arc<AtomicBool>,
    /// Whether nothing would be left behind if the program ended at once.
    pub idle: Arc<AtomicBool>,
}

/// Work that is not to end at once: it ends with a rollback.
#[derive(Debug)]
pub struct Work(());

impl Drop for Work {
    fn drop(&mut self) {
        interruption().idle.store(true, Ordering::Relaxed);
    }
}

impl Interruption {
    /// Begins work that is not to end at once.
    #[must_use]
    pub fn begin(&self) -> Work {
        self.idle.store(false, Ordering::Relaxed);
        Work(())
    }

    /// Returns whether the user interrupted the program.
    pub fn is_marked(&self) -> bool {
        self.mark.load(Ordering::Relaxed)
    }
}

/// Returns what an interruption does in this process.
pub fn interruption() -> &'static Interruption {
    static INTERRUPTION: OnceLock<Interruption> = OnceLock::new();
    INTERRUPTION.get_or_init(|| Interruption {
        mark: Arc::default(),
        idle: Arc::new(AtomicBool::new(true)),
    })
}

/// Returns the version of SQLite.
pub fn engine_version() -> &'static str {
    rusqlite::version()
}

impl Connection {
    /// Opens an existing file with the settings of a ledger. It waits for locks up to `wait`.
    pub(in crate::store) fn open(
        path: &Path,
        access: Access,
        wait: Duration,
    ) -> Result<Self, Error> {
        let conn = Self::open_bare(path)?;
        conn.configure(wait)?;
        if access == Access::Read {
            conn.0.pragma_update(None, "query_only", true)?;
        }
        Ok(conn)
    }

    /// Opens an empty file that is to become a ledger.
    pub(in crate::store) fn create(path: &Path, wait: Duration) -> Result<Self, Error> {
        let conn = Self::open_bare(path)?;
        conn.0.pragma_update(None, "page_size", PAGE)?;
        conn.configure(wait)?;
        Ok(conn)
    }

    /// Opens a file without any setting.
    pub(in crate::store) fn open_bare(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self(rusqlite::Connection::open_with_flags(path, flags)?))
    }

    /// Opens a database that is only in memory.
    pub(in crate::store) fn in_memory() -> Result<Self, Error> {
        Ok(Self(rusqlite::Connection::open_in_memory()?))
    }

    /// Lends the connection for running SQL.
    pub(in crate::store) fn db(&self) -> Db<'_> {
        Db(&self.0)
    }

    /// Closes the connection; what could not be written shows.
    pub(in crate::store) fn close(self) -> Result<(), Error> {
        self.0.close().map_err(|(_, error)| error.into())
    }

    /// Makes the settings of every connection. A test reads them back.
    fn configure(&self, wait: Duration) -> Result<(), Error> {
        let conn = &self.0;
        conn.busy_timeout(wait)?;
        conn.progress_handler(STEPS, Some(|| interruption().is_marked()))?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // A ledger has no triggers and no views: one that was planted never runs.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024)?;
        conn.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 256 * 1024)?;
        conn.set_limit(Limit::SQLITE_LIMIT_COLUMN, 64)?;
        conn.set_prepared_statement_cache_capacity(64);
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "synchronous", "EXTRA")?;
        conn.pragma_update(None, "cell_size_check", true)?;
        self.db().set_cache(Cache::Usual)?;
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        conn.pragma_update(None, "mmap_size", 0)?;
        let journal: String =
            conn.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))?;
        if journal != "delete" {
            return Err(Error::Unusable {
                detail: format!("its journal mode stays `{journal}`"),
            });
        }
        Ok(())
    }
}

impl Db<'_> {
    /// Runs statements that have no parameters and whose rows nobody wants.
    pub(in crate::store) fn script(self, sql: &str) -> Result<(), Error> {
        Ok(self.0.execute_batch(sql)?)
    }

    /// Sets how long a statement waits for a lock.
    pub(in crate::store) fn wait_at_most(self, wait: Duration) -> Result<(), Error> {
        Ok(self.0.busy_timeout(wait)?)
    }

    /// Sets the size of the cache.
    pub(in crate::store) fn set_cache(self, cache: Cache) -> Result<(), Error> {
        let size = match cache {
            Cache::Usual => -CACHE_KIB,
            Cache::Passing => -PASSING_KIB,
        };
        Ok(self.0.pragma_update(None, "cache_size", size)?)
    }

    /// Returns whether a transaction is open.
    pub(in crate::store) fn is_in_transaction(self) -> bool {
        !self.0.is_autocommit()
    }

    /// Returns whether the open transaction has read and has not written.
    pub(in crate::store) fn only_read(self) -> Result<bool, Error> {
        Ok(self.0.transaction_state::<&str>(None)? == TransactionState::Read)
    }

    /// Returns the path of the file; a database in memory has none.
    pub(in crate::store) fn path(&self) -> Option<&Path> {
        self.0.path().filter(|path| !path.is_empty()).map(Path::new)
    }

    /// Copies the database page after page; who else holds the file is waited for.
    pub(in crate::store) fn copy_to(
        self,
        copy: &mut Connection,
        wait: Duration,
    ) -> Result<(), Error> {
        let copying = Backup::new(self.0, &mut copy.0)?;
        let mut moved = Instant::now();
        loop {
            let step = copying.step(PAGES_AT_ONCE)?;
            if step == StepResult::Done {
                return Ok(());
            }
            if step == StepResult::More {
                moved = Instant::now();
            } else if moved.elapsed() > wait {
                return Err(Error::Busy);
            } else {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_that_the_promises_rest_on_are_in_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l.db");
        std::fs::write(&path, "").unwrap();
        let conn = Connection::create(&path, Duration::from_secs(1)).unwrap();
        let pragma = |name: &str| {
            conn.db()
                .value::<i64>(&format!("PRAGMA {name}"), ())
                .unwrap()
        };
        assert_eq!(pragma("foreign_keys"), 1);
        assert_eq!(pragma("synchronous"), 3);
        assert_eq!(pragma("trusted_schema"), 0);
        assert_eq!(pragma("cell_size_check"), 1);
        assert_eq!(pragma("page_size"), i64::from(PAGE));
        let journal: String = conn.db().value("PRAGMA journal_mode", ()).unwrap();
        assert_eq!(journal, "delete");
        let is_on = |setting| conn.0.db_config(setting).unwrap();
        assert!(is_on(DbConfig::SQLITE_DBCONFIG_DEFENSIVE));
        assert!(!is_on(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER));
        assert!(!is_on(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW));
        assert_eq!(conn.0.limit(Limit::SQLITE_LIMIT_ATTACHED).unwrap(), 0);
    }
}
