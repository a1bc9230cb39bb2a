//! What is not a ledger, or not to be trusted, is refused with exit 4 and left as it is.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
};

use super::damaged::PAGE;
use crate::support::Desk;

/// Asserts that a reading and a writing command refuse the ledger, and that the file's bytes stay.
#[track_caller]
fn refused(desk: &Desk, code: &str, why: &str) {
    let before = fs::read(desk.ledger()).unwrap();
    for line in [
        "user list",
        "status",
        "check",
        "audit verify",
        "user add eve --role auditor --as ada",
        "backup b.db --as ada",
    ] {
        let message = desk.refused(line, 4, code);
        assert!(message.contains(why), "`{line}`: {message}");
        let words = desk.run(line);
        assert!(
            words.stderr.starts_with("error: ") && !words.stderr.contains("panicked"),
            "{}",
            words.stderr
        );
    }
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "the file is left as it was"
    );
    assert!(!desk.path().join("prorata.db-journal").exists());
    assert!(!desk.path().join("b.db").exists());
}

#[test]
fn a_missing_ledger_is_named_with_how_to_create_it() {
    let desk = Desk::empty();
    insta::assert_snapshot!("ledger_missing", desk.run("user list").snapshot());
    desk.refused("user list", 4, "ledger.missing");
    desk.refused("user add eve --role auditor --as ada", 4, "ledger.missing");
    assert_eq!(
        fs::read_dir(desk.path()).unwrap().count(),
        0,
        "nothing is created on the way"
    );
}

#[test]
fn garbage_an_empty_file_and_a_cut_off_one_are_not_ledgers() {
    let desk = Desk::empty();
    for (bytes, why) in [
        (Vec::new(), "it is empty"),
        (
            b"holder,tokens\nada,1\n".to_vec(),
            "it is not a SQLite file",
        ),
        (vec![0x5a; 20_000], "it is not a SQLite file"),
        (b"SQLite format 3\0\x10\0".to_vec(), "it is cut off"),
    ] {
        fs::write(desk.ledger(), bytes).unwrap();
        fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o600)).unwrap();
        refused(&desk, "ledger.not_a_ledger", why);
    }
}

#[test]
fn another_programs_database_is_not_a_ledger() {
    let desk = Desk::empty();
    desk.tamper("CREATE TABLE users (code TEXT); INSERT INTO users VALUES ('ada');");
    fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o600)).unwrap();
    refused(
        &desk,
        "ledger.not_a_ledger",
        "it is another program's database",
    );
}

#[test]
fn a_newer_programs_ledger_is_left_to_the_newer_program() {
    let desk = Desk::new();
    desk.tamper("PRAGMA user_version = 99");
    refused(
        &desk,
        "ledger.newer",
        "ledger version 99, this program knows 1",
    );
    let desk = Desk::new();
    desk.tamper("PRAGMA user_version = 0");
    refused(
        &desk,
        "ledger.not_a_ledger",
        "no version of this program wrote its version number",
    );
}

#[test]
fn a_symbolic_link_and_a_hard_link_are_not_trusted() {
    let desk = Desk::new();
    fs::rename(desk.ledger(), desk.path().join("real.db")).unwrap();
    symlink("real.db", desk.ledger()).unwrap();
    refused(&desk, "ledger.unsafe", "it is a symbolic link");
    fs::remove_file(desk.ledger()).unwrap();
    fs::hard_link(desk.path().join("real.db"), desk.ledger()).unwrap();
    refused(&desk, "ledger.unsafe", "it has more than one name");
    fs::remove_file(desk.path().join("real.db")).unwrap();
    desk.sound();
}

#[test]
fn a_ledger_that_others_can_write_is_not_trusted() {
    let desk = Desk::new();
    for mode in [0o666, 0o620, 0o602] {
        fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(mode)).unwrap();
        refused(
            &desk,
            "ledger.unsafe",
            "others can write it; take that right away with `chmod go-w`",
        );
    }
    fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o640)).unwrap();
    desk.sound();
}

#[test]
fn a_folder_is_not_a_ledger() {
    let desk = Desk::empty();
    fs::create_dir(desk.ledger()).unwrap();
    let message = desk.refused("user list", 4, "ledger.unsafe");
    assert!(message.contains("it is not a regular file"), "{message}");
    desk.refused("init --user ada", 1, "ledger.exists");
}

#[test]
fn a_truncated_ledger_is_damaged() {
    let desk = Desk::with_event();
    let whole = fs::read(desk.ledger()).unwrap();
    for length in [100, PAGE, whole.len() / 2] {
        fs::write(desk.ledger(), &whole[..length]).unwrap();
        for line in [
            "user list",
            "holder list",
            "check",
            "user add eve --role auditor --as ada",
        ] {
            let ran = desk.run(line);
            assert!(
                !ran.stderr.contains("panicked") && ran.code != 70,
                "{length} `{line}`: {}",
                ran.stderr
            );
        }
        let check = desk.run("check -f json");
        assert!(
            matches!(check.code, 3 | 4),
            "{length}: check ends with {}: {}",
            check.code,
            check.stderr
        );
        assert!(
            whole[..length] == fs::read(desk.ledger()).unwrap()[..],
            "{length}: the file is left as it was"
        );
    }
    fs::write(desk.ledger(), whole).unwrap();
    desk.sound();
}

#[test]
fn a_ledger_without_one_of_its_tables_is_damaged_and_no_bug() {
    let desk = Desk::with_register();
    desk.tamper("PRAGMA foreign_keys = OFF; DROP TABLE project_navs");
    let message = desk.refused("nav list LAGOS", 4, "ledger.damaged");
    assert!(message.contains("project_navs"), "{message}");
    desk.refused(
        "nav set LAGOS 1 --date 2026-01-01 --as bola",
        4,
        "ledger.damaged",
    );
    assert!(matches!(desk.run("check").code, 3 | 4));
}

#[test]
fn a_flipped_page_is_answered_without_a_panic_and_found_by_check() {
    let desk = Desk::with_event();
    let whole = fs::read(desk.ledger()).unwrap();
    for page in 1..whole.len() / PAGE {
        let mut bytes = whole.clone();
        let before = bytes.clone();
        for byte in &mut bytes[page * PAGE..page * PAGE + 16] {
            *byte ^= 0xff;
        }
        assert!(bytes != before);
        fs::write(desk.ledger(), &bytes).unwrap();
        let check = desk.run("check");
        assert!(
            matches!(check.code, 3 | 4),
            "page {page}: check ends with {}: {}",
            check.code,
            check.stderr
        );
        assert!(
            bytes == fs::read(desk.ledger()).unwrap(),
            "page {page}: looking changes nothing"
        );
    }
}
