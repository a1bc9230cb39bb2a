//! Tampering: whatever is changed in the file with another program is found, with its table and row.

use std::{collections::BTreeSet, time::Duration};

use prorata::{
    domain::activity::Finding,
    ops,
    store::{Access, Ledger},
};
use rusqlite::Connection;

use super::populated;
use crate::{figures::figure, support::Desk};

const UNGUARDED: &str = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF;";

/// By how much a number is changed.
const MOVED: i64 = 1_000;

/// A populated ledger that is put back as it was after each change.
struct Bench {
    desk: Desk,
    whole: Vec<u8>,
}

/// A column as the schema declares it.
struct Column {
    name: String,
    kind: String,
    nullable: bool,
}

impl Bench {
    fn new() -> Self {
        let desk = populated::desk();
        assert_eq!(desk.run("audit verify").code, 0);
        let whole = std::fs::read(desk.ledger()).unwrap();
        Self { desk, whole }
    }

    /// Changes the ledger as it was; answers how many rows that touched.
    fn change(&self, sql: &str) -> usize {
        std::fs::write(self.desk.ledger(), &self.whole).unwrap();
        let conn = populated::open(&self.desk);
        conn.execute_batch(UNGUARDED).unwrap();
        conn.execute(sql, []).unwrap_or_else(|error| panic!("`{sql}`: {error}"))
    }

    /// Opens a copy to look things up in, so that no connection stays open to the file that is put back.
    fn copy(&self) -> Connection {
        let copy = self.desk.path().join("copy.db");
        std::fs::write(&copy, &self.whole).unwrap();
        Connection::open(&copy).unwrap()
    }

    /// Verifies without a process of its own: there are many cells.
    fn findings(&self) -> Vec<Finding> {
        let mut ledger = Ledger::open(&self.desk.ledger(), Access::Read, Duration::from_secs(1)).unwrap();
        ops::audit::verify(&mut ledger, None).unwrap_or_else(|error| panic!("no finding, but an error: {error}")).findings
    }

    /// Asserts that a change of one row is found, under its table and one of its names.
    #[track_caller]
    fn found(&self, table: &str, names: &[String], sql: &str) {
        assert_eq!(self.change(sql), 1, "`{sql}` changes one row");
        let findings = self.findings();
        let fits = |finding: &Finding| {
            finding.table.as_deref() == Some(table) && finding.row.as_ref().is_some_and(|row| names.contains(row))
        };
        assert!(findings.iter().any(fits), "`{sql}`: no finding names {names:?} of {table}: {findings:?}");
    }
}

fn columns(conn: &Connection, table: &str) -> Vec<Column> {
    let mut statement = conn.prepare(&format!("PRAGMA table_info({table})")).unwrap();
    let columns = statement.query_map([], |row| {
        let (not_null, key): (bool, bool) = (row.get(3)?, row.get(5)?);
        Ok(Column { name: row.get(1)?, kind: row.get(2)?, nullable: !not_null && !key })
    });
    columns.unwrap().map(Result::unwrap).collect()
}

