//! A consistent copy of the ledger, checked before it takes its name.

use std::{fs::File, path::Path};

use crate::domain::{activity::Head, session::Mode};
use crate::store::{
    Error, Ledger, Tx,
    db::{Connection, Db},
    file::{
        leftovers::{self, TEMPORARY},
        open,
        reserved::{Reserved, folder, reserved},
    },
};

/// What to do if a file exists under the copy's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfThere {
    /// It is refused, whatever it is.
    Refuse,
    /// A verified copy of the ledger as it is now is what was asked for: a command that was ended
    /// after it had copied is given again. Anything else is refused.
    TakeSame,
}

impl Ledger {
    /// Copies the ledger to a new file while others work. The copy is verified and durable before
    /// it takes its name; in a dry run it takes none.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`], [`Error::Reserved`]; what the disk refuses; [`Error::Damaged`] where the copy does not
    /// verify.
    pub fn backup(&mut self, path: &Path, mode: Mode, if_there: IfThere) -> Result<(), Error> {
        match reserved(path, Some(self.path())) {
            // A copy that is there is looked at below.
            None | Some(Reserved::Ledger | Reserved::Database) => {}
            Some(reserved @ Reserved::OfSqlite) => {
                return Err(Error::Reserved {
                    path: path.to_path_buf(),
                    reserved,
                });
            }
        }
        let io = |source| Error::Io {
            path: path.to_path_buf(),
            source,
        };
        if std::fs::symlink_metadata(path).is_ok() {
            return match if_there {
                IfThere::TakeSame if self.is_copied_in(path)? => Ok(()),
                IfThere::TakeSame | IfThere::Refuse => Err(Error::AlreadyThere {
                    path: path.to_path_buf(),
                }),
            };
        }
        let folder = folder(path);
        leftovers::sweep(&folder);
        let temporary = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .suffix(".backup")
            .tempfile_in(folder)
            .map_err(io)?
            .into_temp_path();
        {
            let mut copy = Connection::open_bare(&temporary)?;
            self.db().copy_to(&mut copy, self.wait())?;
            verified_head(copy.db())?;
            copy.close()?;
        }
        File::open(&temporary)
            .and_then(|file| file.sync_all())
            .map_err(io)?;
        match mode {
            Mode::Commit => open::persist(temporary, path),
            Mode::DryRun | Mode::Rehearsal => Ok(()),
        }
    }

    /// Returns whether a file is a verified copy of this ledger with nothing missing and nothing
    /// more.
    fn is_copied_in(&mut self, path: &Path) -> Result<bool, Error> {
        let Ok((copy, _)) = open::open_older(path, self.wait()) else {
            return Ok(false);
        };
        let Ok(head) = verified_head(copy.db()) else {
            return Ok(false);
        };
        self.read(|tx| Ok(tx.head()? == head))
    }
}

/// Verifies a copy, and returns the head of its trail.
fn verified_head(copy: Db<'_>) -> Result<Head, Error> {
    let integrity: String = copy.value("PRAGMA integrity_check(1)", ())?;
    if integrity != "ok" {
        return Err(Error::Damaged {
            detail: format!("the copy does not pass its integrity check: {integrity}"),
        });
    }
    copy.script("BEGIN")?;
    let mut verified = Tx::over(copy).verify(None)?;
    copy.script("ROLLBACK")?;
    match verified.findings.pop() {
        Some(finding) => Err(Error::Damaged {
            detail: format!(
                "the audit trail of the copy does not verify: {}",
                finding.detail
            ),
        }),
        None => Ok(verified.head),
    }
}
