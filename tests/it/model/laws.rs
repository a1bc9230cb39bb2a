//! The sums of `domain.md`, asked of the file itself: what no model need know.

mod net;

use rusqlite::Connection;

/// Returns what a column of decimals adds up to: whole units and ten-millionths apart, since
/// together they would not fit 64 bits.
fn sum(column: &str) -> String {
    let whole = format!("sum(CAST(substr({column}, 1, length({column}) - 8) AS INTEGER))");
    let fraction = format!("sum(CAST(substr({column}, -7) AS INTEGER))");
    format!(
        "coalesce({whole} + {fraction} / 10000000, 0) || '.' || printf('%07d', coalesce({fraction}, 0) % 10000000)"
    )
}

/// Returns the laws, each with a query that finds what breaks it.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let mut laws = sums();
    laws.extend(net::all());
    laws.extend(links());
    laws
}

/// Returns the laws about the sums of events, allocations and payments.
fn sums() -> Vec<(&'static str, String)> {
    let of_allocation = |table: &str, column: &str, which: &str| {
        let sum = sum(column);
        format!("(SELECT {sum} FROM {table} WHERE distribution_allocation_id = a.id AND {which})")
    };
    let of_event = |column: &str| {
        let sum = sum(column);
        format!(
            "(SELECT {sum} FROM distribution_allocations a WHERE a.distribution_event_id = e.id)"
        )
    };
    let (allocated, withdrawn) = (of_event("allocated_amount"), of_event("withdrawn_amount"));
    let pending = of_event("pending_amount");
    let of_shares = |column: &str| {
        format!(
            "SELECT {column} AS part FROM distribution_allocations a WHERE a.distribution_event_id = e.id"
        )
    };
    let given = format!(
        "(SELECT {} FROM ({} UNION ALL SELECT e.total_retained))",
        sum("part"),
        of_shares("allocated_amount")
    );
    let percentage = format!(
        "(SELECT {} FROM ({} UNION ALL SELECT x.ownership_percentage FROM event_exclusions x
            WHERE x.distribution_event_id = e.id AND x.created_at = e.calculated_at))",
        sum("part"),
        of_shares("ownership_percentage")
    );
    let held = of_allocation(
        "withdrawal_requests",
        "requested_amount",
        "status IN ('pending', 'approved')",
    );
    let paid = of_allocation("distribution_payments", "amount", "status <> 'returned'");
    let added = |columns: &[&str]| {
        let columns: Vec<String> = columns
            .iter()
            .map(|column| format!("SELECT {column} AS part"))
            .collect();
        format!(
            "(SELECT {} FROM ({}))",
            sum("part"),
            columns.join(" UNION ALL ")
        )
    };
    let came = added(&["allocated_amount", "moved_in_amount"]);
    let went = added(&[
        "withdrawn_amount",
        "pending_amount",
        "available_amount",
        "tax_amount",
        "moved_out_amount",
    ]);
    let events = "SELECT e.code FROM distribution_events e WHERE";
    let allocations = "SELECT a.id FROM distribution_allocations a WHERE";
    vec![
        (
            "what is calculated is allocated or retained to the last digit",
            format!(
                "{events} e.calculated_at IS NOT NULL AND ({given} <> e.total_amount OR {percentage} <> '100.0000000')"
            ),
        ),
        (
            "an event's sums are those of its allocations",
            format!(
                "{events} e.total_allocated <> {allocated} OR e.total_withdrawn <> {withdrawn} OR e.total_pending <> {pending}"
            ),
        ),
        (
            "allocated + moved in = withdrawn + pending + available + tax + moved out, none below zero",
            format!(
                "{allocations} {came} <> {went} OR instr(a.withdrawn_amount || a.pending_amount || a.available_amount
                    || a.tax_amount || a.moved_in_amount || a.moved_out_amount, '-')"
            ),
        ),
        ("what is pending is reserved by open requests", format!("{allocations} a.pending_amount <> {held}")),
        ("what is withdrawn was paid and not returned", format!("{allocations} a.withdrawn_amount <> {paid}")),
        (
            "payments that were not returned never exceed the total of the event and what was brought forward",
            format!(
                "SELECT code FROM (SELECT e.code, (SELECT {} FROM (SELECT e.total_amount AS part
                    UNION ALL SELECT e.total_brought_forward)) AS most, (SELECT {} FROM distribution_payments y
                    WHERE y.distribution_event_id = e.id AND y.status <> 'returned') AS paid FROM distribution_events e)
                 WHERE length(paid) > length(most) OR (length(paid) = length(most) AND paid > most)",
                sum("part"),
                sum("y.amount")
            ),
        ),
    ]
}

/// Returns the laws about references, files, bank lines and the trail.
fn links() -> Vec<(&'static str, String)> {
    vec![
        (
            "no reference is used twice, and no withdrawal is paid twice",
            "SELECT min(reference) FROM distribution_payments GROUP BY reference HAVING count(DISTINCT transfer_number) > 1
             UNION ALL SELECT min(reference) FROM distribution_payments GROUP BY withdrawal_request_id HAVING count(*) > 1"
                .to_owned(),
        ),
        (
            "a withdrawal is in one payment file that was not cancelled",
            "SELECT withdrawal_number FROM payment_file_items WHERE live = 1 GROUP BY withdrawal_number HAVING count(*) > 1"
                .to_owned(),
        ),
        (
            "a line of the bank, and of each kind a withdrawal, is in one link that has not ended",
            "SELECT line_number FROM bank_match_lines WHERE live = 1 GROUP BY line_number HAVING count(*) > 1
             UNION ALL SELECT withdrawal_number FROM bank_match_withdrawals WHERE live = 1
                GROUP BY withdrawal_number, kind HAVING count(*) > 1"
                .to_owned(),
        ),
        (
            "what a line was decided to be was paid, to the last digit",
            format!(
                "SELECT m.number FROM bank_matches m WHERE m.kind IN ('payment', 'return') AND m.matched_at IS NOT NULL
                    AND m.ended_at IS NULL AND (SELECT {} FROM (SELECT ltrim(l.amount, '-') AS amount FROM bank_match_lines x
                        JOIN bank_lines l ON l.number = x.line_number WHERE x.match_number = m.number))
                    <> (SELECT {} FROM bank_match_withdrawals x JOIN withdrawal_requests w ON w.number = x.withdrawal_number
                        JOIN distribution_payments y ON y.withdrawal_request_id = w.id WHERE x.match_number = m.number)",
                sum("amount"),
                sum("y.amount")
            ),
        ),
        (
            "equal lines of an account are counted from one on",
            "SELECT identity FROM bank_lines GROUP BY bank_account_id, booking_date, identity
             HAVING count(*) <> max(occurrence) OR min(occurrence) <> 1"
                .to_owned(),
        ),
        (
            "the trail has no gap",
            "SELECT count(*) FROM distribution_activity_log HAVING count(*) <> max(seq) OR min(seq) <> 1".to_owned(),
        ),
    ]
}

/// Returns which laws do not hold.
pub(super) fn broken(conn: &Connection, laws: &[(&'static str, String)]) -> Vec<&'static str> {
    let breaks = |sql: &str| conn.prepare_cached(sql).unwrap().exists([]).unwrap();
    laws.iter()
        .filter(|(_, sql)| breaks(sql))
        .map(|(law, _)| *law)
        .collect()
}
