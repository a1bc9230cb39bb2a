//! What every writing command does alike, asserted for one command line.

use crate::support::{Desk, Ran};

/// Asserts that a command with `--dry-run` succeeds, says so, and leaves the file's bytes as they
/// were.
#[track_caller]
pub(crate) fn dry(desk: &Desk, line: &str) -> Ran {
    let before = std::fs::read(desk.ledger()).unwrap();
    let ran = desk.ok(&format!("{line} --dry-run"));
    assert!(
        ran.stdout.starts_with("dry run\n"),
        "`{line}`: {}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("dry run: nothing was written"),
        "`{line}`: {}",
        ran.stderr
    );
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "`{line} --dry-run` changed the file"
    );
    let short = desk.ok(&format!("{line} -n"));
    assert_eq!(short.stdout, ran.stdout, "`-n` is `--dry-run`");
    ran
}

/// Asserts that a command with a key happens once: again it prints the first result and changes
/// nothing, and the same key with the input of `other` is refused.
#[track_caller]
pub(crate) fn keyed(desk: &Desk, key: &str, line: &str, other: &str) {
    let first = desk.ok(&format!("{line} --key {key} -f json"));
    let before = std::fs::read(desk.ledger()).unwrap();
    let again = desk.ok(&format!("{line} --key {key} -f json"));
    assert_eq!(
        again.stdout, first.stdout,
        "`{line}` prints its first result"
    );
    assert!(
        again
            .stderr
            .contains("this is the first result; nothing was written"),
        "`{line}`: {}",
        again.stderr
    );
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "the replay of `{line}` changed the file"
    );
    let message = desk.refused(&format!("{other} --key {key}"), 1, "key.conflict");
    assert!(
        message.contains(&format!("key `{key}` was used before")),
        "{message}"
    );
}

/// Asserts that a command line is wrong usage, that the message names `wanted`, and that nothing was
/// printed.
#[track_caller]
pub(crate) fn wrong_usage(desk: &Desk, line: &str, wanted: &str) -> Ran {
    let ran = desk.run(line);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (2, ""),
        "`{line}`: {}",
        ran.stderr
    );
    assert!(
        ran.stderr.starts_with("error: "),
        "`{line}`: {}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains(wanted),
        "`{line}` names {wanted}: {}",
        ran.stderr
    );
    ran
}
