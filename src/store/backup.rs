//! A consistent copy of the ledger, checked before it takes its name.

use std::{
    fs::File,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{Error, Ledger, Tx, open};
use crate::domain::session::Mode;

/// How many pages are copied in one step.
const PAGES: std::os::raw::c_int = 4_096;

impl Ledger {
    /// Copies the ledger to a new file while others work. The copy is verified and durable before it takes its name; in a dry
    /// run it takes none.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`]; what the disk refuses; [`Error::Damaged`] where the copy does not verify.
    pub fn backup(&mut self, path: &Path, mode: Mode) -> Result<(), Error> {
        let own = |suffix: &str| {
            let mut name = self.path().as_os_str().to_owned();
            name.push(suffix);
            path.as_os_str() == name
        };
        if ["-journal", "-wal", "-shm"].into_iter().any(own) {
            return Err(Error::Unsafe { path: path.to_path_buf(), reason: "SQLite would take it for a part of the ledger" });
        }
        let io = |source| Error::Io { path: path.to_path_buf(), source };
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(Error::AlreadyThere { path: path.to_path_buf() });
        }
        let folder = open::folder(path);
        let temporary =
            tempfile::Builder::new().prefix(".prorata-").suffix(".backup").tempfile_in(folder).map_err(io)?.into_temp_path();
        {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let mut copy = Connection::open_with_flags(&temporary, flags)?;
            self.copy_to(&mut copy)?;
            let integrity: String = copy.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            copy.execute_batch("BEGIN")?;
            let mut verified = Tx::over(&copy).verify(None)?;
            copy.execute_batch("ROLLBACK")?;
            if integrity != "ok" {
                return Err(Error::Damaged { detail: format!("the copy does not pass its integrity check: {integrity}") });
            }
            if let Some(finding) = verified.findings.pop() {
                return Err(Error::Damaged {
                    detail: format!("the audit trail of the copy does not verify: {}", finding.detail),
                });
            }
            copy.close().map_err(|(_, error)| Error::from(error))?;
        }
        File::open(&temporary).and_then(|file| file.sync_all()).map_err(io)?;
        match mode {
            Mode::Commit => open::persist(temporary, path),
            Mode::DryRun => Ok(()),
        }
    }

    /// Copies page after page; who else holds the file is waited for as long as the ledger waits.
    fn copy_to(&self, copy: &mut Connection) -> Result<(), Error> {
        let copying = Backup::new(self.connection(), copy)?;
        let mut moved = Instant::now();
        loop {
            let step = copying.step(PAGES)?;
            if step == StepResult::Done {
                return Ok(());
            }
            if step == StepResult::More {
                moved = Instant::now();
            } else if moved.elapsed() > self.wait() {
                return Err(Error::Busy);
            } else {
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
}
