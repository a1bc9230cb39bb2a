//! Where results go: standard output, or a file that is complete or does not exist.
//!
//! Results are gathered in memory, beyond some megabytes in an unnamed temporary file, and leave
//! only when the ledger is closed: a slow reader of a pipe never holds a lock.

use std::{
    fs::File,
    io::{self, IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::FileTypeExt as _,
    path::{Path, PathBuf},
};

use prorata::{
    domain::key::Key,
    store::{Reserved, TEMPORARY, reserved, sweep},
};
use tempfile::{SpooledData, SpooledTempFile};
use thiserror::Error;

use crate::{environment::Environment, pager::Pager};

/// How much of a result stays in memory.
const SPOOL: usize = 64 * 1024 * 1024;

/// How much an input file may hold. A million holders with all their bank details are 100 MB.
const MOST_INPUT: u64 = 256 * 1024 * 1024;
const TOO_LARGE: &str = "it has more than 256 MiB; split it";

/// Why a file cannot be read or written.
#[derive(Debug, Error)]
pub(crate) enum Error {
    /// The output exists.
    #[error("`{}` already exists", .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The output is a folder with other files in it.
    #[error("`{}` already exists and has other files", .path.display())]
    FolderDiffers {
        /// The folder.
        path: PathBuf,
    },
    /// The output is a folder and must be a file.
    #[error("`{}` is a folder; name a file in it", .path.display())]
    IsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The output is the ledger itself, or has a name that SQLite uses next to one.
    #[error("`{}` is {}", .path.display(), .reserved.as_str())]
    Reserved {
        /// The file.
        path: PathBuf,
        /// Whose name it is.
        reserved: Reserved,
    },
    /// No format has the extension.
    #[error("`{}` has no known extension; end it in .csv .json .xlsx .html or .md, or use `--format`", .path.display())]
    NoFormat {
        /// The file.
        path: PathBuf,
    },
    /// The output cannot be written.
    #[error("cannot write {what}: {source}")]
    Failed {
        /// Which output.
        what: String,
        /// Why.
        source: io::Error,
    },
    /// The output is complete and has its name, but its folder could not be synced.
    #[error("`{}` is written, but its folder could not be synced, and whether it survives a power cut is not known: {source}", .path.display())]
    Unsynced {
        /// The output.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An input file cannot be read.
    #[error("{}", unreadable(path, why))]
    Input {
        /// The file.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
}

/// Says in plain words why an input file cannot be read.
fn unreadable(path: &Path, source: &io::Error) -> String {
    let name = path.display();
    let is = |kind| source.kind() == kind;
    if is(io::ErrorKind::NotFound) {
        format!("there is no file `{name}`")
    } else if is(io::ErrorKind::IsADirectory) {
        format!("`{name}` is a folder; name a file in it")
    } else if is(io::ErrorKind::PermissionDenied) {
        format!("you may not read `{name}`")
    } else {
        format!("cannot read `{name}`: {source}")
    }
}

/// Finds the file of the same folder whose name is most like that of a missing one.
pub(crate) fn nearest(missing: &Path) -> Option<PathBuf> {
    let wanted = missing.file_name()?.to_str()?.to_lowercase();
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let mut best: Option<(usize, PathBuf)> = None;
    for entry in std::fs::read_dir(folder(missing)).ok()?.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|_| entry.path().is_file()) else {
            continue;
        };
        let lower = name.to_lowercase();
        // Only the ending may be missing.
        let distance = strsim::damerau_levenshtein(&wanted, &lower)
            .min(strsim::damerau_levenshtein(&wanted, &stem(&lower)));
        let closer = best.as_ref().is_none_or(|(least, _)| distance < *least);
        if distance * 3 <= wanted.len() && closer {
            best = Some((distance, missing.with_file_name(name)));
        }
    }
    best.map(|(_, path)| path)
}

/// Makes a place to gather a result in.
pub(crate) fn spool() -> SpooledTempFile {
    SpooledTempFile::new(Environment::room_for_result(SPOOL))
}

/// Where a result goes.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The file; standard output if there is none.
    pub(crate) file: Option<PathBuf>,
    /// Whether the file may be overwritten.
    pub(crate) overwrite: Overwrite,
    /// The ledger, which is never overwritten.
    pub(crate) ledger: PathBuf,
    /// The key of a command that may find the result of its first run.
    pub(crate) key: Option<Key>,
}

/// Whether a file may be overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overwrite {
    /// `--force` was given.
    Allow,
    /// It was not.
    Refuse,
}

