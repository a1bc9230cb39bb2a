//! What the schema refuses by itself, were the code wrong. Each row is first shown to be one that
//! the schema takes, so that it is the one thing changed in it that is refused.

use rusqlite::{Connection, ErrorCode};

use crate::{audit::populated, figures::figure, support::Desk};

/// A new row: the table, the row that it is made from, and what is different in it.
struct New {
    table: &'static str,
    from: &'static str,
    with: &'static [(&'static str, &'static str)],
    /// The differences without which it is refused, each with the words of the refusal.
    unique: &'static [(&'static str, &'static str)],
}

/// An id that stands nowhere yet.
const ID: (&str, &str) = ("id", "'ffffffff-0000-7000-8000-000000000000'");

const NEW: [New; 20] = [
    New {
        table: "distribution_payments",
        from: "replaces_payment_id IS NOT NULL",
        with: &[
            ID,
            (
                "withdrawal_request_id",
                "(SELECT id FROM withdrawal_requests WHERE number = 4)",
            ),
            ("reference", "'fresh'"),
            (
                "replaces_payment_id",
                "(SELECT id FROM distribution_payments WHERE number = 1)",
            ),
        ],
        unique: &[
            ("id", "distribution_payments.id"),
            (
                "withdrawal_request_id",
                "distribution_payments.withdrawal_request_id",
            ),
            ("reference", "distribution_payments.reference"),
            (
                "replaces_payment_id",
                "distribution_payments.replaces_payment_id",
            ),
        ],
    },
    New {
        table: "distribution_allocations",
        from: "number = 1",
        with: &[
            ID,
            (
                "distribution_event_id",
                "(SELECT id FROM distribution_events WHERE code = 'E2')",
            ),
        ],
        unique: &[(
            "distribution_event_id",
            "distribution_allocations.distribution_event_id, distribution_allocations.lp_token_holder_id",
        )],
    },
    New {
        table: "bank_match_lines",
        from: "live = 1",
        with: &[("match_number", "1"), ("live", "0")],
        unique: &[("live", "bank_match_lines.line_number")],
    },
    New {
        table: "bank_match_withdrawals",
        from: "live = 1",
        with: &[
            ("match_number", "(SELECT max(number) FROM bank_matches)"),
            ("live", "0"),
        ],
        unique: &[(
            "live",
            "bank_match_withdrawals.withdrawal_number, bank_match_withdrawals.kind",
        )],
    },
    New {
        table: "payment_file_items",
        from: "live = 1 AND withdrawal_number = 8",
        with: &[
            ("file_number", "1"),
            ("end_to_end", "'PRXXXXXXXX'"),
            ("live", "0"),
        ],
        unique: &[
            (
                "file_number",
                "payment_file_items.file_number, payment_file_items.withdrawal_number",
            ),
            ("end_to_end", "payment_file_items.end_to_end"),
            ("live", "payment_file_items.withdrawal_number"),
        ],
    },
    New {
        table: "payment_files",
        from: "number = 1",
        with: &[ID, ("message_id", "'fresh'")],
        unique: &[("message_id", "payment_files.message_id")],
    },
    New {
        table: "idempotency_keys",
        from: "number = 1",
        with: &[("key", "'fresh'")],
        unique: &[("key", "idempotency_keys.key")],
    },
    New {
        table: "users",
        from: "code = 'chi'",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "users.code")],
    },
    New {
        table: "users",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("id", "users.id")],
    },
    New {
        table: "projects",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "projects.code")],
    },
    New {
        table: "lp_token_holders",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "lp_token_holders.code")],
    },
    New {
        table: "distribution_events",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'")],
        unique: &[("code", "distribution_events.code")],
    },
    New {
        table: "bank_accounts",
        from: "number = 1",
        with: &[ID, ("code", "'fresh'"), ("account_number", "'0000000017'")],
        unique: &[
            ("code", "bank_accounts.code"),
            (
                "account_number",
                "bank_accounts.account_number, bank_accounts.bank_name, bank_accounts.currency",
            ),
        ],
    },
    New {
        table: "token_entries",
        from: "reference = 'T-1'",
        with: &[ID, ("reference", "'fresh'")],
        unique: &[(
            "reference",
            "token_entries.project_id, token_entries.reference",
        )],
    },
    New {
        table: "token_imports",
        from: "number = 1",
        with: &[ID, ("file_hash", "hex(zeroblob(32))")],
        unique: &[(
            "file_hash",
            "token_imports.project_id, token_imports.file_hash",
        )],
    },
    New {
        table: "bank_statements",
        from: "number = 1",
        with: &[ID, ("file_position", "9")],
        unique: &[(
            "file_position",
            "bank_statements.bank_account_id, bank_statements.file_hash, bank_statements.file_position",
        )],
    },
    New {
        table: "bank_lines",
        from: "number = 1",
        with: &[ID, ("occurrence", "2")],
        unique: &[("occurrence", "bank_lines.identity, bank_lines.occurrence")],
    },
    New {
        table: "withdrawal_requests",
        from: "number = 1",
        with: &[ID],
        unique: &[("id", "withdrawal_requests.id")],
    },
    New {
        table: "distribution_activity_log",
        from: "seq = 1",
        with: &[ID],
        unique: &[("id", "distribution_activity_log.id")],
    },
    New {
        table: "superseded_allocations",
        from: "history_number = 1",
        with: &[ID, ("superseded_at", "'2026-12-31T00:00:00.000000Z'")],
        unique: &[(
            "superseded_at",
            "superseded_allocations.distribution_event_id, superseded_allocations.lp_token_holder_id, \
             superseded_allocations.superseded_at",
        )],
    },
];

