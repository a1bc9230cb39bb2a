//! Opening and creating the ledger file, and everything that is checked before a byte of it is
//! believed.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::unistd::{Uid, User};

use crate::store::{
    Error,
    db::{Access, Connection},
    file::{
        leftovers::{self, TEMPORARY},
        reserved::{MAGIC, Reserved, folder, reserved},
        rollback,
        versions::{self, APPLICATION_ID, UNRELEASED_ID},
    },
};

/// The mark of a folder in which everybody removes only own files.
const STICKY: u32 = 0o1000;

/// Opens an existing ledger after its file, header and version are checked.
///
/// # Errors
/// [`Error`] if the file is not a ledger of the current version, is unsafe, or cannot be read.
pub(in crate::store) fn open(
    path: &Path,
    access: Access,
    wait: Duration,
) -> Result<Connection, Error> {
    let must_be_current = |found| match found {
        found if found < versions::current() => Err(Error::Older {
            path: path.to_path_buf(),
            found,
            known: versions::current(),
        }),
        _ => Ok(()),
    };
    must_be_current(check(path)?)?;
    let conn = Connection::open(path, access, wait)?;
    // The header may be that of a migration that was killed; connecting has rolled it back.
    must_be_current(conn.db().version()?)?;
    Ok(conn)
}

/// Opens a ledger of the current version or an older one; returns its version too.
///
/// # Errors
/// [`Error`] if the file is not a ledger, is newer or unsafe, or cannot be read.
pub(in crate::store) fn open_older(
    path: &Path,
    wait: Duration,
) -> Result<(Connection, i64), Error> {
    check(path)?;
    let conn = Connection::open(path, Access::Write, wait)?;
    let found = conn.db().version()?;
    Ok((conn, found))
}

/// Opens a ledger a second time, to read. The file itself is not opened and checked again: closing it
/// would drop the locks of the first connection.
pub(in crate::store) fn again(path: &Path) -> Result<Connection, Error> {
    Connection::open(path, Access::Read, Duration::ZERO)
}

/// Checks the file, its companions, and its first bytes; returns the version.
fn check(path: &Path) -> Result<i64, Error> {
    check_file(path)?;
    check_siblings(path)?;
    check_header(path)
}

/// Creates a ledger file under a temporary name in the same folder. It is complete before [`persist`]
/// gives it its name.
pub(in crate::store) fn create(
    path: &Path,
    wait: Duration,
) -> Result<(Connection, tempfile::TempPath), Error> {
    let io = |source| Error::Io {
        path: path.to_path_buf(),
        source,
    };
    match fs::symlink_metadata(path) {
        Ok(_) => {
            return Err(Error::AlreadyThere {
                path: path.to_path_buf(),
            });
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(io(error)),
    }
    if let Some(reserved @ Reserved::OfSqlite) = reserved(path, None) {
        return Err(Error::Reserved {
            path: path.to_path_buf(),
            reserved,
        });
    }
    leftovers::sweep(&folder(path));
    let file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .suffix(".new")
        .tempfile_in(folder(path))
        .map_err(io)?;
    let temporary = file.into_temp_path();
    let mut conn = Connection::create(&temporary, wait)?;
    versions::make_tables(&mut conn)?;
    Ok((conn, temporary))
}

/// Gives a complete file its final name; never over another file. The name is durable when this
/// returns.
pub(in crate::store) fn persist(temporary: tempfile::TempPath, path: &Path) -> Result<(), Error> {
    temporary.persist_noclobber(path).map_err(|refused| {
        if refused.error.kind() == ErrorKind::AlreadyExists {
            return Error::AlreadyThere {
                path: path.to_path_buf(),
            };
        }
        Error::Io {
            path: path.to_path_buf(),
            source: refused.error,
        }
    })?;
    let synced = File::open(folder(path)).and_then(|folder| folder.sync_all());
    synced.map_err(|source| Error::CommitUnknown {
        detail: format!(
            "`{}` is there, but its folder could not be synced: {source}",
            path.display()
        ),
    })
}

/// Refuses anything but a regular file with one name that only its owner can write.
fn check_file(path: &Path) -> Result<(), Error> {
    let refuse = |reason| {
        Err(Error::Unsafe {
            path: path.to_path_buf(),
            reason,
        })
    };
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Error::Missing {
                path: path.to_path_buf(),
            });
        }
        Err(source) => {
            return Err(Error::Io {
                path: path.to_path_buf(),
                source,
            });
        }
    };
    if found.is_symlink() {
        return refuse("it is a symbolic link; name the file itself");
    }
    if !found.is_file() {
        return refuse("it is not a regular file");
    }
    if found.nlink() > 1 {
        return refuse("it has more than one name (hard links)");
    }
    if found.mode() & 0o022 != 0 {
        return refuse("others can write it; take that right away with `chmod go-w`");
    }
    must_be_own(path, &found)?;
    check_folder(path)
}

