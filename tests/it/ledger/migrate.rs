//! A ledger of an older version is used only after an explicit step, which copies it first. There is
//! one version so far, so these tests run a program that has a made-up next one.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    os::unix::fs::PermissionsExt as _,
};

use serde_json::json;

use crate::support::Desk;

/// A ledger that a development version wrote before the first release.
pub(crate) const UNRELEASED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/ledger-unreleased.sqlite"
);

/// A ledger of version 1, and a program that has version 2.
fn older() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 5 --as bola --key K1");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-06-01 --yes --as bola");
    desk.next_version(true);
    desk
}

#[test]
fn an_older_ledger_is_left_alone_until_it_is_migrated() {
    let desk = older();
    let before = fs::read(desk.ledger()).unwrap();
    for line in ["status", "bank list", "project add X --name X --as ada"] {
        let message = desk.refused(line, 4, "ledger.older");
        assert!(
            message.contains("ledger version 1, this program needs 2"),
            "{message}"
        );
    }
    let hint = desk.run("status").stderr;
    assert!(hint.contains("`prorata migrate"), "{hint}");
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn a_migrated_ledger_has_all_that_it_had_and_a_verified_copy_next_to_it() {
    let desk = older();
    let before = fs::read(desk.ledger()).unwrap();
    let dry = desk.json("migrate --dry-run --as ada");
    assert_eq!(dry["to_version"], json!(2));
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "a dry run leaves the file as it was"
    );
    let migrated = desk.json("migrate --as ada");
    assert_eq!(
        migrated,
        json!({ "from_version": 1, "to_version": 2, "copy": "prorata.db.before-migration" })
    );
    let copy = desk.path().join("prorata.db.before-migration");
    assert_eq!(
        fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
        0o600
    );
    desk.sound();
    assert_eq!(desk.json("payment list")[0]["status"], "recorded");
    // A key that the older version stored still gives the same answer.
    let again = desk.ok("withdrawal request --event E1 --holder h1 --amount 5 --as bola --key K1");
    assert!(
        again.stderr.contains("nothing was written"),
        "{}",
        again.stderr
    );
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    let last = desk.json("audit log --type ledger_migrated");
    assert_eq!(
        last[0]["changes_summary"],
        json!({ "from_version": 1, "to_version": 2 })
    );
    let again = desk.ok("migrate --as ada");
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    // The copy is the older ledger itself: it can be migrated too.
    let restored =
        desk.ok("migrate --as ada --ledger prorata.db.before-migration --backup third.db");
    assert!(restored.stdout.contains("third.db"), "{}", restored.stdout);
}

#[test]
fn a_migrated_ledger_has_the_tables_of_the_next_version_and_is_too_new_for_the_last() {
    let desk = older();
    desk.ok("migrate --as ada");
    let conn = rusqlite::Connection::open(desk.ledger()).unwrap();
    for table in ["users_by_role", "reminders"] {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE name = ?1";
        let count: i64 = conn.query_row(sql, [table], |row| row.get(0)).unwrap();
        assert_eq!(count, 1, "{table}");
    }
    drop(conn);
    desk.next_version(false);
    let message = desk.refused("status", 4, "ledger.newer");
    assert!(
        message.contains("ledger version 2, this program knows 1"),
        "{message}"
    );
}

#[test]
fn only_an_admin_migrates_and_never_over_another_copy() {
    let desk = older();
    let before = fs::read(desk.ledger()).unwrap();
    desk.refused("migrate --as bola", 1, "user.forbidden");
    desk.refused("migrate --as nobody", 1, "user.unknown");
    assert!(!desk.path().join("prorata.db.before-migration").exists());
    desk.write("prorata.db.before-migration", "something of mine");
    desk.refused("migrate --as ada", 1, "ledger.exists");
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn an_older_ledger_that_was_tampered_with_is_not_migrated() {
    let desk = older();
    desk.tamper("UPDATE distribution_payments SET amount = '1.0000000' WHERE number = 1");
    let message = desk.refused("migrate --as ada", 4, "ledger.damaged");
    assert!(
        message.contains("the audit trail of the copy does not verify"),
        "{message}"
    );
    assert!(!desk.path().join("prorata.db.before-migration").exists());
}

#[test]
fn a_ledger_from_before_the_first_release_is_refused_with_its_version() {
    let desk = Desk::empty();
    for version in 1..=4_u32 {
        fs::copy(UNRELEASED, desk.ledger()).unwrap();
        fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o600)).unwrap();
        // The version is at byte 60 of the header.
        let mut file = fs::OpenOptions::new()
            .write(true)
            .open(desk.ledger())
            .unwrap();
        file.seek(SeekFrom::Start(60)).unwrap();
        file.write_all(&version.to_be_bytes()).unwrap();
        drop(file);
        let before = fs::read(desk.ledger()).unwrap();
        for line in ["status", "check", "audit verify", "migrate --as ada"] {
            let message = desk.refused(line, 4, "ledger.unreleased");
            assert!(
                message.contains(&format!(
                    "written by a development version of prorata before the first release (ledger version {version} of that time)"
                )),
                "{message}"
            );
        }
        assert!(before == fs::read(desk.ledger()).unwrap());
        assert!(!desk.path().join("prorata.db.before-migration").exists());
    }
}
