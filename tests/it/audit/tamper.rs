//! Tampering: whatever is changed in the file with another program is found, with its table and
//! row.
//!
//! There are many cells. So one verification looks at many changes at once, each in a row of its
//! own, and must name every one.

mod cells;
mod random;
mod rows;
mod schema;

use std::{
    collections::BTreeSet, os::unix::fs::PermissionsExt as _, sync::LazyLock, time::Duration,
};

use prorata::{
    domain::activity::AuditFinding,
    ops,
    store::{Access, Ledger},
};
use rusqlite::Connection;

use super::populated;
use crate::support::Desk;

const UNGUARDED: &str =
    "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF;";

/// By how much a number is changed.
const MOVED: i64 = 1_000;

/// The populated ledger, made once for all tests.
static MADE: LazyLock<Made> = LazyLock::new(|| {
    let desk = populated::desk();
    assert_eq!(desk.run("audit verify").code, 0);
    let whole = std::fs::read(desk.ledger()).unwrap();
    let (loose, definitions) = loosened(&desk);
    Made {
        whole,
        loose,
        definitions,
    }
});

#[derive(Clone)]
struct Made {
    whole: Vec<u8>,
    loose: Vec<u8>,
    definitions: Vec<(String, String)>,
}

/// A populated ledger that is put back as it was after each change.
struct Bench {
    desk: Desk,
    whole: Vec<u8>,
    /// The ledger with a schema that takes anything, and the definitions to put back.
    loose: Vec<u8>,
    definitions: Vec<(String, String)>,
}

/// A row, and what a finding may call it.
#[derive(Clone, Debug)]
struct Place {
    table: String,
    row: i64,
    names: Vec<String>,
}

impl Bench {
    fn new() -> Self {
        let Made {
            whole,
            loose,
            definitions,
        } = MADE.clone();
        let mut desk = Desk::empty();
        // No entry is in the future of the clock.
        desk.at("2026-06-30T10:00:00.000000Z");
        std::fs::write(desk.ledger(), &whole).unwrap();
        std::fs::set_permissions(desk.ledger(), std::fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            desk,
            whole,
            loose,
            definitions,
        }
    }

    /// Changes the ledger as it was; answers how many rows that touched.
    fn change(&self, sql: &str) -> usize {
        std::fs::write(self.desk.ledger(), &self.whole).unwrap();
        let conn = populated::open(&self.desk);
        conn.execute_batch(UNGUARDED).unwrap();
        conn.execute(sql, [])
            .unwrap_or_else(|error| panic!("`{sql}`: {error}"))
    }

    /// Changes the ledger as it was, where no type, no `NOT NULL` and no check is in the way.
    fn loosely<T>(&self, change: impl FnOnce(&Connection) -> T) -> T {
        std::fs::write(self.desk.ledger(), &self.loose).unwrap();
        let conn = populated::open(&self.desk);
        conn.execute_batch(UNGUARDED).unwrap();
        conn.execute_batch("BEGIN").unwrap();
        let changed = change(&conn);
        conn.execute_batch("PRAGMA writable_schema = ON").unwrap();
        for (name, sql) in &self.definitions {
            conn.execute(
                "UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1",
                (name, sql),
            )
            .unwrap();
        }
        conn.execute_batch("COMMIT").unwrap();
        changed
    }

    /// Opens a copy to look things up in, so that no connection stays open to the file that is put
    /// back.
    fn copy(&self) -> Connection {
        let copy = self.desk.path().join("copy.db");
        std::fs::write(&copy, &self.whole).unwrap();
        Connection::open(&copy).unwrap()
    }

    /// Verifies without a process of its own: there are many changes.
    fn findings(&self) -> Vec<AuditFinding> {
        let mut ledger =
            Ledger::open(&self.desk.ledger(), Access::Read, Duration::from_secs(1)).unwrap();
        ops::audit::verify(&mut ledger, None)
            .unwrap_or_else(|error| panic!("no finding, but an error: {error}"))
            .findings
    }

    /// Asserts that a finding names each of these rows, under its table and one of its names.
    #[track_caller]
    fn found(&self, what: &str, places: &[Place]) {
        let findings = self.findings();
        let named: BTreeSet<(&str, &str)> = findings
            .iter()
            .filter_map(|finding| Some((finding.table.as_deref()?, finding.row.as_deref()?)))
            .collect();
        for place in places {
            let is_named = place
                .names
                .iter()
                .any(|name| named.contains(&(place.table.as_str(), name.as_str())));
            assert!(is_named, "{what}: no finding names {place:?}: {findings:?}");
        }
    }
}