/// Refuses a file of another user, also to root: what root writes, its owner could no longer read.
fn must_be_own(path: &Path, found: &fs::Metadata) -> Result<(), Error> {
    let owner = Uid::from_raw(found.uid());
    if owner == Uid::effective() {
        return Ok(());
    }
    let name = User::from_uid(owner).ok().flatten().map(|user| user.name);
    Err(Error::OfAnother {
        path: path.to_path_buf(),
        owner: name.unwrap_or_else(|| format!("#{owner}")),
    })
}

/// Refuses a folder in which everybody could put another file in the ledger's place.
fn check_folder(path: &Path) -> Result<(), Error> {
    let folder = folder(path);
    let found = fs::metadata(&folder).map_err(|source| Error::Io {
        path: folder.clone(),
        source,
    })?;
    if found.mode() & 0o002 != 0 && found.mode() & STICKY == 0 {
        return Err(Error::Unsafe {
            path: folder,
            reason: "everybody can write the folder, and so put another file in the place of the ledger; \
                take that right away with `chmod o-w`",
        });
    }
    Ok(())
}

/// Returns whether the group of a folder may put other files in the place of those in it.
pub fn is_open_to_group(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| found.mode() & 0o020 != 0 && found.mode() & STICKY == 0)
}

/// Refuses files that SQLite would take for a part of the ledger by mistake. SQLite reads a `-wal`
/// whatever the header says, waits for ever for the writer of a journal that is a pipe, and rolls back
/// the contents of any journal.
fn check_siblings(path: &Path) -> Result<(), Error> {
    let sibling = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let look = |path: &Path| match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io {
            path: path.to_path_buf(),
            source,
        }),
    };
    let wal = sibling("-wal");
    if look(&wal)?.is_some() {
        let reason = "it is a write-ahead log, which no ledger has: another program wrote it. If it belongs to the \
            ledger, let that program finish its work; otherwise move it away";
        return Err(Error::Unsafe { path: wal, reason });
    }
    let journal = sibling("-journal");
    let Some(found) = look(&journal)? else {
        return Ok(());
    };
    if !found.is_file() || found.nlink() > 1 {
        return Err(Error::Unsafe {
            path: journal,
            reason: "a journal is a regular file of one name; move this away",
        });
    }
    if found.mode() & 0o022 != 0 {
        return Err(Error::Unsafe {
            path: journal,
            reason: "others can write it, and its content is put back into the ledger",
        });
    }
    must_be_own(&journal, &found)?;
    match rollback::is_foreign(&journal, path) {
        // It may be gone, or grow, while another command works; SQLite reads it under a lock.
        Ok(false) | Err(_) => Ok(()),
        Ok(true) => Err(Error::Unsafe {
            path: journal,
            reason: "it is the journal of another database, or of another state of the ledger, and would be put back into it; \
                move it away, and look with `prorata check`",
        }),
    }
}

/// Reads the first bytes before any connection is made: magic, application, version. Returns the
/// version.
fn check_header(path: &Path) -> Result<i64, Error> {
    let mut header = Vec::with_capacity(100);
    File::open(path)
        .and_then(|file| file.take(100).read_to_end(&mut header))
        .map_err(|source| Error::Io {
            path: path.to_path_buf(),
            source,
        })?;
    let not = |reason| {
        Err(Error::NotALedger {
            path: path.to_path_buf(),
            reason,
        })
    };
    if header.is_empty() {
        return not("it is empty");
    }
    if !header.starts_with(MAGIC) {
        return not("it is not a SQLite file");
    }
    let number = |at: usize| {
        header
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map(u32::from_be_bytes)
    };
    match (number(68), number(60)) {
        (Some(UNRELEASED_ID), Some(version)) => Err(Error::Unreleased {
            path: path.to_path_buf(),
            found: i64::from(version.cast_signed()),
        }),
        (Some(APPLICATION_ID), Some(version)) => {
            // SQLite keeps the version with a sign.
            let found = i64::from(version.cast_signed());
            if found > versions::current() {
                return Err(Error::Newer {
                    path: path.to_path_buf(),
                    found,
                    known: versions::current(),
                });
            }
            if found < 1 {
                return Err(Error::NotALedger {
                    path: path.to_path_buf(),
                    reason: "no version of this program wrote its version number",
                });
            }
            if header.get(18..20) != Some(&[1, 1]) {
                let reason = "another program made it keep a write-ahead log, so a copy may lack what was written last; \
                    put that right with `PRAGMA journal_mode=DELETE` in the `sqlite3` shell where that log is";
                return Err(Error::Unsafe {
                    path: path.to_path_buf(),
                    reason,
                });
            }
            Ok(found)
        }
        (Some(_), _) => not("it is another program's database"),
        (None, _) => not("it is cut off"),
    }
}