/// Answers number and id of the first and the last row.
fn rows(conn: &Connection, table: &str) -> Vec<(i64, Option<String>)> {
    let has_id = columns(conn, table).iter().any(|column| column.name == "id");
    let id = if has_id { "id" } else { "NULL" };
    let sql = format!(
        "SELECT rowid, {id} FROM {table} WHERE rowid IN ((SELECT min(rowid) FROM {table}), (SELECT max(rowid) FROM {table}))"
    );
    let mut statement = conn.prepare(&sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// What a finding may call a row: its number or id, before or after a change, or for the hashes of rows their entry.
fn names(conn: &Connection, table: &str, (row, id): (i64, Option<String>)) -> Vec<String> {
    let entry = "SELECT seq FROM distribution_activity_rows WHERE number = ?1";
    let entry: Option<i64> =
        (table == "distribution_activity_rows").then(|| conn.query_row(entry, [row], |row| row.get(0)).unwrap());
    let numbers = [Some(row), Some(row + MOVED), entry].into_iter().flatten().map(|number| number.to_string());
    numbers.chain(id.iter().cloned()).chain(id.iter().map(|id| format!("{id}x"))).collect()
}

#[test]
fn every_table_of_the_populated_ledger_has_a_row() {
    let desk = populated::desk();
    desk.sound();
    let conn = populated::open(&desk);
    let tables = populated::tables(&conn);
    assert_eq!(tables.len(), 30, "{tables:?}");
    for table in tables {
        let count: i64 = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert!(count > 0, "{table} is empty");
    }
}

#[test]
fn every_changed_cell_is_found_in_its_table_and_row() {
    let bench = Bench::new();
    let conn = bench.copy();
    let mut cells = 0;
    for table in populated::tables(&conn) {
        for (row, id) in rows(&conn, &table) {
            let names = names(&conn, &table, (row, id));
            for Column { name, kind, nullable } in columns(&conn, &table) {
                let other = match kind.as_str() {
                    "TEXT" => format!("coalesce({name}, '') || 'x'"),
                    "INTEGER" => format!("coalesce({name}, 0) + {MOVED}"),
                    "BLOB" => format!("zeroblob(length({name}))"),
                    other => panic!("{table}.{name} is {other}"),
                };
                bench.found(&table, &names, &format!("UPDATE {table} SET {name} = {other} WHERE rowid = {row}"));
                cells += 1;
                let is_null = format!("SELECT {name} IS NULL FROM {table} WHERE rowid = {row}");
                let is_null: bool = conn.query_row(&is_null, [], |row| row.get(0)).unwrap();
                if nullable && !is_null {
                    bench.found(&table, &names, &format!("UPDATE {table} SET {name} = NULL WHERE rowid = {row}"));
                    cells += 1;
                }
            }
        }
    }
    assert!(cells > 700, "{cells} cells were changed");
    figure("tamper", &format!("{cells} changed cells, all found"));
}

#[test]
fn deleted_and_copied_rows_are_found_in_every_table() {
    let bench = Bench::new();
    let conn = bench.copy();
    for table in populated::tables(&conn) {
        for (row, id) in rows(&conn, &table) {
            let sql = format!("DELETE FROM {table} WHERE rowid = {row}");
            if table == "distribution_activity_log" {
                // The last entry, which wrote no row, leaves nothing behind: only a head that was noted outside knows of it.
                let head: String = conn
                    .query_row("SELECT hash FROM distribution_activity_log ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
                    .unwrap();
                assert_eq!(bench.change(&sql), 1);
                assert_eq!(bench.desk.run(&format!("audit verify --head {head}")).code, 3, "`{sql}`");
            } else {
                bench.found(&table, &names(&conn, &table, (row, id)), &sql);
            }
        }
        let (columns, last) = (columns(&conn, &table), rows(&conn, &table).pop().unwrap());
        // What must be unique gets another value; the rest is a copy.
        let unique = unique_columns(&conn, &table);
        let other = |column: &Column| match column.kind.as_str() {
            _ if !unique.contains(&column.name) => column.name.clone(),
            "INTEGER" => format!("{} + {MOVED}", column.name),
            _ => format!("{} || 'x'", column.name),
        };
        let others: Vec<&str> = columns.iter().skip(1).map(|column| column.name.as_str()).collect();
        let values: Vec<String> = columns.iter().skip(1).map(other).collect();
        let (key, others, values, row) = (&columns[0].name, others.join(", "), values.join(", "), last.0);
        let select = format!("SELECT {key} + {MOVED}, {values} FROM {table} WHERE rowid = {row}");
        let sql = format!("INSERT INTO {table} ({key}, {others}) {select}");
        bench.found(&table, &names(&conn, &table, last), &sql);
    }
}

fn unique_columns(conn: &Connection, table: &str) -> BTreeSet<String> {
    let sql = format!(
        "SELECT DISTINCT c.name FROM pragma_index_list('{table}') i JOIN pragma_index_info(i.name) c WHERE i.\"unique\""
    );
    let mut statement = conn.prepare(&sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
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
            "token_supplies" => "issued",
            "distribution_payments" => "reference",
            "bank_lines" => "description",
            "bank_match_lines" => "live",
            "bank_match_withdrawals" => "kind",
            "bank_reconciliations" => "run_at",
            "bank_standings" => "standing",
            "bank_statements" => "encoding",
            "payment_file_items" => "holder_name",
            _ => "created_at",
        };
        let other = if column == "live" { "1 - live".to_owned() } else { format!("{column} || ' '") };
        let changed =
            bench.change(&format!("UPDATE {table} SET {column} = {other} WHERE rowid = (SELECT min(rowid) FROM {table})"));
        assert_eq!(changed, 1, "{table}");
        let ran = bench.desk.run("audit verify -f json");
        assert_eq!(ran.code, 3, "{table}: {} {}", ran.stdout, ran.stderr);
        let verified: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(verified["ok"], false);
        let findings = verified["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["table"] == table.as_str()), "{table}: {findings:?}");
        assert_eq!(bench.desk.run("check").code, 3, "`check` finds it too: {table}");
    }
}

#[test]
fn an_earlier_state_of_a_row_put_back_with_its_earlier_hash_is_found() {
    let bench = Bench::new();
    // The holder was added, then blocked. Open the holder again, and make the hash of the added row come last.
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
    assert!(!bench.desk.ok("holder show h3").stdout.contains("court-order"), "the change is what it was meant to be");
    let findings = bench.findings();
    let named = |finding: &Finding| finding.table.as_deref() == Some("distribution_activity_rows");
    assert!(findings.iter().any(named), "hashes of rows stand in the order of their entries: {findings:?}");
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
                assert_eq!(ran.code, 3, "{which} {table}.{column} = {number}: {}", ran.stderr);
                assert!(ran.stdout.contains(table), "{which} {table}.{column} = {number}: {}", ran.stdout);
            }
        }
    }
}

