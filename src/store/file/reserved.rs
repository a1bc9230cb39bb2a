//! The names of a ledger and of what SQLite keeps next to it. Nothing else is ever written there.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Read as _,
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _},
    path::{Path, PathBuf},
};

/// How every SQLite database begins.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// What SQLite adds to the name of a database for the files that it keeps next to it.
const SUFFIXES: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Why a file may not be written under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// It is the name of the ledger.
    Ledger,
    /// It is another ledger, or another program's database.
    Database,
    /// SQLite uses it for a part of the database whose name it begins with.
    OfSqlite,
}

impl Reserved {
    /// Says what the name is.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ledger => "the ledger itself",
            Self::Database => "a ledger",
            Self::OfSqlite => {
                "a name that SQLite uses next to a ledger, and would take for a part of it"
            }
        }
    }
}

/// Returns why nothing may be written to a path: it is the ledger, another ledger, or a name that
/// SQLite uses next to either. Folders are compared as they really are, without links and dots, so
/// neither `./` nor a linked folder leads around it.
pub fn reserved(path: &Path, ledger: Option<&Path>) -> Option<Reserved> {
    let name = path.file_name()?;
    let within = fs::canonicalize(folder(path)).ok()?;
    let next_to_it =
        ledger.filter(|it| fs::canonicalize(folder(it)).is_ok_and(|other| other == within));
    let is_ledgers_name = |name: &OsStr| next_to_it.and_then(Path::file_name) == Some(name);
    if is_ledgers_name(name) || ledger.is_some_and(|ledger| is_same_file(path, ledger)) {
        return Some(Reserved::Ledger);
    }
    if is_database(&within.join(name)) {
        return Some(Reserved::Database);
    }
    let of_sqlite = SUFFIXES.into_iter().any(|suffix| {
        name.as_bytes()
            .strip_suffix(suffix.as_bytes())
            .map(OsStr::from_bytes)
            .is_some_and(|main| is_ledgers_name(main) || is_database(&within.join(main)))
    });
    of_sqlite.then_some(Reserved::OfSqlite)
}

/// Returns the folder of a path.
pub fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// Checks whether two names lead to one file.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let file = |path: &Path| {
        fs::metadata(path)
            .ok()
            .map(|found| (found.dev(), found.ino()))
    };
    file(one).is_some_and(|found| Some(found) == file(other))
}

/// Checks whether a file begins as every SQLite database does. Only a regular file is opened: a pipe
/// would wait for its writer.
fn is_database(path: &Path) -> bool {
    let mut begins = Vec::with_capacity(MAGIC.len());
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
        && File::open(path)
            .and_then(|file| file.take(16).read_to_end(&mut begins))
            .is_ok()
        && begins == MAGIC
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_and_the_names_of_sqlite_are_reserved_however_they_are_written() {
        let place = tempfile::tempdir().unwrap();
        let place = place.path();
        let ledger = place.join("fund.db");
        fs::create_dir(place.join("sub")).unwrap();
        std::os::unix::fs::symlink(place, place.join("link")).unwrap();
        let mut database = MAGIC.to_vec();
        database.extend_from_slice(&[0; 100]);
        fs::write(place.join("other.db"), &database).unwrap();
        for (name, why) in [
            ("fund.db", Some(Reserved::Ledger)),
            ("./fund.db", Some(Reserved::Ledger)),
            ("sub/../fund.db-wal", Some(Reserved::OfSqlite)),
            ("link/fund.db-shm", Some(Reserved::OfSqlite)),
            ("fund.db-journal", Some(Reserved::OfSqlite)),
            ("fund.db-wal/", Some(Reserved::OfSqlite)),
            ("other.db", Some(Reserved::Database)),
            ("other.db-wal", Some(Reserved::OfSqlite)),
            ("third.db-wal", None),
            ("sub/fund.db-wal", None),
            ("fund.db.bak", None),
            ("fund.csv", None),
            ("missing/fund.db", None),
        ] {
            assert_eq!(reserved(&place.join(name), Some(&ledger)), why, "{name}");
        }
        fs::write(&ledger, "no database").unwrap();
        fs::hard_link(&ledger, place.join("twin.csv")).unwrap();
        std::os::unix::fs::symlink("fund.db", place.join("soft.csv")).unwrap();
        for name in ["twin.csv", "soft.csv"] {
            let why = reserved(&place.join(name), Some(&ledger));
            assert_eq!(why, Some(Reserved::Ledger), "{name}");
        }
    }
}
