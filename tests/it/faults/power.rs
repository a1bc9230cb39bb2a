//! The power fails after each of a command's calls to the disk. What was not synced is on the disk,
//! or not, or in part: every state that can be is made from the record of the calls, and each is
//! whole; what was acknowledged is there in all of them.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use prorata_faults::{Call, Kind};

use super::{
    commands::{WriteCommand, about},
    scene::{Files, LEDGER, Scene},
};
use crate::figures::{figure, long};

/// A sector: a disk writes it completely or not at all.
const SECTOR: usize = 512;

/// What became of the changes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// All of them are on the disk.
    Applied,
    /// None is.
    Dropped,
    /// All but the last, of which half the sectors are.
    Torn,
    /// Only the last is.
    OnlyLast,
    /// Every other one is.
    EveryOther,
}

const FATES: [Fate; 5] = [
    Fate::Applied,
    Fate::Dropped,
    Fate::Torn,
    Fate::OnlyLast,
    Fate::EveryOther,
];

/// A file on a disk that forgets.
#[derive(Default)]
struct DiskFile {
    /// The content that is certain; `None` if the file itself may be gone.
    synced: Option<Vec<u8>>,
    /// What was asked for since.
    pending: Vec<Call>,
}

/// The files on such a disk.
#[derive(Default)]
struct Disk(BTreeMap<String, DiskFile>);

impl Disk {
    fn of(files: &Files) -> Self {
        let synced = |bytes: &Vec<u8>| DiskFile {
            synced: Some(bytes.clone()),
            pending: Vec::new(),
        };
        Self(
            files
                .iter()
                .map(|(name, bytes)| (name.clone(), synced(bytes)))
                .collect(),
        )
    }

    /// Takes the next call. SQLite's layer syncs the folder of a new journal with the journal.
    fn take(&mut self, call: &Call) {
        match call.kind {
            Kind::Write | Kind::Truncate => self
                .0
                .entry(call.file.clone())
                .or_default()
                .pending
                .push(call.clone()),
            Kind::Sync => {
                let file = self.0.entry(call.file.clone()).or_default();
                file.synced = file.after(Fate::Applied).or(Some(Vec::new()));
                file.pending.clear();
            }
            Kind::Delete => {
                // That of a copy belongs to a name that the copy does not keep.
                let passing = call.file.starts_with(".prorata-");
                assert!(
                    call.at == 1 || passing,
                    "a journal whose deletion is not synced could come back"
                );
                self.0.remove(&call.file);
            }
            Kind::Open
            | Kind::Close
            | Kind::Read
            | Kind::Size
            | Kind::Lock
            | Kind::Unlock
            | Kind::Reserved
            | Kind::Access => {}
        }
    }

    /// Returns what is found after a power cut. Journal and database are written by different parts
    /// of the disk.
    fn after(&self, journals: Fate, others: Fate) -> Files {
        let fate = |name: &str| {
            if name.ends_with("-journal") {
                journals
            } else {
                others
            }
        };
        let found = self
            .0
            .iter()
            .filter_map(|(name, file)| Some((name.clone(), file.after(fate(name))?)));
        found.collect()
    }
}

impl DiskFile {
    fn after(&self, fate: Fate) -> Option<Vec<u8>> {
        let last = self.pending.len().checked_sub(1);
        let kept = self
            .pending
            .iter()
            .enumerate()
            .filter(|(at, _)| match fate {
                Fate::Applied | Fate::Torn => true,
                Fate::Dropped => false,
                Fate::OnlyLast => Some(*at) == last,
                Fate::EveryOther => at % 2 == 1,
            });
        let kept: Vec<(usize, &Call)> = kept.collect();
        if kept.is_empty() {
            return self.synced.clone();
        }
        let mut bytes = self.synced.clone().unwrap_or_default();
        for (at, call) in kept {
            let whole = call.bytes.len();
            let written = if fate == Fate::Torn && Some(at) == last {
                whole / 2 / SECTOR * SECTOR
            } else {
                whole
            };
            change(&mut bytes, call, written);
        }
        Some(bytes)
    }
}

/// Makes a change, or the first part of it.
fn change(bytes: &mut Vec<u8>, call: &Call, written: usize) {
    let at = usize::try_from(call.at).unwrap();
    if call.kind == Kind::Truncate {
        bytes.resize(at, 0);
        return;
    }
    let end = at + written;
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[at..end].copy_from_slice(&call.bytes[..written]);
}