/// Refuses a target that exists or can never be written, before anything is done. A ledger is never
/// one, nor what SQLite keeps next to it, not even with `--force`.
pub(crate) fn check(target: &Target) -> Result<(), Error> {
    let Some(path) = &target.file else {
        return Ok(());
    };
    let failed = |why: &str| {
        Err(Error::Failed {
            what: format!("`{}`", path.display()),
            source: io::Error::other(why),
        })
    };
    not_reserved(path, &target.ledger)?;
    match std::fs::symlink_metadata(path) {
        Ok(found) if target.overwrite == Overwrite::Refuse && found.is_dir() => {
            Err(Error::IsFolder { path: path.clone() })
        }
        Ok(_) if target.overwrite == Overwrite::Refuse => Err(Error::Exists { path: path.clone() }),
        Ok(found) if !found.is_file() && !found.is_symlink() => failed("it is not a regular file"),
        Err(_) if !folder(path).is_dir() => failed("there is no such folder"),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Refuses the name of a ledger, and every name that SQLite uses next to one.
pub(crate) fn not_reserved(path: &Path, ledger: &Path) -> Result<(), Error> {
    match reserved(path, Some(ledger)) {
        Some(reserved) => Err(Error::Reserved {
            path: path.to_path_buf(),
            reserved,
        }),
        None => Ok(()),
    }
}

/// Returns the folder of a path.
pub(crate) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Hands a result out: to the file that was named, or to standard output, in a pager if it is longer
/// than the screen.
pub(crate) fn emit(
    target: &Target,
    mut spool: SpooledTempFile,
    pager: Option<&Pager>,
) -> Result<(), Error> {
    match &target.file {
        None => to_stdout(spool, pager).map_err(|source| Error::Failed {
            what: "to standard output".to_owned(),
            source,
        }),
        Some(path) => write_file(target, path, &mut spool),
    }
}

fn to_stdout(spool: SpooledTempFile, pager: Option<&Pager>) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match spool.into_inner() {
        SpooledData::InMemory(bytes) => {
            let text = bytes.get_ref();
            if let Some(pager) = pager
                && pager.show(text)?
            {
                return Ok(());
            }
            stdout.write_all(text)?;
        }
        SpooledData::OnDisk(mut file) => {
            file.seek(SeekFrom::Start(0))?;
            io::copy(&mut file, &mut stdout)?;
        }
    }
    stdout.flush()
}

/// Writes a complete file: under another name in the same folder, synced, then renamed. A link under
/// its name is replaced and never followed. What runs that were killed left behind in the folder is
/// removed.
fn write_file(target: &Target, path: &Path, spool: &mut SpooledTempFile) -> Result<(), Error> {
    match check(target) {
        // The same command with the same key finds its first result.
        Err(Error::Exists { .. }) if target.key.is_some() && holds(path, spool)? => {
            return Ok(());
        }
        checked => checked?,
    }
    let failed = |source| Error::Failed {
        what: format!("`{}`", path.display()),
        source,
    };
    sweep(folder(path));
    let mut file = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempfile_in(folder(path))
        .map_err(failed)?;
    spool
        .seek(SeekFrom::Start(0))
        .and_then(|_| io::copy(spool, &mut file))
        .map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    let renamed = match target.overwrite {
        Overwrite::Allow => file.persist(path),
        Overwrite::Refuse => file.persist_noclobber(path),
    };
    renamed.map_err(|refused| {
        if refused.error.kind() == io::ErrorKind::AlreadyExists {
            Error::Exists {
                path: path.to_path_buf(),
            }
        } else {
            failed(refused.error)
        }
    })?;
    sync_folder(path)
}

/// Checks whether a file is this result, to the last byte.
fn holds(path: &Path, spool: &mut SpooledTempFile) -> Result<bool, Error> {
    let failed = |source| Error::Failed {
        what: format!("`{}`", path.display()),
        source,
    };
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    let length = spool.seek(SeekFrom::End(0)).map_err(failed)?;
    if !is_file || std::fs::metadata(path).map_err(failed)?.len() != length {
        return Ok(false);
    }
    spool.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut existing = io::BufReader::new(File::open(path).map_err(failed)?).bytes();
    for byte in io::BufReader::new(spool).bytes() {
        if existing.next().transpose().map_err(failed)? != Some(byte.map_err(failed)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes the name of a finished output durable.
pub(crate) fn sync_folder(of: &Path) -> Result<(), Error> {
    let synced = File::open(folder(of)).and_then(|folder| folder.sync_all());
    synced.map_err(|source| Error::Unsynced {
        path: of.to_path_buf(),
        source,
    })
}

/// Reads an input file completely; `-` is standard input. A pipe is read to its end, up to a limit.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let read = if path == Path::new("-") {
        bounded(&mut io::stdin().lock())
    } else {
        open(path).and_then(|mut file| bounded(&mut file))
    };
    read.map_err(|why| Error::Input {
        path: path.to_path_buf(),
        why,
    })
}

/// Opens an input file. A device has no end or no content, unless it is a terminal, where people
/// write.
fn open(path: &Path) -> io::Result<File> {
    let found = std::fs::metadata(path)?;
    let device = found.file_type().is_char_device() || found.file_type().is_block_device();
    if found.is_file() && found.len() > MOST_INPUT {
        return Err(io::Error::other(TOO_LARGE));
    }
    let file = File::open(path)?;
    if device && !file.is_terminal() {
        return Err(io::Error::other("it is a device, not a file"));
    }
    Ok(file)
}

fn bounded(source: &mut dyn io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than may be shows that there is more.
    source.take(MOST_INPUT + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_INPUT) {
        Ok(bytes)
    } else {
        Err(io::Error::other(TOO_LARGE))
    }
}

/// Quotes a file's name for a shell, if it needs quotes.
pub(crate) fn quoted(name: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || "-._/+:@%".contains(sign);
    if name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}
