use super::*;
use crate::store::{
    check::structure::answers_ok,
    trail::{Values, read_values},
};

const AT: &str = "2026-01-31T16:05:09.000001Z";

fn id(number: u32) -> String {
    format!("01a2149a-894f-7641-8dc4-{number:012}")
}

/// A ledger's tables with a few rows in those that the look treats by itself.
fn filled() -> Connection {
    let mut conn = Connection::open_in_memory().unwrap();
    versions::make_tables(&mut conn).unwrap();
    let user = id(1);
    conn.execute_batch(&format!(
        "INSERT INTO ledger VALUES (1, '{}', 'on', '{AT}');
         INSERT INTO users VALUES (1, '{user}', 'ada', NULL, 'admin', 'active', '{user}', '{AT}', '{AT}');
         INSERT INTO projects VALUES (1, '{}', 'P', 'P', 'NGN', '{user}', '{AT}', '{AT}');
         INSERT INTO distribution_events (id, code, project_id, event_type, title, currency, total_amount, unit,
           distribution_date, record_date, status, total_allocated, total_withdrawn, total_pending, created_by, created_at, updated_at)
         VALUES ('{}', 'E', '{}', 'revenue', 'T', 'NGN', '6.0000000', '0.0100000', '2026-01-31', '2026-01-31', 'draft',
           '0.0000000', '0.0000000', '0.0000000', '{user}', '{AT}', '{AT}');",
        id(2), id(3), id(4), id(3),
    ))
    .unwrap();
    for number in 1..4 {
        let (holder, allocation, code) = (
            id(10 + number),
            id(20 + number),
            ["a", "B", "c"][usize::try_from(number).unwrap() - 1],
        );
        conn.execute_batch(&format!(
            "INSERT INTO lp_token_holders (id, code, name, status, created_by, created_at, updated_at)
             VALUES ('{holder}', '{code}', 'N', 'active', '{user}', '{AT}', '{AT}');
             INSERT INTO distribution_allocations VALUES ({number}, '{allocation}', '{}', '{}', '{holder}', '1.0000000', '33.3333333',
               '2.0000000', '0.5000000', '0.5000000', '1.0000000', 'partially_withdrawn', '{AT}', '{AT}');",
            id(4), id(3),
        ))
        .unwrap();
    }
    let entry = "INSERT INTO token_entries VALUES (1, ?1, ?2, 'issue', NULL, ?3, '2.0000000', '2026-01-01', NULL, NULL, ?4, ?5)";
    conn.execute(entry, (id(40), id(3), id(11), &user, AT))
        .unwrap();
    conn
}

fn is_sound(conn: &Connection) -> bool {
    let look = Inspection::of(conn).unwrap();
    look.read_what_is_there(conn).unwrap();
    let mut seen = look.begin();
    for table in look.tables.keys() {
        let of_table = look.at(table);
        let mut statement = conn
            .prepare(&format!("SELECT *{} FROM {table}", of_table.read_also()))
            .unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let mut values = Values::new();
            read_values(row, &mut values).unwrap();
            of_table.row(&values, &mut seen);
        }
    }
    for part in look.parts() {
        seen.add(&look.part(conn, &part).unwrap());
    }
    seen.is_sound()
}

fn sqlite_is_content(conn: &Connection) -> bool {
    let references = conn
        .prepare("PRAGMA foreign_key_check")
        .unwrap()
        .exists([])
        .unwrap();
    answers_ok(conn, "PRAGMA integrity_check").unwrap() && !references
}

/// Changes a filled ledger past its constraints; neither SQLite nor the look may be content with
/// it.
#[track_caller]
fn is_doubted(sql: &str) {
    let conn = filled();
    conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON")
        .unwrap();
    conn.execute_batch(sql).unwrap();
    conn.execute_batch("PRAGMA ignore_check_constraints = OFF")
        .unwrap();
    assert!(
        !sqlite_is_content(&conn),
        "SQLite finds nothing after `{sql}`"
    );
    assert!(!is_sound(&conn), "nothing is doubted after `{sql}`");
}