fn hash(files: &Files) -> u64 {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    hasher.finish()
}

/// What was looked at.
#[derive(Default)]
struct Cuts {
    prefixes: usize,
    states: usize,
    done: usize,
}

/// Asserts that what a power cut leaves is all or nothing.
fn found(scene: &Scene, files: &Files, acknowledged: bool, when: &str) -> bool {
    scene.put(files);
    if files.contains_key(LEDGER) {
        scene.whole(when);
    }
    let mut state = scene.state();
    // A file takes its final name by a renaming, which SQLite's layer does not see.
    for (name, content) in &scene.before {
        state.entry(name.clone()).or_insert_with(|| content.clone());
    }
    scene.each_as_before_or_after(&state, when);
    let done = state.get(LEDGER) == scene.after.get(LEDGER);
    assert!(
        done || !acknowledged || !scene.files.contains_key(LEDGER),
        "{when}: what was acknowledged is gone"
    );
    done
}

/// Chooses the calls after which the power fails: in the long version all that change the disk,
/// in the short one those around a sync or a deletion, where the outcome turns, and some of the
/// others.
fn is_chosen(calls: &[Call], at: usize) -> bool {
    let turns = |at: usize| {
        calls
            .get(at)
            .is_some_and(|call| matches!(call.kind, Kind::Sync | Kind::Delete))
    };
    calls[at].kind.changes() && (long() || turns(at) || turns(at + 1) || at.is_multiple_of(5))
}

fn cut(writing: &'static WriteCommand, cuts: &mut Cuts) {
    let scene = Scene::of(writing);
    let mut disk = Disk::of(&scene.files);
    let mut seen = HashSet::new();
    for (at, call) in scene.calls.iter().enumerate() {
        disk.take(call);
        let acknowledged = at + 1 == scene.calls.len();
        if !acknowledged && !is_chosen(&scene.calls, at) {
            continue;
        }
        cuts.prefixes += 1;
        for journals in FATES {
            for others in FATES
                .into_iter()
                .filter(|others| long() || *others == journals)
            {
                let files = disk.after(journals, others);
                if !seen.insert((hash(&files), acknowledged)) {
                    continue;
                }
                let when = format!(
                    "`{}`, power cut after call {}, {journals:?} and {others:?}",
                    writing.line,
                    at + 1
                );
                cuts.states += 1;
                cuts.done += usize::from(found(&scene, &files, acknowledged, &when));
            }
        }
    }
    assert!(
        disk.0.values().all(|file| file.pending.is_empty()),
        "`{}` ends with all of it synced",
        writing.line
    );
    renamed(&scene, &disk);
}

/// Asserts that what was made under another name is complete before it takes its own.
fn renamed(scene: &Scene, disk: &Disk) {
    let made: Vec<&DiskFile> = disk
        .0
        .iter()
        .filter(|(name, _)| name.starts_with(".prorata-"))
        .map(|(_, file)| file)
        .collect();
    let new: Vec<&String> = scene
        .after
        .keys()
        .filter(|name| !scene.before.contains_key(*name))
        .collect();
    let made_by_sqlite = new
        .iter()
        .filter(|name| scene.after[**name].contains("ledger: "))
        .count();
    assert_eq!(
        made.len(),
        made_by_sqlite,
        "`{}`: {new:?}",
        scene.writing.line
    );
    for file in made {
        let files = Files::from([(new[0].clone(), file.after(Fate::Dropped).unwrap())]);
        scene.put(&files);
        assert!(
            scene.state()[new[0]] == scene.after[new[0]],
            "`{}`: the synced file is complete",
            scene.writing.line
        );
    }
}

#[test]
fn after_a_power_cut_at_any_call_an_acknowledged_effect_is_there_and_no_half_one() {
    let mut cuts = Cuts::default();
    for writing in about() {
        cut(writing, &mut cuts);
    }
    let Cuts {
        prefixes,
        states,
        done,
    } = cuts;
    assert!(
        done > about().len() && done < states / 2,
        "some states are before and some after: {done} of {states}"
    );
    figure(
        "power",
        &format!(
            "{states} states of the disk after {prefixes} calls of {} commands, each whole",
            about().len()
        ),
    );
}