/// Makes a copy of a ledger whose tables have no types, and whose cells may be empty.
fn loosened(desk: &Desk) -> (Vec<u8>, Vec<(String, String)>) {
    let copy = desk.path().join("loose.db");
    std::fs::copy(desk.ledger(), &copy).unwrap();
    let conn = Connection::open(&copy).unwrap();
    let mut statement = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    let definitions: Vec<(String, String)> = rows.map(Result::unwrap).collect();
    drop(statement);
    conn.execute_batch("PRAGMA writable_schema = ON").unwrap();
    for (name, sql) in &definitions {
        // What is to stay is set aside first.
        let kept = sql
            .replace("IS NOT NULL", "\u{1}")
            .replace("INTEGER PRIMARY KEY", "\u{2}");
        let loose = [" STRICT", "NOT NULL", " TEXT", " INTEGER", " BLOB"]
            .iter()
            .fold(kept, |sql, word| sql.replace(word, " "));
        let loose = loose
            .replace('\u{1}', "IS NOT NULL")
            .replace('\u{2}', "INTEGER PRIMARY KEY");
        conn.execute(
            "UPDATE sqlite_schema SET sql = ?2 WHERE name = ?1",
            (name, loose),
        )
        .unwrap();
    }
    conn.close().unwrap();
    (std::fs::read(&copy).unwrap(), definitions)
}

/// Returns the columns that a table declares: all but the first, which is the number of the row.
fn columns(conn: &Connection, table: &str) -> Vec<String> {
    let mut statement = conn
        .prepare(&format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE pk = 0"
        ))
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Chooses rows of a table: the first, the last, and some between, or all where there are not more.
fn places(conn: &Connection, table: &str, some: usize) -> Vec<Place> {
    let all: Vec<i64> = {
        let mut statement = conn
            .prepare(&format!("SELECT rowid FROM {table} ORDER BY rowid"))
            .unwrap();
        statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let mut chosen = BTreeSet::from([0, all.len() - 1]);
    // A fixed seed: the same rows in every run.
    let mut state = 0x9e37_79b9_usize.wrapping_add(all.len());
    while chosen.len() < (some + 2).min(all.len()) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        chosen.insert((state >> 33) % all.len());
    }
    chosen
        .into_iter()
        .map(|at| place(conn, table, all[at]))
        .collect()
}

/// Returns what a finding may call a row: its number or id, or for the hashes of rows their entry.
fn place(conn: &Connection, table: &str, row: i64) -> Place {
    let one = |column: &str| {
        let sql = format!("SELECT CAST({column} AS TEXT) FROM {table} WHERE rowid = ?1");
        conn.query_row(&sql, [row], |row| row.get::<_, String>(0))
            .ok()
    };
    let (id, entry) = (
        one("id"),
        one("seq").filter(|_| table == "distribution_activity_rows"),
    );
    let names = [
        Some(row.to_string()),
        Some((row + MOVED).to_string()),
        id,
        entry,
    ];
    Place {
        table: table.to_owned(),
        row,
        names: names.into_iter().flatten().collect(),
    }
}

#[test]
fn a_schema_that_was_loosened_and_put_back_is_as_it_was() {
    let bench = Bench::new();
    bench.loosely(|_| ());
    assert_eq!(bench.findings(), []);
    bench.desk.sound();
}

#[test]
fn every_table_of_the_populated_ledger_has_a_row() {
    let desk = populated::desk();
    desk.sound();
    let conn = populated::open(&desk);
    let tables = populated::tables(&conn);
    assert_eq!(tables.len(), 63, "{tables:?}");
    for table in tables {
        let count: i64 = conn
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap();
        assert!(count > 0, "{table} is empty");
    }
}

