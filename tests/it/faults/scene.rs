//! A command on its ledger, which is put back as it was before each run, and what the folder holds
//! afterwards.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use prorata::{
    ops,
    store::{self, Access, Ledger},
};
use prorata_faults::{Call, VARIABLE, read_record};
use regex::Regex;
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use tempfile::TempDir;

use super::commands::WriteCommand;
use crate::support::{Desk, Ran};

pub(super) const LEDGER: &str = "prorata.db";

/// The content of a folder, in a form that is the same after two runs of one command: every table of
/// a ledger with its ids and hashes numbered, and the bytes of other files.
pub(super) type State = BTreeMap<String, String>;

/// The files of a folder.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A command, its ledger, and what it does when nothing goes wrong.
pub(super) struct Scene {
    pub(super) writing: &'static WriteCommand,
    desk: Desk,
    folder: TempDir,
    pub(super) files: Files,
    pub(super) before: State,
    pub(super) after: State,
    /// What the command asked of the disk.
    pub(super) calls: Vec<Call>,
}

impl Scene {
    /// Sets the scene, and runs the command once as it should go.
    pub(super) fn of(writing: &'static WriteCommand) -> Self {
        let desk = writing.desk();
        let files = read(desk.path());
        let mut scene = Self {
            writing,
            files,
            folder: folder(),
            before: State::new(),
            after: State::new(),
            calls: Vec::new(),
            desk,
        };
        scene.restore();
        scene.before = scene.state();
        let record = scene.desk.path().join("record");
        let ran = scene.run(&format!("record {}", record.display()));
        assert_eq!(ran.code, writing.ends, "`{}`: {}", writing.line, ran.stderr);
        scene.calls = read_record(&mut fs::read(&record).unwrap().as_slice()).unwrap();
        scene.after = scene.state();
        assert_ne!(
            scene.before, scene.after,
            "`{}` changes something",
            writing.line
        );
        scene
    }

    /// Puts the folder back as it was.
    pub(super) fn restore(&self) {
        self.put(&self.files);
    }

    /// Makes the folder hold these files and no others.
    pub(super) fn put(&self, files: &Files) {
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }
        for (name, bytes) in files {
            let path = self.folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }

    /// Makes the command, with its key where it takes one.
    pub(super) fn command(&self) -> Command {
        let key = if self.writing.keyed {
            " --key the-key"
        } else {
            ""
        };
        let line = format!("{}{key}", self.writing.line);
        let mut command = self.desk.command(line.split_whitespace());
        // A payment file has the same references each time.
        command
            .current_dir(self.folder.path())
            .env("PRORATA_TEST_RANDOM", "7");
        command
    }

    /// Runs the command with a fault.
    pub(super) fn run(&self, fault: &str) -> Ran {
        self.ran(self.command().env(VARIABLE, fault))
    }

    /// Runs the command as it was prepared.
    pub(super) fn ran(&self, command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        if self.writing.line.contains("--show-pii") {
            Ran::unwatched(output)
        } else {
            Ran::of(output)
        }
    }

    /// Returns the folder in which the command runs.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Asserts that the ledger is whole: every check passes. What was left half done is undone by
    /// looking.
    #[track_caller]
    pub(super) fn whole(&self, when: &str) {
        let path = self.folder.path().join(LEDGER);
        if !path.exists() {
            assert!(
                !self.files.contains_key(LEDGER),
                "{when}: the ledger is gone"
            );
            return;
        }
        let mut ledger = match Ledger::open(&path, Access::Write, Duration::from_secs(1)) {
            Ok(ledger) => ledger,
            Err(store::Error::Older { .. }) => return,
            Err(store::Error::Newer { .. }) => return self.whole_in_next_version(when),
            Err(error) => panic!("{when}: {error}"),
        };
        let checks = ops::ledger::check(&mut ledger, crate::support::after_all())
            .unwrap_or_else(|error| panic!("{when}: {error}"));
        let found: Vec<_> = checks.iter().flat_map(|check| &check.findings).collect();
        assert!(checks.len() > 5 && found.is_empty(), "{when}: {found:?}");
    }

    /// Asserts that a ledger of the made-up next version is whole: only the program of the test
    /// knows that version.
    #[track_caller]
    fn whole_in_next_version(&self, when: &str) {
        let mut command = self.desk.command(["check", "--format", "json"]);
        let ran = Ran::of(command.current_dir(self.folder.path()).output().unwrap());
        if ran.stderr.contains("ledger.older") {
            // Looking has undone a migration that was left half done.
            return self.whole(when);
        }
        assert_eq!(ran.code, 0, "{when}: {}{}", ran.stdout, ran.stderr);
    }

