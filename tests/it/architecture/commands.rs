//! The command line is the path: every leaf command has its file and a test that runs it, every
//! error code a test.

use std::collections::BTreeSet;

use super::source::{package, sources, under};
use crate::support::Desk;

/// Reads the names under `Commands:` of a help text.
fn commands(desk: &Desk, line: &str) -> Vec<String> {
    let help = desk.ok(&format!("{line} --help")).stdout;
    let listed = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "));
    let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    listed
        .filter(|line| !line.starts_with("   "))
        .map(first)
        .collect()
}

/// Walks the command tree and returns every command that has none below it.
pub(crate) fn leaves() -> Vec<Vec<String>> {
    let desk = Desk::empty();
    let mut leaves = Vec::new();
    let mut open: Vec<Vec<String>> = commands(&desk, "")
        .into_iter()
        .map(|noun| vec![noun])
        .collect();
    while let Some(path) = open.pop() {
        let below = commands(&desk, &path.join(" "));
        if below.is_empty() {
            leaves.push(path);
        } else {
            open.extend(
                below
                    .into_iter()
                    .map(|verb| [path.clone(), vec![verb]].concat()),
            );
        }
    }
    leaves.sort();
    assert!(
        leaves.len() > 30,
        "the command tree was not walked: {leaves:?}"
    );
    leaves
}

/// Returns the file of a command: its words, one folder each. A module's name has no hyphen.
fn file_of(leaf: &[String]) -> String {
    format!("src/bin/prorata/{}.rs", leaf.join("/").replace('-', "_"))
}

#[test]
fn every_command_has_its_file() {
    let mut missing = Vec::new();
    for leaf in leaves() {
        let path = file_of(leaf.as_slice());
        if !package().join(&path).is_file() {
            missing.push(path);
        }
    }
    assert!(missing.is_empty(), "no such file: {missing:?}");
}

#[test]
fn every_file_of_a_verb_is_a_command() {
    let known: BTreeSet<String> = leaves().iter().map(|leaf| file_of(leaf)).collect();
    // A folder is a noun, but for the flags that commands share.
    let verbs = sources()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| {
            path.strip_prefix("src/bin/prorata/").is_some_and(|path| {
                path.contains('/') && !path.ends_with("/mod.rs") && !path.starts_with("flags/")
            })
        });
    let strange: Vec<String> = verbs.filter(|path| !known.contains(path)).collect();
    assert!(
        strange.is_empty(),
        "no command is run from these: {strange:?}"
    );
}

#[test]
fn every_command_is_run_by_a_test() {
    let tests: String = under("tests/it")
        .into_iter()
        .map(|source| source.text)
        .collect();
    let runs = |words: &[String]| {
        let (line, list) = (words.join(" "), words.join("\", \""));
        [
            format!("\"{line} "),
            format!("\"{line}\""),
            format!("\"{list}\""),
        ]
        .iter()
        .any(|shape| tests.contains(shape.as_str()))
    };
    let untested: Vec<String> = leaves()
        .iter()
        .filter(|leaf| !runs(leaf))
        .map(|leaf| leaf.join(" "))
        .collect();
    assert!(untested.is_empty(), "no test runs: {untested:?}");
}