#[test]
fn one_change_in_each_table_ends_the_command_with_exit_3_and_the_tables_name() {
    let bench = Bench::new();
    let tables = populated::tables(&populated::open(&bench.desk));
    for table in tables {
        let column = match table.as_str() {
            "distribution_activity_log" => "user_agent",
            "distribution_activity_rows" => "table_name",
            "idempotency_keys" => "result",
            "history_rows" => "title",
            "token_supplies" => "issued",
            "distribution_payments" | "distribution_payments_history" => "reference",
            "payment_settlements" => "reason",
            "bank_lines" => "description",
            "bank_match_lines" | "bank_match_remittances" | "tax_remittance_items" => "live",
            "bank_match_withdrawals" => "kind",
            "bank_reconciliations" => "run_at",
            "bank_classes" => "class",
            "proposals" => "subject",
            "allocation_components" => "allocation_id",
            "bank_statements" => "encoding",
            "payment_file_items" => "holder_name",
            "event_counts" => "pending_amount",
            "file_counts" => "waiting_amount",
            "holders_without_account" => "lacking",
            _ => "created_at",
        };
        let other = if ["live", "lacking"].contains(&column) {
            format!("1 - {column}")
        } else {
            format!("{column} || ' '")
        };
        let changed = bench.change(&format!(
            "UPDATE {table} SET {column} = {other} WHERE rowid = (SELECT min(rowid) FROM {table})"
        ));
        assert_eq!(changed, 1, "{table}");
        let ran = bench.desk.run("audit verify -f json");
        assert_eq!(ran.code, 3, "{table}: {} {}", ran.stdout, ran.stderr);
        let verified: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(verified["ok"], false);
        let findings = verified["findings"].as_array().unwrap();
        assert!(
            findings
                .iter()
                .any(|finding| finding["table"] == table.as_str()),
            "{table}: {findings:?}"
        );
        assert_eq!(
            bench.desk.run("check").code,
            3,
            "`check` finds it too: {table}"
        );
    }
}

#[test]
fn an_earlier_state_of_a_row_put_back_with_its_earlier_hash_is_found() {
    let bench = Bench::new();
    // The holder was added, then blocked. Open the holder again, and make the hash of the added row
    // come last.
    bench.change(
        "UPDATE lp_token_holders SET status = 'active', status_reason = NULL, updated_at = created_at WHERE code = 'h3'",
    );
    let conn = populated::open(&bench.desk);
    let moved = conn.execute(
        "UPDATE distribution_activity_rows SET number = (SELECT max(number) + 1 FROM distribution_activity_rows)
         WHERE number = (SELECT min(number) FROM distribution_activity_rows
                         WHERE table_name = 'lp_token_holders' AND first_number = 3)",
        [],
    );
    assert_eq!(moved.unwrap(), 1);
    drop(conn);
    assert!(
        !bench
            .desk
            .ok("holder show h3")
            .stdout
            .contains("court-order"),
        "the change is what it was meant to be"
    );
    let findings = bench.findings();
    let named =
        |finding: &AuditFinding| finding.table.as_deref() == Some("distribution_activity_rows");
    assert!(
        findings.iter().any(named),
        "hashes of rows are in the order of their entries: {findings:?}"
    );
}

#[test]
fn values_at_the_end_of_their_range_are_findings_and_not_crashes() {
    let bench = Bench::new();
    for number in [i64::MIN, -1, 0, i64::MAX] {
        for (table, column) in [
            ("distribution_activity_log", "seq"),
            ("distribution_activity_rows", "number"),
            ("distribution_activity_rows", "seq"),
            ("distribution_activity_rows", "first_number"),
            ("withdrawal_requests", "number"),
        ] {
            for which in ["min", "max"] {
                bench.change(&format!(
                    "UPDATE {table} SET {column} = {number} WHERE rowid = (SELECT {which}(rowid) FROM {table})"
                ));
                let ran = bench.desk.run("audit verify");
                assert_eq!(
                    ran.code, 3,
                    "{which} {table}.{column} = {number}: {}",
                    ran.stderr
                );
                assert!(
                    ran.stdout.contains(table),
                    "{which} {table}.{column} = {number}: {}",
                    ran.stdout
                );
            }
        }
    }
}

#[test]
fn text_that_is_not_utf_8_is_a_finding_and_not_a_crash() {
    let bench = Bench::new();
    for (table, column) in [
        ("distribution_activity_log", "id"),
        ("distribution_activity_log", "changes_summary"),
        ("distribution_activity_log", "hash"),
        ("distribution_activity_rows", "table_name"),
        ("ledger", "id"),
        ("users", "code"),
        ("users", "id"),
        ("withdrawal_requests", "id"),
    ] {
        bench.change(&format!(
            "UPDATE {table} SET {column} = CAST(x'c3' AS TEXT) WHERE rowid = (SELECT max(rowid) FROM {table})"
        ));
        let ran = bench.desk.run("audit verify");
        assert_eq!(ran.code, 3, "{table}.{column}: {}", ran.stderr);
        assert!(
            ran.stdout.contains(table),
            "{table}.{column}: {}",
            ran.stdout
        );
    }
}