    /// Reads the content of the folder, without unfinished files under names of their own.
    pub(super) fn state(&self) -> State {
        let mut state = State::new();
        for (name, bytes) in read(self.folder.path()) {
            if name.starts_with(".prorata-") || name.ends_with("-journal") {
                continue;
            }
            let content = if bytes.starts_with(b"SQLite format 3\0") {
                books(&self.folder.path().join(&name))
            } else {
                String::from_utf8_lossy(&bytes).into_owned()
            };
            state.insert(name, content);
        }
        state
    }

    /// Asserts that the command, run again as it was, ends with its effect exactly once.
    #[track_caller]
    pub(super) fn again(&self, when: &str) {
        let ran = self.ran(&mut self.command());
        assert_eq!(
            ran.code, self.writing.ends,
            "{when}, then again: {}",
            ran.stderr
        );
        self.whole(when);
        let state = self.state();
        assert!(
            self.is_after(&state),
            "{when}, then again: {}",
            difference(&state, &self.after)
        );
    }

    /// Asserts that all or nothing of the effect is there; answers whether it is.
    #[track_caller]
    pub(super) fn all_or_nothing(&self, when: &str) -> bool {
        self.whole(when);
        let state = self.state();
        self.each_as_before_or_after(&state, when);
        self.is_after(&state)
    }

    /// Asserts that each file is as before or as after: a ledger and a copy of it are two files,
    /// and each is complete or missing.
    #[track_caller]
    pub(super) fn each_as_before_or_after(&self, state: &State, when: &str) {
        for name in state.keys().chain(self.before.keys()) {
            let found = state.get(name);
            let fits = found == self.before.get(name) || found == self.after.get(name);
            assert!(
                fits,
                "{when}: half done: {}",
                difference(state, &self.after)
            );
        }
    }

    /// Returns whether the effect is there. If the ledger only notes what was done, the files decide.
    fn is_after(&self, state: &State) -> bool {
        let counts = |name: &&String| !self.writing.aside || name.as_str() != LEDGER;
        state
            .keys()
            .chain(self.after.keys())
            .filter(counts)
            .all(|name| state.get(name) == self.after.get(name))
    }

    /// Returns whether more changes than a note on the side.
    pub(super) fn has_effect(&self) -> bool {
        !self.is_after(&self.before)
    }
}

/// Makes a folder in memory, where the system has a place for that: a sync costs nothing there.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place: PathBuf = if memory.is_dir() {
        memory.to_path_buf()
    } else {
        std::env::temp_dir()
    };
    tempfile::Builder::new()
        .prefix("prorata-test-")
        .tempdir_in(place)
        .unwrap()
}

/// Reads the files of a folder.
fn read(folder: &Path) -> Files {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file());
    entries
        .map(|path| {
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                fs::read(&path).unwrap(),
            )
        })
        .collect()
}

/// Shows the first line in which two states differ.
pub(super) fn difference(found: &State, wanted: &State) -> String {
    for name in found.keys().chain(wanted.keys()) {
        let (Some(found), Some(wanted)) = (found.get(name), wanted.get(name)) else {
            return format!("`{name}` is on one side only");
        };
        let pair = found
            .lines()
            .zip(wanted.lines())
            .find(|(found, wanted)| found != wanted);
        if found != wanted {
            return format!(
                "`{name}`: {pair:?}, {} and {} lines",
                found.lines().count(),
                wanted.lines().count()
            );
        }
    }
    "no difference".to_owned()
}

/// Returns every row of every table of a ledger. Ids are numbered in their order and hashes are left
/// out, since both are new in each run.
pub(super) fn books(path: &Path) -> String {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let tables: Vec<String> = {
        let mut statement = conn
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let mut text = String::new();
    for table in tables {
        let mut statement = conn
            .prepare(&format!("SELECT * FROM {table} ORDER BY rowid"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
            });
            writeln!(text, "{table}: {}", cells.collect::<Vec<_>>().join(" | ")).unwrap();
        }
    }
    numbered(&text)
}

fn numbered(text: &str) -> String {
    let hashes = Regex::new(r"\b[0-9a-f]{64}\b").unwrap();
    let ids = Regex::new(
        r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{24,32}\b",
    )
    .unwrap();
    let mut met: HashMap<String, usize> = HashMap::new();
    let text = hashes.replace_all(text, "[hash]").into_owned();
    let number = |found: &regex::Captures<'_>| {
        let next = met.len() + 1;
        format!("[id {}]", met.entry(found[0].to_owned()).or_insert(next))
    };
    ids.replace_all(&text, number).into_owned()
}
