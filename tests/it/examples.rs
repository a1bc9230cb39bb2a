//! The examples: each runs as it stands, with the built program, and prints what its snapshot shows.

use std::process::{Command, Stdio};

use crate::support::{NOW, Ran};

/// Runs a script of `examples/` with an environment that holds nothing but the program, the clock and the search path.
fn example(name: &str) -> Ran {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .arg(format!("{root}/examples/{name}"))
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
        .env("TMPDIR", folder.path())
        .env("TZ", "UTC")
        .env("PRORATA", env!("CARGO_BIN_EXE_prorata"))
        .env("PRORATA_TEST_NOW", NOW)
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "the example leaves {left:?} behind");
    ran
}

/// The account numbers that the files of the example hold, which no output may show whole.
fn account_numbers() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/quarter-end");
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut lines = text.lines().map(|line| line.split(','));
        let Some(column) = lines.next().unwrap().position(|heading| heading == "account_number") else { continue };
        numbers.extend(lines.filter_map(|mut line| line.nth(column)).filter(|cell| !cell.is_empty()).map(str::to_owned));
    }
    numbers
}

#[test]
fn the_quarter_end_prints_the_same_on_every_run() {
    let ran = example("quarter-end.sh");
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let numbers = account_numbers();
    assert_eq!(numbers.len(), 9, "seven of eight holders have an account, one is added, one changed");
    for number in numbers {
        assert!(!ran.stdout.contains(&number), "an account number is shown whole");
    }
    let shown = ran.snapshot();
    // How many pages the file has depends on the names of the machine and its user, which stand in the trail.
    let shown = regex::Regex::new(r"\b\d+ pages\b").unwrap().replace_all(&shown, "[n] pages").into_owned();
    let shown = regex::Regex::new(r"--hash [0-9a-f]{16}\b").unwrap().replace_all(&shown, "--hash [hash]");
    insta::assert_snapshot!(shown);
}

#[test]
fn the_quarter_end_stops_at_the_first_failure() {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .arg(format!("{root}/examples/quarter-end.sh"))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
        .env("TMPDIR", folder.path())
        .env("PRORATA", "false")
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("$ prorata init"));
    assert!(!ran.stdout.contains("$ prorata user add"));
}