/// Changes of one row that the schema takes, and what it refuses beside them: where, what fits,
/// what does not.
const CHANGES: [(&str, &str, &str, &str); 35] = [
    (
        "distribution_allocations",
        "number = 3",
        "available_amount = available_amount",
        "available_amount = '-1.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "pending_amount = pending_amount",
        "pending_amount = '-0.0000001'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "withdrawn_amount = withdrawn_amount",
        "withdrawn_amount = '-5.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "allocated_amount = allocated_amount",
        "allocated_amount = '1.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "available_amount = '0.0000000', pending_amount = allocated_amount",
        "available_amount = '0.0000000', pending_amount = '0.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "available_amount = '0.0000000', withdrawn_amount = allocated_amount, pending_amount = '0.0000000', status = 'fully_withdrawn'",
        "available_amount = '0.0000000', withdrawn_amount = allocated_amount, pending_amount = '0.0000000', status = 'allocated'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "lp_tokens_held = '1.0000000'",
        "lp_tokens_held = '0.0000000'",
    ),
    (
        "distribution_allocations",
        "number = 3",
        "lp_tokens_held = '1.0000000'",
        "lp_tokens_held = '1.0'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "requested_amount = '1.0000000'",
        "requested_amount = '0.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "requested_amount = '1.0000000'",
        "requested_amount = '-1.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "requested_amount = '1.0000000'",
        "requested_amount = '01.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 1",
        "payment_amount = '4.0000000'",
        "payment_amount = '5.0000001'",
    ),
    (
        "withdrawal_requests",
        "number = 1",
        "payment_amount = '4.0000000'",
        "payment_amount = '10.0000000'",
    ),
    (
        "withdrawal_requests",
        "number = 1",
        "payment_reference = 'x'",
        "payment_reference = NULL",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'paid'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'approved'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'rejected'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'cancelled'",
    ),
    (
        "withdrawal_requests",
        "number = 4",
        "status = 'pending'",
        "status = 'done'",
    ),
    (
        "withdrawal_requests",
        "number = 2",
        "status = 'returned'",
        "status = 'paid'",
    ),
    (
        "distribution_payments",
        "number = 1",
        "amount = '4.0000000'",
        "amount = '0.0000000'",
    ),
    (
        "distribution_payments",
        "number = 1",
        "amount = '4.0000000'",
        "amount = '-4.0000000'",
    ),
    (
        "distribution_payments",
        "number = 1",
        "reference = 'x'",
        "reference = ''",
    ),
    (
        "distribution_payments",
        "number = 1",
        "status = 'reconciled'",
        "status = 'returned'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "total_amount = '9.0000000'",
        "total_amount = '0.0000000'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "record_date = '2026-03-01'",
        "record_date = '2026-04-01'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "total_withdrawn = '0.0000000'",
        "total_withdrawn = '1.0000000'",
    ),
    (
        "distribution_events",
        "code = 'E2'",
        "cancellation_reason = 'x'",
        "cancellation_reason = NULL",
    ),
    (
        "distribution_events",
        "code = 'E1'",
        "title = 'x'",
        "status = 'completed', completed_at = updated_at",
    ),
    (
        "distribution_events",
        "code = 'E1'",
        "title = 'x'",
        "status = 'calculated'",
    ),
    (
        "distribution_events",
        "code = 'E1'",
        "title = 'x'",
        "approved_by = NULL, approved_at = NULL",
    ),
    (
        "token_entries",
        "number = 1",
        "tokens = '2.0000000'",
        "tokens = '0.0000000'",
    ),
    (
        "token_entries",
        "kind = 'transfer'",
        "reference = 'x'",
        "to_holder_id = from_holder_id",
    ),
    (
        "token_entries",
        "kind = 'transfer'",
        "reference = 'x'",
        "kind = 'issue'",
    ),
    (
        "lp_token_holders",
        "code = 'h3'",
        "status_reason = 'x'",
        "status_reason = NULL",
    ),
];

