//! Every past of a ledger: older copies put back, tails of every length cut off, every entry
//! rewritten, entries exchanged. What the file alone cannot show, each head that was noted outside
//! it does.

use std::{os::unix::fs::PermissionsExt as _, sync::LazyLock, time::Duration};

use prorata::{
    domain::activity::AuditFinding,
    ops,
    store::{Access, Ledger},
};
use rusqlite::{Connection, params};

use super::{populated, rewritten::rehash};
use crate::{figures::figure, support::Desk};

/// What is said of a file that only agrees with itself.
const ALONE: &str = "internally consistent; not checked against anything outside this file";

const STEPS: [(&str, i32); 14] = [
    (
        "withdrawal request --event E1 --holder h1 --amount 10 --as bola",
        0,
    ),
    ("withdrawal approve W-1 --as bola", 1),
    ("withdrawal approve W-1 --as dayo", 1),
    ("withdrawal approve W-1 --as chi", 0),
    (
        "withdrawal pay W-1 --reference R1 --date 2026-06-01 --yes --as bola",
        0,
    ),
    ("nav set LAGOS 10 --date 2026-06-01 --as bola", 0),
    (
        "withdrawal request --event E1 --all-holders --as bola --key k1",
        0,
    ),
    ("holder block h3 --reason court --as ada", 0),
    ("withdrawal reject W-3 --reason twice --as chi", 0),
    (
        "payment return P-1 --date 2026-06-02 --reason closed --as chi",
        0,
    ),
    (
        "token issue h1 1 --project LAGOS --date 2026-06-03 --as bola",
        0,
    ),
    ("holder list --show-pii --as dayo", 0),
    ("event approve E1 --as chi", 1),
    ("event cancel E1 --reason no --yes --as dayo", 1),
];

/// A ledger as it was after a step, and the head that was noted then.
struct Past {
    file: Vec<u8>,
    seq: i64,
    head: String,
}

/// The steps, run once for all tests, and the ledger after each.
static PASTS: LazyLock<Vec<Past>> = LazyLock::new(|| {
    let desk = Desk::with_event();
    let past = || {
        let head = desk.json("audit head");
        let file = std::fs::read(desk.ledger()).unwrap();
        Past {
            file,
            seq: head["seq"].as_i64().unwrap(),
            head: head["hash"].as_str().unwrap().to_owned(),
        }
    };
    let mut pasts = vec![past()];
    for (line, code) in STEPS {
        assert_eq!(desk.run(line).code, code, "`{line}`");
        pasts.push(past());
    }
    assert!(
        pasts.windows(2).all(|two| two[0].seq < two[1].seq),
        "each step leaves an entry"
    );
    pasts
});

/// A folder for a ledger that is put there.
fn pasts() -> (Desk, &'static [Past]) {
    let desk = Desk::empty();
    std::fs::write(desk.ledger(), b"").unwrap();
    std::fs::set_permissions(desk.ledger(), std::fs::Permissions::from_mode(0o600)).unwrap();
    (desk, &PASTS)
}

fn verified(desk: &Desk, head: Option<&str>) -> Vec<AuditFinding> {
    let mut ledger = Ledger::open(&desk.ledger(), Access::Read, Duration::from_secs(1)).unwrap();
    ops::audit::verify(&mut ledger, head).unwrap().findings
}

/// Asserts that a file agrees with itself and says what that is worth, and that of the noted heads
/// those up to `seq` are in it.
#[track_caller]
fn known_until(desk: &Desk, pasts: &[Past], seq: i64, what: &str) -> usize {
    let blind = desk.ok("audit verify");
    assert!(blind.stderr.contains(ALONE), "{what}: {}", blind.stderr);
    for past in pasts {
        let findings = verified(desk, Some(&past.head));
        let missed = findings.iter().any(|finding| {
            finding
                .detail
                .contains("history was rewritten, or its end was cut off")
        });
        assert_eq!(
            (missed, findings.is_empty()),
            (past.seq > seq, past.seq <= seq),
            "{what}, head {}: {findings:?}",
            past.seq
        );
    }
    let last = &pasts.last().unwrap().head;
    let seen = desk.run(&format!("audit verify --head {last}"));
    assert_eq!(
        seen.code,
        if pasts.last().unwrap().seq > seq {
            3
        } else {
            0
        },
        "{what}: {}",
        seen.stdout
    );
    assert!(!seen.stderr.contains(ALONE), "{what}: {}", seen.stderr);
    pasts.len()
}

#[test]
fn an_older_copy_and_a_tail_of_any_length_cut_off_are_found_by_each_later_head() {
    let (desk, pasts) = pasts();
    let mut looked = 0;
    for past in pasts {
        std::fs::write(desk.ledger(), &past.file).unwrap();
        looked += known_until(
            &desk,
            pasts,
            past.seq,
            &format!("the copy of entry {}", past.seq),
        );
    }
    let last = pasts.last().unwrap();
    for past in pasts {
        // Not the older file, but the last one with all undone that came later.
        std::fs::write(desk.ledger(), &last.file).unwrap();
        std::fs::write(desk.path().join("older.db"), &past.file).unwrap();
        undo(&desk);
        looked += known_until(
            &desk,
            pasts,
            past.seq,
            &format!("cut off after entry {}", past.seq),
        );
    }
    figure(
        "tamper-history",
        &format!(
            "{looked} verifications of {} older copies and cut tails against noted heads",
            pasts.len() * 2
        ),
    );
}

