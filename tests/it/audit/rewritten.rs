//! History written anew, and its end cut off: only a head that was noted outside the file knows
//! better.

use proptest::prelude::*;
use prorata::domain::activity::{AuditEntry, Head};
use rusqlite::{Connection, params};

use super::populated;
use crate::support::Desk;

fn entries(conn: &Connection) -> Vec<(AuditEntry, String)> {
    let sql = "SELECT seq, id, distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome, performed_by,
        claimed_by, previous_status, new_status, changes_summary, metadata, ip_address, user_agent, created_at, rows_hash, hash
        FROM distribution_activity_log ORDER BY seq";
    let mut statement = conn.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| {
        let entry = AuditEntry {
            seq: row.get(0)?,
            id: row.get::<_, String>(1)?.parse().unwrap(),
            event_id: row.get(2)?,
            withdrawal_id: row.get(3)?,
            project_id: row.get(4)?,
            activity: row.get(5)?,
            outcome: row.get(6)?,
            performed_by: row.get(7)?,
            claimed_by: row.get(8)?,
            previous_status: row.get(9)?,
            new_status: row.get(10)?,
            changes_summary: row.get(11)?,
            metadata: row.get(12)?,
            ip_address: row.get(13)?,
            user_agent: row.get(14)?,
            created_at: row.get(15)?,
            rows_hash: row.get(16)?,
        };
        Ok((entry, row.get(17)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Hashes the whole chain anew, as one who knows this program could.
pub(super) fn rehash(conn: &Connection) {
    let id: String = conn
        .query_row("SELECT id FROM ledger", [], |row| row.get(0))
        .unwrap();
    let mut hash = Head::genesis(&id).hash;
    conn.execute_batch("BEGIN").unwrap();
    for (entry, _) in entries(conn) {
        hash = entry.hash(&hash);
        let sql = "UPDATE distribution_activity_log SET hash = ?2 WHERE seq = ?1";
        conn.execute(sql, params![entry.seq, hash]).unwrap();
    }
    conn.execute_batch("COMMIT").unwrap();
}

/// Writes another user agent into an entry and hashes the whole chain anew.
fn rewrite(conn: &Connection, changed: i64) {
    let sql = "UPDATE distribution_activity_log SET user_agent = user_agent || '!' WHERE seq = ?1";
    assert_eq!(conn.execute(sql, [changed]).unwrap(), 1);
    rehash(conn);
}

#[test]
fn a_chain_that_was_hashed_anew_is_found_with_a_noted_head_only() {
    let desk = Desk::with_event();
    let noted = desk.json("audit head")["hash"].as_str().unwrap().to_owned();
    desk.ok("nav set LAGOS 1 --date 2026-06-01 --as bola");
    rewrite(&populated::open(&desk), 3);
    let blind = desk.ok("audit verify");
    assert!(
        blind
            .stderr
            .contains("not checked against anything outside this file"),
        "{}",
        blind.stderr
    );
    let seen = desk.run(&format!("audit verify --head {noted} -f json"));
    assert_eq!(seen.code, 3, "{}", seen.stderr);
    assert!(
        seen.stdout
            .contains("history was rewritten, or its end was cut off"),
        "{}",
        seen.stdout
    );
}

#[test]
fn what_was_written_before_the_change_still_carries_its_noted_head() {
    let desk = Desk::with_event();
    let noted = desk.json("audit head")["hash"].as_str().unwrap().to_owned();
    desk.ok("nav set LAGOS 1 --date 2026-06-01 --as bola");
    let last = desk.json("audit head")["seq"].as_i64().unwrap();
    rewrite(&populated::open(&desk), last);
    desk.ok(&format!("audit verify --head {noted}"));
}

#[test]
fn an_older_copy_of_the_file_is_found_with_a_noted_head_only() {
    let desk = Desk::with_event();
    let older = std::fs::read(desk.ledger()).unwrap();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    let noted = desk.json("audit head")["hash"].as_str().unwrap().to_owned();
    std::fs::write(desk.ledger(), &older).unwrap();
    desk.ok("audit verify");
    desk.ok("check");
    assert_eq!(desk.run(&format!("audit verify --head {noted}")).code, 3);
    // Another story told from there on does not hide it.
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    desk.ok("audit verify");
    assert_eq!(desk.run(&format!("audit verify --head {noted}")).code, 3);
}

#[test]
fn an_end_that_was_cut_off_with_all_that_it_wrote_is_found_with_a_noted_head_only() {
    let desk = Desk::with_event();
    desk.ok("nav set LAGOS 1 --date 2026-06-01 --as bola");
    let noted = desk.json("audit head");
    let (seq, hash) = (
        noted["seq"].as_i64().unwrap(),
        noted["hash"].as_str().unwrap().to_owned(),
    );
    desk.tamper(&format!(
        "PRAGMA foreign_keys = OFF; DELETE FROM project_navs; DELETE FROM distribution_activity_rows WHERE seq = {seq};
         DELETE FROM distribution_activity_log WHERE seq = {seq};"
    ));
    desk.ok("audit verify");
    assert_eq!(desk.run(&format!("audit verify --head {hash}")).code, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn a_ledger_of_random_steps_verifies_and_any_changed_amount_is_found(
        steps in proptest::collection::vec((1_u8..=3, 0_u8..5, 1_u32..2_000), 1..8),
        changed in any::<prop::sample::Index>(),
    ) {
        let desk = Desk::with_event();
        for (at, (holder, verb, amount)) in steps.iter().enumerate() {
            let amount = format!("{}.{:02}", amount / 100, amount % 100);
            // Some of these are refused, and those leave an entry too.
            match verb {
                0 | 1 => desk.run(&format!("withdrawal request --event E1 --holder h{holder} --amount {amount} --as bola")),
                2 => desk.run("withdrawal approve --event E1 --all --hash REVIEWED --as chi"),
                3 => desk.run(&format!("withdrawal pay W-{holder} --reference R{at} --date 2026-04-01 --yes --as bola")),
                _ => desk.run(&format!("withdrawal cancel W-{holder} --as bola")),
            };
        }
        desk.sound();
        let cells = ["distribution_allocations.available_amount", "distribution_events.total_pending", "token_entries.tokens"];
        let (table, column) = cells[changed.index(cells.len())].split_once('.').unwrap();
        desk.tamper(&format!(
            "PRAGMA ignore_check_constraints = ON;
             UPDATE {table} SET {column} = '77.0000000' WHERE number = (SELECT max(number) FROM {table})"
        ));
        let ran = desk.run("audit verify -f json");
        prop_assert_eq!(ran.code, 3);
        prop_assert!(ran.stdout.contains(table));
    }
}