#[test]
fn text_that_is_no_utf_8_is_a_finding_and_not_a_crash() {
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
        assert!(ran.stdout.contains(table), "{table}.{column}: {}", ran.stdout);
    }
}

#[test]
fn an_edited_schema_is_found() {
    let bench = Bench::new();
    for (sql, named) in [
        ("CREATE TABLE notes (text TEXT)", "notes"),
        ("CREATE INDEX extra ON users (name)", "extra"),
        ("CREATE VIEW rich AS SELECT * FROM lp_token_holders", "rich"),
        ("CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM users; END", "trigger `t`"),
        ("DROP INDEX distribution_events_by_status", "distribution_events_by_status"),
        ("ALTER TABLE users ADD COLUMN nickname TEXT", "users"),
        ("ALTER TABLE withdrawal_requests RENAME COLUMN request_notes TO remarks", "withdrawal_requests"),
        ("ALTER TABLE distribution_activity_log RENAME COLUMN user_agent TO agent", "distribution_activity_log"),
        ("ALTER TABLE token_imports RENAME TO imports", "token_imports"),
        ("DROP TABLE idempotency_keys", "idempotency_keys"),
        ("DROP TABLE distribution_activity_rows", "distribution_activity_rows"),
        ("DROP TABLE distribution_activity_log", "distribution_activity_log"),
        ("DROP TABLE ledger", "ledger"),
    ] {
        bench.change(sql);
        let ran = bench.desk.run("audit verify -f json");
        assert_eq!(ran.code, 3, "`{sql}`: {} {}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("sqlite_schema") && ran.stdout.contains(named), "`{sql}`: {}", ran.stdout);
        let check = bench.desk.run("check");
        assert_eq!(check.code, 3, "`check` finds it too: `{sql}`: {} {}", check.stdout, check.stderr);
    }
}
