//! The process is killed: in place of each of its calls to the disk, and at any time. All of its
//! effect is there or none, and its key does it once.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng},
};
use prorata_faults::{Call, Kind};

use super::{
    commands::{WriteCommand, about, read_desk},
    scene::Scene,
};
use crate::figures::{figure, long, sized};

/// What became of the runs of a suite.
#[derive(Default)]
struct Kills {
    /// How many there were.
    all: usize,
    /// How many came after the commit.
    done: usize,
}

/// Chooses the calls at which a command is killed, counted from 1: in the long version all of them.
/// What a kill leaves behind is what the calls before it changed, so the short one takes those
/// around which the outcome turns, and some of the others.
fn chosen(calls: &[Call]) -> Vec<usize> {
    let turns = |kind| matches!(kind, Kind::Sync | Kind::Delete | Kind::Truncate);
    let near = |at: usize| {
        [Some(at), at.checked_sub(1)]
            .into_iter()
            .flatten()
            .any(|at| turns(calls[at].kind))
    };
    let all = 0..calls.len();
    all.filter(|at| long() || near(*at) || at % 29 == 0 || at + 1 == calls.len())
        .map(|at| at + 1)
        .collect()
}

fn killed_at_calls(writing: &'static WriteCommand, kills: &mut Kills) {
    let scene = Scene::of(writing);
    for number in chosen(&scene.calls) {
        let when = format!(
            "`{}` killed in place of call {number}, {:?}",
            writing.line,
            scene.calls[number - 1].kind
        );
        scene.restore();
        let ran = scene.run(&format!("kill {number}"));
        assert_eq!(ran.code, -1, "{when}: {}", ran.stderr);
        kills.all += 1;
        kills.done += usize::from(scene.all_or_nothing(&when));
        scene.again(&when);
    }
}

#[test]
fn a_command_that_is_killed_at_any_call_is_done_or_not_done_and_its_key_does_it_once() {
    let mut kills = Kills::default();
    for writing in about() {
        killed_at_calls(writing, &mut kills);
    }
    let Kills { all, done } = kills;
    assert!(
        done > about().len() / 2 && done < all / 2,
        "some are killed before the commit and some after: {done} of {all}"
    );
    figure(
        "kill",
        &format!(
            "{} commands killed in place of {all} calls, {done} of them after the commit",
            about().len()
        ),
    );
}

/// Starts a command as it is, and kills it after some time.
fn killed_after(command: &mut Command, delay: Duration) {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while since.elapsed() < delay && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_command_that_is_killed_at_any_time_is_done_or_not_done_and_its_key_does_it_once() {
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut kills = Kills::default();
    for writing in about() {
        let scene = Scene::of(writing);
        // The longest delay is what the command takes on this machine, so that the kills fall
        // within it and after it.
        let began = Instant::now();
        scene.restore();
        assert_eq!(
            scene.command().output().unwrap().status.code(),
            Some(writing.ends)
        );
        let whole = began.elapsed();
        for _ in 0..sized(1, 40) {
            let delay = whole.mul_f64(f64::from(random.next_u32()) / f64::from(u32::MAX));
            let when = format!("`{}` killed after {delay:?} of {whole:?}", writing.line);
            scene.restore();
            killed_after(&mut scene.command(), delay);
            kills.all += 1;
            kills.done += usize::from(scene.all_or_nothing(&when));
            scene.again(&when);
        }
    }
    figure(
        "kill-random",
        &format!(
            "{} kills at random times, {} of them after the commit",
            kills.all, kills.done
        ),
    );
}

/// Reads a result, whether it is a file or a folder of files; `None` if it does not exist.
fn result(path: &Path) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
    if path.is_file() {
        return Some(BTreeMap::from([(PathBuf::new(), fs::read(path).unwrap())]));
    }
    let entries = fs::read_dir(path).ok()?.map(|entry| entry.unwrap().path());
    Some(
        entries
            .map(|path| (path.file_name().unwrap().into(), fs::read(&path).unwrap()))
            .collect(),
    )
}

#[test]
fn a_result_file_or_folder_is_complete_or_not_there_at_all_wherever_its_command_is_killed() {
    let desk = read_desk();
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (mut there, mut missing) = (0, 0);
    for target in ["june", "balances.xlsx", "dashboard.html", "holders.csv"] {
        let line = match target {
            "june" => "report month-end 2026-06",
            "balances.xlsx" => "report balances",
            "dashboard.html" => "report dashboard",
            _ => "holder list",
        };
        let (line, path) = (format!("{line} -o {target}"), desk.path().join(target));
        let began = Instant::now();
        desk.ok(&line);
        let (duration, whole) = (began.elapsed(), result(&path));
        for _ in 0..sized(8, 200) {
            drop(fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)));
            let delay = duration.mul_f64(f64::from(random.next_u32()) / f64::from(u32::MAX));
            killed_after(&mut desk.command(line.split(' ')), delay);
            let found = result(&path);
            there += usize::from(found.is_some());
            missing += usize::from(found.is_none());
            assert!(
                found.is_none() || found == whole,
                "`{line}` killed after {delay:?}: a part of it is there"
            );
        }
    }
    figure(
        "kill-results",
        &format!(
            "{} kills of commands that write result files: {there} complete, {missing} not there",
            there + missing
        ),
    );
}