/// Rows that others rest on.
const NEEDED: [&str; 9] = [
    "users",
    "projects",
    "lp_token_holders",
    "distribution_events",
    "distribution_allocations",
    "withdrawal_requests",
    "bank_accounts",
    "bank_lines",
    "payment_files",
];

fn columns(conn: &Connection, table: &str) -> Vec<String> {
    let mut statement = conn
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
        .unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Inserts a row like another one, but for some columns; answers what SQLite said, and takes it
/// back.
fn like(conn: &Connection, new: &New, with: &[(&str, &str)]) -> Result<usize, rusqlite::Error> {
    let columns = columns(conn, new.table);
    let value = |(at, name): (usize, &String)| {
        let other = with
            .iter()
            .find(|(column, _)| column == name)
            .map(|(_, value)| (*value).to_owned());
        let key = format!("(SELECT max({name}) + 1 FROM {})", new.table);
        other.unwrap_or_else(|| if at == 0 { key } else { name.clone() })
    };
    let values: Vec<String> = columns.iter().enumerate().map(value).collect();
    let (table, from) = (new.table, new.from);
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} WHERE {from} ORDER BY rowid LIMIT 1",
        columns.join(", "),
        values.join(", ")
    );
    attempt(conn, &sql)
}

/// Runs a change and takes it back.
fn attempt(conn: &Connection, sql: &str) -> Result<usize, rusqlite::Error> {
    conn.execute_batch("SAVEPOINT attempt").unwrap();
    let changed = conn.execute(sql, []);
    conn.execute_batch("ROLLBACK TO attempt; RELEASE attempt")
        .unwrap();
    changed
}

#[track_caller]
fn broken(result: Result<usize, rusqlite::Error>, words: &str, what: &str) {
    let error = result.expect_err(what);
    assert_eq!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation),
        "{what}: {error}"
    );
    assert!(error.to_string().contains(words), "{what}: {error}");
}

