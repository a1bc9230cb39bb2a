//! A ledger of an older version is used only after an explicit step, which copies it first.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::json;

use crate::support::Desk;

/// A ledger that version 1 wrote: three holders, an active event, one payment that stands and one
/// that was returned.
const VERSION_1: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/ledger-version-1.sqlite"
);

/// A ledger that version 2 wrote: as version 1's, with a bank account, a statement, and a payment
/// that is matched with its line; one token of h2 counts from 2027 on.
const VERSION_2: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/ledger-version-2.sqlite"
);

/// A ledger that version 3 wrote: version 2's, migrated.
const VERSION_3: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/data/ledger-version-3.sqlite"
);

fn old() -> Desk {
    of(VERSION_1)
}

fn of(file: &str) -> Desk {
    // The instants in the file are later than the desk's clock.
    let mut desk = Desk::empty();
    desk.at("2026-12-01T09:00:00.000000Z");
    fs::copy(file, desk.ledger()).unwrap();
    fs::set_permissions(desk.ledger(), fs::Permissions::from_mode(0o600)).unwrap();
    desk
}

#[test]
fn an_older_ledger_is_left_alone_until_it_is_migrated() {
    let desk = old();
    let before = fs::read(desk.ledger()).unwrap();
    for line in ["status", "bank list", "project add X --name X --as ada"] {
        let message = desk.refused(line, 4, "ledger.older");
        assert!(
            message.contains("ledger version 1, this program needs 4"),
            "{message}"
        );
    }
    assert!(
        desk.run("status")
            .stderr
            .contains("hint: bring it to this version with `prorata migrate")
    );
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn a_migrated_ledger_has_all_that_it_had_and_a_verified_copy_beside_it() {
    let desk = old();
    let before = fs::read(desk.ledger()).unwrap();
    let dry = desk.json("migrate --dry-run --as ada");
    assert_eq!(dry["to_version"], json!(4));
    assert!(
        before == fs::read(desk.ledger()).unwrap(),
        "a dry run leaves the file as it was"
    );
    let migrated = desk.json("migrate --as ada");
    assert_eq!(
        migrated,
        json!({ "from_version": 1, "to_version": 4, "copy": "prorata.db.before-migration" })
    );
    let copy = desk.path().join("prorata.db.before-migration");
    assert_eq!(
        fs::metadata(&copy).unwrap().permissions().mode() & 0o777,
        0o600
    );
    desk.sound();
    let payments = desk.json("payment list");
    let status = |at: usize| payments[at]["status"].as_str().unwrap().to_owned();
    assert_eq!([status(0), status(1)], ["recorded", "returned"]);
    // A key that the older version kept still answers.
    desk.ok("withdrawal request --event E1 --all-holders --as ops --key K1");
    desk.ok(
        "bank add OPS --bank-name FirstBank --bank-code 011 --account-number 0000014579 --as ada",
    );
    let last = desk.json("audit log --type ledger_migrated");
    assert_eq!(
        last[0]["changes_summary"],
        json!({ "from_version": 1, "to_version": 4 })
    );
    let again = desk.ok("migrate --as ada");
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    // The copy is the older ledger itself: it can be migrated too.
    let restored =
        desk.ok("migrate --as ada --ledger prorata.db.before-migration --backup third.db");
    assert!(restored.stdout.contains("third.db"), "{}", restored.stdout);
}

#[test]
fn a_ledger_of_version_2_keeps_its_bank_side() {
    let desk = of(VERSION_2);
    let message = desk.refused("report balances", 4, "ledger.older");
    assert!(
        message.contains("ledger version 2, this program needs 4"),
        "{message}"
    );
    assert_eq!(desk.json("migrate --as ada")["from_version"], json!(2));
    desk.sound();
    let payment = desk.json("payment show P-1");
    assert_eq!(
        (&payment["status"], &payment["bank_line"]),
        (&json!("reconciled"), &json!("L-000001"))
    );
    let holdings = &desk.json("report portfolio --holder h2")["holdings"][0];
    assert_eq!(
        (
            &holdings["lp_tokens_held"],
            &holdings["lp_tokens_outstanding"]
        ),
        (&json!("1"), &json!("3"))
    );
    let balances = desk.json("report balances");
    assert_eq!(balances[0]["withdrawn_amount"], "33.34");
}

/// The definitions are rewritten where they stand; what may stand in a row is what it was.
#[test]
fn a_ledger_of_version_3_has_the_same_rules_in_other_words() {
    let desk = of(VERSION_3);
    assert_eq!(
        desk.json("migrate --as ada"),
        json!({ "from_version": 3, "to_version": 4, "copy": "prorata.db.before-migration" })
    );
    desk.sound();
    let conn = rusqlite::Connection::open(desk.ledger()).unwrap();
    for (table, column) in [
        ("token_entries", "kind"),
        ("distribution_events", "event_type"),
        ("distribution_events", "status"),
        ("distribution_allocations", "status"),
        ("withdrawal_requests", "status"),
        ("distribution_payments", "status"),
        ("distribution_activity_log", "claimed_by"),
    ] {
        let refused = conn
            .execute(&format!("UPDATE {table} SET {column} = 'none of them'"), [])
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains(&format!("CHECK constraint failed: {column} IN (")),
            "{table}: {refused}"
        );
    }
}

#[test]
fn only_an_admin_migrates_and_never_over_another_copy() {
    let desk = old();
    let before = fs::read(desk.ledger()).unwrap();
    desk.refused("migrate --as ops", 1, "user.forbidden");
    desk.refused("migrate --as nobody", 1, "user.unknown");
    assert!(!desk.path().join("prorata.db.before-migration").exists());
    desk.write("prorata.db.before-migration", "something of mine");
    desk.refused("migrate --as ada", 1, "ledger.exists");
    assert!(before == fs::read(desk.ledger()).unwrap());
}

#[test]
fn an_older_ledger_that_was_tampered_with_is_not_migrated() {
    let desk = old();
    desk.tamper("UPDATE distribution_payments SET amount = '1.0000000' WHERE number = 1");
    let message = desk.refused("migrate --as ada", 4, "ledger.damaged");
    assert!(
        message.contains("the audit trail of the copy does not verify"),
        "{message}"
    );
    assert!(!desk.path().join("prorata.db.before-migration").exists());
}
