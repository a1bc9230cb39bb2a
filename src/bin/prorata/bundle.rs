//! A folder of results that is complete or does not exist: it is made under another name and
//! renamed.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use prorata::{
    domain::hash::hex,
    store::{TEMPORARY, sweep},
};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::output::{Error, Overwrite, folder, not_reserved, sync_folder};

/// The file that names the others with their hashes, as `sha256sum -c` reads it.
const SUMS: &str = "SHA256SUMS";

/// A folder that is being made.
pub(crate) struct Bundle {
    made: TempDir,
    target: PathBuf,
}

/// What had the name of a folder before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Replaced {
    /// Nothing, or an empty folder.
    Nothing,
    /// The same files, which are kept.
    Same,
    /// Another folder, which has this name now.
    Other(PathBuf),
}

impl Bundle {
    /// Begins a folder next to its target.
    pub(crate) fn begin(target: &Path, ledger: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Failed {
            what: format!("`{}`", target.display()),
            source,
        };
        // Without the slash at the end that shells complete: it would name what is *in* the folder.
        let target = &target.components().collect::<PathBuf>();
        if target.file_name().is_none() {
            return Err(failed(io::Error::other(
                "a folder that is to be made needs a name",
            )));
        }
        not_reserved(target, ledger)?;
        let parent = folder(target);
        if !parent.is_dir() {
            return Err(failed(io::Error::other("there is no such folder")));
        }
        if fs::symlink_metadata(target).is_ok_and(|found| !found.is_dir()) {
            return Err(failed(io::Error::other("it is not a folder")));
        }
        sweep(parent);
        let made = tempfile::Builder::new()
            .prefix(TEMPORARY)
            .tempdir_in(parent)
            .map_err(failed)?;
        Ok(Self {
            made,
            target: target.clone(),
        })
    }

    /// Makes a file in it.
    pub(crate) fn file(&self, name: &str) -> Result<File, Error> {
        let path = self.made.path().join(name);
        File::create_new(&path).map_err(|source| self.failed(source))
    }

    /// Writes the hashes of all files and gives the folder its name. An empty folder makes room for
    /// it. A folder with other files is refused or, if it may be overwritten, renamed.
    pub(crate) fn finish(self, overwrite: Overwrite) -> Result<Replaced, Error> {
        self.seal().map_err(|source| self.failed(source))?;
        let Self { made, target } = self;
        let failed = |source| Error::Failed {
            what: format!("`{}`", target.display()),
            source,
        };
        let differs = || Error::FolderDiffers {
            path: target.clone(),
        };
        let mut replaced = Replaced::Nothing;
        let existing = if fs::symlink_metadata(&target).is_ok() {
            hashes(&target).map_err(failed)?
        } else {
            BTreeMap::new()
        };
        if !existing.is_empty() {
            if hashes(made.path()).map_err(failed)? == existing {
                return Ok(Replaced::Same);
            }
            if overwrite == Overwrite::Refuse {
                return Err(differs());
            }
            let aside = aside(&target);
            fs::rename(&target, &aside).map_err(failed)?;
            replaced = Replaced::Other(aside);
        }
        let renamed = fs::rename(made.path(), &target);
        if let (Err(_), Replaced::Other(aside)) = (&renamed, &replaced) {
            // Back to its name, if that is possible at all: the first error is the one to report.
            let _ = fs::rename(aside, &target);
        }
        renamed.map_err(|error| {
            let exists = matches!(
                error.kind(),
                io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists
            );
            if exists { differs() } else { failed(error) }
        })?;
        let _ = made.keep();
        sync_folder(&target)?;
        Ok(replaced)
    }

    /// Writes the hashes and brings everything to the disk.
    fn seal(&self) -> io::Result<()> {
        let path = self.made.path();
        let hashes = hashes(path)?;
        let mut sums = File::create_new(path.join(SUMS))?;
        hashes
            .into_iter()
            .try_for_each(|(name, hash)| writeln!(sums, "{hash}  {name}"))?;
        for entry in fs::read_dir(path)? {
            File::open(entry?.path())?.sync_all()?;
        }
        File::open(path)?.sync_all()
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Failed {
            what: format!("`{}`", self.target.display()),
            source,
        }
    }
}

/// Hashes the files of a folder, by name. What is not a file has no hash, and so is never the same.
fn hashes(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let hash = if entry.file_type()?.is_file() {
            hash(File::open(entry.path())?)?
        } else {
            String::new()
        };
        hashes.insert(name, hash);
    }
    Ok(hashes)
}

fn hash(mut file: File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut part = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut part)?;
        match part.get(..read) {
            Some(bytes) if read > 0 => hasher.update(bytes),
            Some(_) | None => return Ok(hex(&hasher.finalize())),
        }
    }
}

/// Finds the first free name for the folder that is replaced: `2026-06.1`, `2026-06.2` …
fn aside(target: &Path) -> PathBuf {
    let mut number = 1_u64;
    loop {
        let mut path = target.as_os_str().to_owned();
        path.push(format!(".{number}"));
        let path = PathBuf::from(path);
        if fs::symlink_metadata(&path).is_err() {
            return path;
        }
        number += 1;
    }
}
