//! Every flag that a help shows has its effect, and every other flag is refused by the parser.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    architecture::commands::leaves,
    faults::commands::{READING, WRITING, read_desk},
    support::{Desk, NOW, Ran, program},
};

/// The flags of kinds of commands, each with a value if it takes one.
const KINDS: [(&str, Option<&str>); 8] = [
    ("--format", Some("json")),
    ("--output", Some("result.json")),
    ("--force", None),
    ("--dry-run", None),
    ("--key", Some("the-key")),
    ("--yes", None),
    ("--as-of", Some("2026-01-31")),
    ("--show-pii", None),
];

/// What the help of a command says.
struct Help(String);

impl Help {
    fn of(desk: &Desk, command: &str) -> Self {
        Self(desk.ok(&format!("{command} --help")).stdout)
    }

    fn shows(&self, flag: &str) -> bool {
        self.0.lines().any(|line| {
            let mut words = line.split([' ', ',']).filter(|word| !word.is_empty());
            line.starts_with("  ") && words.any(|word| word == flag) && line.contains(" -")
        })
    }

    /// Checks whether the result is a report, in any format.
    fn is_report(&self) -> bool {
        self.shows("--format") && self.0.contains("- csv:")
    }

    /// Splits the first example as a shell does, without the program's name.
    fn example(&self) -> Vec<String> {
        let line = self
            .0
            .lines()
            .find_map(|line| line.strip_prefix("  prorata "))
            .unwrap_or_else(|| panic!("no example: {}", self.0));
        let pieces = line.split('\'').enumerate().map(|(at, piece)| {
            if at % 2 == 1 {
                piece.replace(' ', "\u{1}")
            } else {
                piece.to_owned()
            }
        });
        let line: String = pieces.collect();
        line.split(' ')
            .map(|word| word.replace('\u{1}', " "))
            .collect()
    }
}

fn given(flag: &str, value: Option<&str>) -> Vec<String> {
    [Some(flag), value]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect()
}

/// Runs a command line whose account numbers are not those of a ledger: the help shows them too.
fn run(desk: &Desk, words: &[String]) -> Ran {
    let mut command = Command::new(program());
    command
        .args(words)
        .current_dir(desk.path())
        .env_clear()
        .env("PRORATA_TEST_NOW", NOW)
        .stdin(Stdio::null());
    Ran::unwatched(command.output().unwrap())
}

#[test]
fn every_flag_that_no_help_shows_is_refused_before_and_after_the_verb() {
    for leaf in leaves() {
        let desk = Desk::empty();
        let help = Help::of(&desk, &leaf.join(" "));
        let example = help.example();
        for (flag, value) in KINDS {
            if example.iter().any(|word| word == flag) {
                continue;
            }
            let flags = given(flag, value);
            let unexpected = format!("unexpected argument '{flag}'");
            let after = run(&desk, &[example.clone(), flags.clone()].concat());
            let line = format!("{} {}", example.join(" "), flags.join(" "));
            if help.shows(flag) {
                assert!(!after.stderr.contains(&unexpected), "`{line}`: {after:?}");
                continue;
            }
            let before = run(&desk, &[flags, example.clone()].concat());
            for ran in [after, before] {
                assert_eq!(ran.code, 2, "`{line}`: {ran:?}");
                assert!(ran.stderr.contains(&unexpected), "`{line}`: {ran:?}");
            }
        }
    }
}

#[test]
fn a_flag_before_the_verb_is_the_flag_after_it() {
    let desk = Desk::with_event();
    let after = desk.ok("event list --as-of 2026-06-29 -f json").stdout;
    for line in [
        "-f json event list --as-of 2026-06-29",
        "--as-of 2026-06-29 event --format json list",
        "event --as-of 2026-06-29 -f json list",
    ] {
        assert_eq!(desk.ok(line).stdout, after, "`{line}`");
    }
    let ran = desk.run("-f csv export hledger");
    assert_eq!(ran.code, 2, "a journal is no CSV: {ran:?}");
}