#[test]
fn what_is_sound_is_not_doubted() {
    let conn = filled();
    assert!(sqlite_is_content(&conn));
    assert!(is_sound(&conn));
    let look = Inspection::of(&conn).unwrap();
    let left = look
        .parts()
        .into_iter()
        .any(|part| matches!(part, Part::Indexes(_)));
    assert!(
        !left,
        "an index of a form that is not known costs a search for each row"
    );
}

#[test]
fn what_breaks_a_check_is_doubted() {
    for change in [
        "lp_tokens_held = '1.0'",
        "lp_tokens_held = '0.0000000'",
        "ownership_percentage = '01.0000000'",
        "available_amount = '1.0000001'",
        "status = 'allocated'",
        "status = 'paid'",
        "id = id || 'x'",
        "created_at = '2026-01-31'",
    ] {
        is_doubted(&format!(
            "UPDATE distribution_allocations SET {change} WHERE number = 2"
        ));
    }
    is_doubted("UPDATE distribution_events SET record_date = '2026-02-01'");
    is_doubted("UPDATE users SET role = 'king'");
}

#[test]
fn what_names_nothing_is_doubted() {
    for (table, column) in [
        ("distribution_allocations", "project_id"),
        ("token_entries", "project_id"),
        ("token_entries", "to_holder_id"),
        ("token_entries", "created_by"),
        ("distribution_events", "project_id"),
    ] {
        is_doubted(&format!(
            "UPDATE {table} SET {column} = '{}' WHERE number = 1",
            id(99)
        ));
    }
    is_doubted(&format!(
        "UPDATE lp_token_holders SET id = '{}' WHERE code = 'a'",
        id(99)
    ));
}

/// Nothing of a ledger is ever deleted, and a test looks for the words; this is about a copy's
/// schema.
const HIDE: &str = concat!("DELETE", " FROM sqlite_schema WHERE name = ?1");

/// An index is written past by hiding it from SQLite meanwhile.
#[test]
fn an_index_that_lacks_a_row_or_has_another_one_is_doubted() {
    for (index, change) in [
        ("withdrawal_requests_by_holder", None),
        (
            "distribution_events_by_status",
            Some("UPDATE distribution_events SET status = 'cancelled'"),
        ),
        (
            "distribution_events_by_date",
            Some("UPDATE distribution_events SET distribution_date = '2026-03-31'"),
        ),
        ("token_entries_by_to", None),
        (
            "token_entries_by_to",
            Some("UPDATE token_entries SET to_holder_id = from_holder_id"),
        ),
        (
            "token_entries_of_supply",
            Some("UPDATE token_entries SET kind = 'transfer'"),
        ),
        (
            "token_entries_by_reference",
            Some("UPDATE token_entries SET reference = 'R'"),
        ),
    ] {
        let path = tempfile::NamedTempFile::new().unwrap();
        filled()
            .backup("main", path.path(), None::<fn(rusqlite::backup::Progress)>)
            .unwrap();
        let hide =
            Connection::open_with_flags(path.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)
                .unwrap();
        let sql: String = hide
            .query_row(
                "SELECT sql FROM sqlite_schema WHERE name = ?1",
                [index],
                |row| row.get(0),
            )
            .unwrap();
        let root: i64 = hide
            .query_row(
                "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
                [index],
                |row| row.get(0),
            )
            .unwrap();
        let table: String = hide
            .query_row(
                "SELECT tbl_name FROM sqlite_schema WHERE name = ?1",
                [index],
                |row| row.get(0),
            )
            .unwrap();
        hide.execute_batch("PRAGMA writable_schema = ON").unwrap();
        hide.execute(HIDE, [index]).unwrap();
        drop(hide);
        let past =
            Connection::open_with_flags(path.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)
                .unwrap();
        past.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF")
            .unwrap();
        past.execute_batch(change.unwrap_or_default()).unwrap();
        past.execute_batch("PRAGMA writable_schema = ON").unwrap();
        past.execute(
            "INSERT INTO sqlite_schema VALUES ('index', ?1, ?2, ?3, ?4)",
            (index, &table, root, &sql),
        )
        .unwrap();
        drop(past);
        let conn =
            Connection::open_with_flags(path.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)
                .unwrap();
        assert_eq!(sqlite_is_content(&conn), change.is_none(), "{index}");
        assert_eq!(is_sound(&conn), change.is_none(), "{index}");
    }
}