/// Makes every table what it is in the older copy.
fn undo(desk: &Desk) {
    let conn = populated::open(desk);
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
        .unwrap();
    conn.execute(
        "ATTACH ?1 AS older",
        [desk.path().join("older.db").to_str().unwrap()],
    )
    .unwrap();
    for table in populated::tables(&conn) {
        conn.execute_batch(&format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM older.{table}"
        ))
        .unwrap();
    }
}

#[test]
fn entries_cut_off_without_what_they_wrote_are_found_by_the_rows() {
    let (desk, pasts) = pasts();
    let last = pasts.last().unwrap();
    let mut found = 0;
    for past in &pasts[..pasts.len() - 1] {
        std::fs::write(desk.ledger(), &last.file).unwrap();
        desk.tamper(&format!(
            "PRAGMA foreign_keys = OFF; DELETE FROM distribution_activity_log WHERE seq > {0};
             DELETE FROM distribution_activity_rows WHERE seq > {0}",
            past.seq
        ));
        let written = pasts.iter().filter(|later| later.seq > past.seq).any(wrote);
        let findings = verified(&desk, None);
        assert_eq!(
            findings.is_empty(),
            !written,
            "after entry {}: {findings:?}",
            past.seq
        );
        found += usize::from(written);
        assert!(
            !verified(&desk, Some(&last.head)).is_empty(),
            "the noted head finds it anyhow"
        );
    }
    assert!(found > 8, "{found} cuts were found by the rows alone");
}

/// Returns whether the last entry of a ledger wrote rows.
fn wrote(past: &Past) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::write(&copy, &past.file).unwrap();
    let conn = Connection::open(&copy).unwrap();
    conn.query_row(
        "SELECT rows_hash IS NOT NULL FROM distribution_activity_log WHERE seq = ?1",
        [past.seq],
        |row| row.get(0),
    )
    .unwrap()
}

#[test]
fn each_entry_rewritten_with_the_whole_chain_is_found_by_each_head_from_then_on() {
    let (desk, pasts) = pasts();
    let last = pasts.last().unwrap();
    for seq in 1..=last.seq {
        std::fs::write(desk.ledger(), &last.file).unwrap();
        let conn = populated::open(&desk);
        let changed =
            "UPDATE distribution_activity_log SET user_agent = user_agent || '!' WHERE seq = ?1";
        assert_eq!(conn.execute(changed, [seq]).unwrap(), 1);
        drop(conn);
        assert!(
            !verified(&desk, None).is_empty(),
            "entry {seq} without the chain is found by itself"
        );
        rehash(&populated::open(&desk));
        known_until(&desk, pasts, seq - 1, &format!("entry {seq} rewritten"));
    }
}

#[test]
fn two_entries_exchanged_are_found_and_with_the_chain_by_each_head_from_then_on() {
    let (desk, pasts) = pasts();
    let last = pasts.last().unwrap();
    let mut silent = 0;
    for seq in 2..=last.seq {
        std::fs::write(desk.ledger(), &last.file).unwrap();
        let conn = populated::open(&desk);
        let bare = exchange(&conn, seq - 1, seq);
        drop(conn);
        let names = [seq - 1, seq].map(|seq| Some(seq.to_string()));
        let findings = verified(&desk, None);
        assert!(
            findings.iter().any(|finding| names.contains(&finding.row)),
            "{seq}: {findings:?}"
        );
        rehash(&populated::open(&desk));
        if bare {
            known_until(
                &desk,
                pasts,
                seq - 2,
                &format!("entries {} and {seq} exchanged", seq - 1),
            );
            silent += 1;
        } else {
            assert!(
                !verified(&desk, None).is_empty(),
                "the rows that entry {seq} wrote are not those of entry {}",
                seq - 1
            );
        }
    }
    assert!(silent >= 2, "{silent} pairs wrote no rows");
}

/// Exchanges what two entries say, and leaves their places and instants; answers whether neither of
/// them wrote a row.
fn exchange(conn: &Connection, one: i64, other: i64) -> bool {
    conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let columns =
        "distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome, performed_by, claimed_by,
        previous_status, new_status, changes_summary, metadata, ip_address, user_agent, rows_hash, hash";
    conn.execute_batch(&format!(
        "CREATE TEMP TABLE said AS SELECT * FROM distribution_activity_log WHERE seq IN ({one}, {other})"
    ))
    .unwrap();
    for (to, from) in [(one, other), (other, one)] {
        let sql = format!(
            "UPDATE distribution_activity_log SET ({columns}) = (SELECT {columns} FROM said WHERE seq = ?2) WHERE seq = ?1"
        );
        assert_eq!(conn.execute(&sql, params![to, from]).unwrap(), 1);
    }
    conn.query_row("SELECT count(rows_hash) = 0 FROM said", [], |row| {
        row.get(0)
    })
    .unwrap()
}