fn opened() -> (Desk, Connection) {
    let desk = populated::desk();
    let conn = populated::open(&desk);
    conn.execute_batch("PRAGMA foreign_keys = ON; BEGIN")
        .unwrap();
    // The links of its withdrawals have all ended; this one holds, until the transaction is
    // dropped.
    let held = conn
        .execute(
            "UPDATE bank_match_withdrawals SET live = 1 WHERE number = 1",
            [],
        )
        .unwrap();
    assert_eq!(held, 1);
    (desk, conn)
}

#[test]
fn the_schema_itself_refuses_what_the_rules_refuse() {
    let (desk, conn) = opened();
    let mut refused = 0;
    for new in &NEW {
        let taken = like(&conn, new, new.with);
        assert!(
            matches!(taken, Ok(1)),
            "{} takes a row that repeats nothing: {taken:?}",
            new.table
        );
        for (without, words) in new.unique {
            let with: Vec<(&str, &str)> = new
                .with
                .iter()
                .copied()
                .filter(|(column, _)| column != without)
                .collect();
            assert!(with.len() < new.with.len(), "{without} is no difference");
            broken(
                like(&conn, new, &with),
                words,
                &format!("{} without another {without}", new.table),
            );
            refused += 1;
        }
    }
    for (table, row, fits, breaks) in CHANGES {
        let taken = attempt(&conn, &format!("UPDATE {table} SET {fits} WHERE {row}"));
        assert!(
            matches!(taken, Ok(1)),
            "{table} of {row} takes {fits}: {taken:?}"
        );
        let change = format!("UPDATE {table} SET {breaks} WHERE {row}");
        broken(attempt(&conn, &change), "CHECK constraint failed", &change);
        refused += 1;
    }
    for table in NEEDED {
        let delete = format!("DELETE FROM {table} WHERE rowid = 1");
        broken(
            attempt(&conn, &delete),
            "FOREIGN KEY constraint failed",
            &delete,
        );
        refused += 1;
    }
    drop(conn);
    desk.sound();
    figure(
        "constraints",
        &format!("{refused} rows that the rules forbid, all refused by the schema itself"),
    );
}

#[test]
fn a_code_is_taken_whatever_its_case() {
    let (_desk, conn) = opened();
    let mut tables = 0;
    for new in NEW
        .iter()
        .filter(|new| new.unique.iter().any(|(column, _)| *column == "code"))
    {
        let code = "CASE code WHEN upper(code) THEN lower(code) ELSE upper(code) END";
        let with: Vec<(&str, &str)> = new
            .with
            .iter()
            .map(|(column, value)| (*column, if *column == "code" { code } else { value }))
            .collect();
        broken(
            like(&conn, new, &with),
            &format!("{}.code", new.table),
            new.table,
        );
        tables += 1;
    }
    assert_eq!(tables, 5);
    let again = "INSERT INTO ledger (number, id, four_eyes, created_at) SELECT 2, substr(id, 2) || 'f', 'on', created_at FROM ledger";
    broken(
        attempt(&conn, again),
        "CHECK constraint failed: number = 1",
        "a second ledger in the file",
    );
}

#[test]
fn what_a_row_rests_on_must_be_there() {
    let (_desk, conn) = opened();
    let mut keys = 0;
    for table in populated::tables(&conn) {
        let sql = format!("SELECT \"from\" FROM pragma_foreign_key_list('{table}')");
        let columns: Vec<String> = conn
            .prepare(&sql)
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for column in columns {
            let row = format!("(SELECT max(rowid) FROM {table} WHERE {column} IS NOT NULL)");
            let other = format!("CASE typeof({column}) WHEN 'integer' THEN 999 ELSE 'nobody' END");
            let change = format!("UPDATE {table} SET {column} = {other} WHERE rowid = {row}");
            let set: bool = conn
                .query_row(&format!("SELECT {row} IS NOT NULL"), [], |row| row.get(0))
                .unwrap();
            if set {
                broken(attempt(&conn, &change), "constraint failed", &change);
                keys += 1;
            }
        }
    }
    assert!(keys > 60, "{keys} columns name a row of another table");
}