/// Checks that `--output` writes what standard output shows, and overwrites with `--force` only.
fn output_is_heeded(desk: &Desk, line: &str, shown: &str) {
    let target = desk.path().join("result.json");
    let written = format!("{line} --output result.json");
    desk.ok(&written);
    assert_eq!(fs::read_to_string(&target).unwrap(), shown, "`{written}`");
    let again = desk.run(&written);
    assert!(
        again.code == 1 && again.stderr.contains("already exists"),
        "`{written}`: {again:?}"
    );
    desk.ok(&format!("{written} --force"));
    fs::remove_file(target).unwrap();
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_flag_that_the_help_of_a_reading_command_shows_has_its_effect() {
    let desk = read_desk();
    desk.ok("nav set LAGOS 10 --date 2026-01-01 --as bola");
    let leaves: Vec<String> = leaves().iter().map(|leaf| leaf.join(" ")).collect();
    for line in READING {
        let leaf = leaves
            .iter()
            .filter(|leaf| line.starts_with(leaf.as_str()))
            .max_by_key(|leaf| leaf.len())
            .unwrap();
        let help = Help::of(&desk, leaf);
        let to_a_file = line.contains(" -o ");
        let result = |flags: &str| {
            let format = if help.is_report() { " -f json" } else { "" };
            let force = if to_a_file { " --force" } else { "" };
            let ran = desk.run(&format!("{line}{format}{force}{flags}"));
            let page = desk.path().join("dashboard.html");
            let file = fs::read_to_string(page).unwrap_or_default();
            (ran.code, ran.stdout, file)
        };
        if *leaf == "man" {
            continue;
        }
        let (code, now, _) = result("");
        assert_eq!(code, 0, "`{line}`");
        if help.is_report() {
            parsed(&now);
        }
        if help.shows("--output") && !to_a_file {
            output_is_heeded(&desk, line, &now);
        }
        if help.shows("--as-of") {
            let today = result("");
            assert_ne!(result(" --as-of 2025-12-31"), today, "`{line}` long ago");
        }
        if help.shows("--show-pii") {
            let shown = || {
                desk.json("audit log --type pii_shown")
                    .as_array()
                    .unwrap()
                    .len()
            };
            let before = shown();
            let ran = run(
                &desk,
                &[*line, "--show-pii", "--as", "dayo"]
                    .map(str::to_owned)
                    .concat_words(),
            );
            assert_eq!(
                (ran.code, shown()),
                (0, before + 1),
                "`{line}`: {}",
                ran.stderr
            );
        }
    }
}

/// Splits lines into words.
trait Words {
    fn concat_words(self) -> Vec<String>;
}

impl<const N: usize> Words for [String; N] {
    fn concat_words(self) -> Vec<String> {
        let words = self.iter().flat_map(|line| line.split(' '));
        words.map(str::to_owned).collect()
    }
}

fn bytes(ledger: &Path) -> Option<Vec<u8>> {
    fs::read(ledger).ok()
}

#[test]
fn every_flag_that_the_help_of_a_writing_command_shows_has_its_effect() {
    let leaves: Vec<String> = leaves().iter().map(|leaf| leaf.join(" ")).collect();
    for writing in WRITING
        .iter()
        .filter(|writing| !writing.aside || writing.keyed)
    {
        let (desk, line) = (writing.desk(), writing.line);
        let leaf = leaves
            .iter()
            .filter(|leaf| line.starts_with(leaf.as_str()))
            .max_by_key(|leaf| leaf.len())
            .unwrap();
        let help = Help::of(&desk, leaf);
        assert!(help.shows("--dry-run"), "`{line}`");
        let before = bytes(&desk.ledger());
        let dry = desk.run(&format!("{line} --dry-run"));
        assert_eq!(dry.code, writing.ends, "`{line}`: {dry:?}");
        assert!(
            dry.stderr.contains("dry run: nothing was written"),
            "`{line}`: {dry:?}"
        );
        assert!(
            before == bytes(&desk.ledger()),
            "`{line} --dry-run` changed the ledger"
        );
        assert_eq!(help.shows("--key"), writing.keyed, "`{line}`");
        if !writing.keyed {
            continue;
        }
        let keyed = format!("{line} --key the-key");
        let first = desk.run(&keyed);
        assert_eq!(first.code, writing.ends, "`{keyed}`: {first:?}");
        let written = bytes(&desk.ledger());
        let format = if help.is_report() { " -f json" } else { "" };
        let again = desk.run(&format!("{keyed}{format}"));
        assert!(
            again.stderr.contains("this is the first result"),
            "`{keyed}`: {again:?}"
        );
        if help.is_report() {
            parsed(&again.stdout);
            desk.run(&format!("{keyed} -o result.json"));
            let file = fs::read_to_string(desk.path().join("result.json")).unwrap();
            assert_eq!(file, again.stdout, "`{keyed}`");
        }
        assert!(
            written == bytes(&desk.ledger()),
            "the replay of `{line}` changed the ledger"
        );
    }
}
