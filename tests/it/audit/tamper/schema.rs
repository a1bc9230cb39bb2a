//! The schema edited, and the file's own marks.

use rusqlite::Connection;

use super::{Bench, populated};
use crate::figures::figure;

/// Definitions edited in place, as only `writable_schema` can: the item, its text, and the
/// new text.
const EDITED: [(&str, &str, &str); 14] = [
    (
        "distribution_payments",
        " CHECK (amount <> '0.0000000')",
        "",
    ),
    (
        "payment_transfers",
        "TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (length(reference) > 0)",
        "TEXT NOT NULL CHECK (length(reference) > 0)",
    ),
    (
        "distribution_payments",
        "status                 TEXT NOT NULL",
        "status                 TEXT NOT NULL DEFAULT 'recorded'",
    ),
    (
        "withdrawal_requests",
        "requested_by               TEXT NOT NULL",
        "requested_by               TEXT",
    ),
    (
        "withdrawal_requests",
        "REFERENCES users (id) ON DELETE RESTRICT",
        "",
    ),
    (
        "withdrawal_requests",
        "ON DELETE RESTRICT",
        "ON DELETE CASCADE",
    ),
    ("distribution_allocations", ") STRICT", ")"),
    (
        "distribution_allocations",
        "tax_class >= 0",
        "tax_class >= -9",
    ),
    ("users", "COLLATE NOCASE ", ""),
    ("users", "'auditor'", "'auditor', 'owner'"),
    ("bank_match_lines_live", "WHERE live = 1", "WHERE live = 2"),
    (
        "token_entries_by_reversed",
        "CREATE UNIQUE INDEX",
        "CREATE INDEX",
    ),
    ("ledger", "CREATE TABLE ledger (", "CREATE TABLE ledger ( "),
    (
        "distribution_activity_log",
        "'refused')",
        "'refused', 'hidden')",
    ),
];

/// What may be added, and taken away.
const CHANGED: [(&str, &str); 25] = [
    ("CREATE TABLE notes (text TEXT)", "notes"),
    ("CREATE TABLE \"sqlite-stat\" (text TEXT)", "sqlite-stat"),
    (
        "CREATE TABLE counted (number INTEGER PRIMARY KEY AUTOINCREMENT)",
        "sqlite_sequence",
    ),
    ("CREATE VIRTUAL TABLE words USING fts5 (text)", "words"),
    ("CREATE INDEX extra ON users (name)", "extra"),
    (
        "CREATE UNIQUE INDEX \"sqlite-stats\" ON users (id, name)",
        "sqlite-stats",
    ),
    ("CREATE VIEW rich AS SELECT * FROM lp_token_holders", "rich"),
    (
        "CREATE VIEW \"sqliteXstat\" AS SELECT * FROM lp_token_holders",
        "sqliteXstat",
    ),
    (
        "CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM users; END",
        "trigger `t`",
    ),
    (
        "CREATE TRIGGER \"SQLite.Stat1\" AFTER INSERT ON users BEGIN DELETE FROM users; END",
        "trigger `SQLite.Stat1`",
    ),
    (
        "DROP INDEX distribution_events_by_status",
        "distribution_events_by_status",
    ),
    ("DROP INDEX bank_match_lines_live", "bank_match_lines_live"),
    (
        "DROP INDEX payment_file_items_live",
        "payment_file_items_live",
    ),
    ("ALTER TABLE users ADD COLUMN nickname TEXT", "users"),
    ("ALTER TABLE users DROP COLUMN name", "users"),
    (
        "ALTER TABLE withdrawal_requests RENAME COLUMN request_notes TO remarks",
        "withdrawal_requests",
    ),
    (
        "ALTER TABLE distribution_activity_log RENAME COLUMN user_agent TO agent",
        "distribution_activity_log",
    ),
    (
        "ALTER TABLE distribution_activity_rows ADD COLUMN more TEXT",
        "distribution_activity_rows",
    ),
    (
        "ALTER TABLE token_imports RENAME TO imports",
        "token_imports",
    ),
    ("DROP TABLE idempotency_keys", "idempotency_keys"),
    ("DROP TABLE bank_classes", "bank_classes"),
    (
        "DROP TABLE distribution_activity_rows",
        "distribution_activity_rows",
    ),
    (
        "DROP TABLE distribution_activity_log",
        "distribution_activity_log",
    ),
    ("DROP TABLE ledger", "ledger"),
    ("DROP TABLE users_history", "users_history"),
];

/// Asserts that both commands find an edited schema and name what was edited.
#[track_caller]
fn found(bench: &Bench, what: &str, named: &str) {
    let ran = bench.desk.run("audit verify -f json");
    assert_eq!(ran.code, 3, "`{what}`: {} {}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("sqlite_schema") && ran.stdout.contains(named),
        "`{what}`: {}",
        ran.stdout
    );
    let check = bench.desk.run("check");
    assert_eq!(
        check.code, 3,
        "`check` finds it too: `{what}`: {} {}",
        check.stdout, check.stderr
    );
}

fn edited(conn: &Connection, item: &str, from: &str, to: &str) {
    conn.execute_batch("PRAGMA writable_schema = ON").unwrap();
    let sql = "UPDATE sqlite_schema SET sql = replace(sql, ?2, ?3) WHERE name = ?1 AND instr(sql, ?2) > 0";
    assert_eq!(
        conn.execute(sql, (item, from, to)).unwrap(),
        1,
        "`{from}` is in {item}"
    );
}

#[test]
fn an_edited_schema_is_found() {
    let bench = Bench::new();
    for (sql, named) in CHANGED {
        bench.change(sql);
        found(&bench, sql, named);
    }
    for (item, from, to) in EDITED {
        std::fs::write(bench.desk.ledger(), &bench.whole).unwrap();
        let conn = populated::open(&bench.desk);
        edited(&conn, item, from, to);
        if from.contains("UNIQUE CHECK") {
            // The index that held it would be in the way.
            conn.execute(
                "DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_payment_transfers_2'",
                [],
            )
            .unwrap();
        }
        conn.close().unwrap();
        found(&bench, &format!("{item}: {from} is now {to}"), item);
    }
    figure(
        "tamper-schema",
        &format!(
            "{} edits of the schema, each found and named",
            CHANGED.len() + EDITED.len()
        ),
    );
}

#[test]
fn statistics_that_sqlite_keeps_for_itself_are_not_an_edit() {
    let bench = Bench::new();
    bench.change("ANALYZE");
    bench.desk.sound();
}

#[test]
fn a_file_whose_marks_were_changed_is_refused() {
    let bench = Bench::new();
    for (sql, code) in [
        ("PRAGMA application_id = 0", "ledger.not_a_ledger"),
        ("PRAGMA application_id = 1886549090", "ledger.not_a_ledger"),
        ("PRAGMA application_id = 1886548852", "ledger.unreleased"),
        ("PRAGMA user_version = 0", "ledger.not_a_ledger"),
        ("PRAGMA user_version = -1", "ledger.not_a_ledger"),
        ("PRAGMA user_version = 2", "ledger.newer"),
    ] {
        std::fs::write(bench.desk.ledger(), &bench.whole).unwrap();
        populated::open(&bench.desk).execute_batch(sql).unwrap();
        for line in [
            "audit verify",
            "check",
            "status",
            "user add eve --role auditor --as ada",
        ] {
            bench.desk.refused(line, 4, code);
        }
    }
}
