//! A call to the disk fails, once or from then on: the exit code is true, and nothing is lost
//! afterwards.

use std::collections::BTreeMap;

use prorata_faults::Kind;

use super::{
    commands::{WriteCommand, about},
    scene::Scene,
};
use crate::{
    figures::{figure, long},
    support::Ran,
};

/// What fails, and the calls among which it is counted.
const FAULTS: [(&str, Kind); 7] = [
    ("read", Kind::Read),
    ("write", Kind::Write),
    ("full", Kind::Write),
    ("sync", Kind::Sync),
    ("truncate", Kind::Truncate),
    ("delete", Kind::Delete),
    ("folder", Kind::Delete),
];

/// How often each exit code was seen.
type Codes = BTreeMap<i32, usize>;

/// Chooses which of so many calls fails: in the long version each in its turn, in the short one
/// those at both ends, and some.
fn chosen(count: usize) -> Vec<usize> {
    let step = if long() { 1 } else { 30 };
    (1..=count)
        .filter(|number| (number - 1) % step == 0 || *number == count || number + 1 == count)
        .collect()
}

fn failing(writing: &'static WriteCommand, codes: &mut Codes) {
    let scene = Scene::of(writing);
    for (fault, kind) in FAULTS {
        let count = scene
            .calls
            .iter()
            .filter(|call| call.kind == kind && (fault != "folder" || call.at == 1))
            .count();
        for number in chosen(count) {
            // The short version takes them by turns.
            let all = ["once", "on"].into_iter().enumerate();
            let turn = codes.values().sum::<usize>() % 2;
            let some = all.filter(|(at, _)| long() || *at == turn);
            let some: Vec<&str> = some.map(|(_, lasting)| lasting).collect();
            for lasting in some {
                let when = format!(
                    "`{}`, {fault} {number} of {count} fails {lasting}",
                    writing.line
                );
                scene.restore();
                let ran = scene.run(&format!("fail {fault} {number} {lasting}"));
                *codes.entry(ran.code).or_default() += 1;
                truthful(&scene, &ran, &when);
                scene.again(&when);
            }
        }
    }
}

/// Asserts that the exit code says what was done: 0 done, 4 not done, 6 not known.
#[track_caller]
pub(super) fn truthful(scene: &Scene, ran: &Ran, when: &str) {
    let done = scene.all_or_nothing(when);
    let WriteCommand { ends, aside, .. } = scene.writing;
    match ran.code {
        code if code == *ends => assert!(
            done,
            "{when}: exit {code}, and it is not done: {}",
            ran.stderr
        ),
        4 => {
            assert!(
                !done || !scene.has_effect(),
                "{when}: exit 4, and it is done: {}",
                ran.stderr
            );
            assert!(
                *aside || ran.stderr.contains("nothing was written"),
                "{when}: {}",
                ran.stderr
            );
        }
        6 => {
            assert!(
                ran.stderr.contains("is not known"),
                "{when}: {}",
                ran.stderr
            );
            assert!(
                *aside || ran.stderr.contains("hint: "),
                "{when}: {}",
                ran.stderr
            );
        }
        code => panic!("{when}: exit {code}: {}", ran.stderr),
    }
    // A list whose disclosure cannot be recorded is printed masked, with a warning.
    let count = |words: &str| ran.stderr.matches(words).count();
    let (errors, masked) = (
        count("error: "),
        count("warning: account numbers stay masked"),
    );
    let told = if ran.code == *ends {
        errors + masked == 0
    } else {
        errors == 1 || (*aside && errors == 0 && masked == 1)
    };
    assert!(told, "{when}: {}", ran.stderr);
}

#[test]
fn a_disk_that_fails_at_any_call_loses_nothing_and_the_exit_code_is_true() {
    let mut codes = Codes::new();
    for writing in about() {
        failing(writing, &mut codes);
    }
    let all: usize = codes.values().sum();
    let of = |code| codes.get(&code).copied().unwrap_or_default();
    assert!(
        of(0) > 0 && of(4) > 0 && of(6) > 0,
        "each outcome was seen: {codes:?}"
    );
    figure(
        "disk",
        &format!(
            "{all} failing calls in {} commands: {} done, {} not done, {} unknown",
            about().len(),
            of(0) + of(3),
            of(4),
            of(6)
        ),
    );
}
