//! The sums of `net.md`, asked of the file itself: the one identity of named balances, and what it
//! rests on.

use super::sum;

/// What is approved and not cancelled.
const LIVE: &str = "status IN ('active', 'completed')";
/// The last movement of each forward balance.
const LAST: &str = "NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.follows = m.number)";

/// Adds up the parts that several queries return, each as `part`.
fn added(queries: &[String]) -> String {
    format!(
        "(SELECT {} FROM ({}))",
        sum("part"),
        queries.join(" UNION ALL ")
    )
}

/// Returns the laws, each with a query that finds what breaks it.
pub(super) fn all() -> Vec<(&'static str, String)> {
    let mut laws = vec![(
        "what was approved is somewhere, to the last digit",
        of_ledger(),
    )];
    laws.extend(forward());
    laws.extend(proceeds());
    laws.extend(tax());
    laws
}

/// The identity of the whole ledger, currency by currency.
fn of_ledger() -> String {
    let of_events = |column: &str| {
        format!(
            "SELECT e.{column} AS part FROM distribution_events e WHERE e.currency = c.currency AND e.{LIVE}"
        )
    };
    let of_shares = |column: &str| {
        format!(
            "SELECT a.{column} FROM distribution_allocations a JOIN distribution_events e ON e.id = a.distribution_event_id
             WHERE e.currency = c.currency AND e.{LIVE}"
        )
    };
    let of_forward = |column: &str, which: &str| {
        format!(
            "SELECT m.{column} FROM allocation_movements m JOIN projects p ON p.id = m.project_id
             WHERE p.currency = c.currency AND {which}"
        )
    };
    let approved = added(&[of_events("total_amount")]);
    let columns = [
        "tax_amount",
        "withdrawn_amount",
        "pending_amount",
        "available_amount",
    ];
    let mut parts = vec![of_events("total_retained")];
    parts.extend(columns.map(of_shares));
    parts.push(of_forward("forward_balance", LAST));
    parts.push(of_forward("amount", "m.kind = 'written_off'"));
    format!(
        "SELECT c.currency FROM (SELECT DISTINCT currency FROM distribution_events) c WHERE {approved} <> {}",
        added(&parts)
    )
}

/// The laws about forward balances.
fn forward() -> Vec<(&'static str, String)> {
    let of_balance = |kinds: &str| {
        format!(
            "SELECT x.amount AS part FROM allocation_movements x WHERE x.project_id = m.project_id
                AND x.lp_token_holder_id = m.lp_token_holder_id AND x.kind IN ({kinds})"
        )
    };
    let of_share = |kinds: &str| {
        format!(
            "SELECT x.amount AS part FROM allocation_movements x WHERE x.allocation_number = a.number AND x.kind IN ({kinds})"
        )
    };
    let came = added(&[of_balance("'carried_forward', 'brought_forward_undone'")]);
    let went = added(&[
        of_balance("'brought_forward', 'released', 'carried_forward_undone', 'written_off'"),
        "SELECT m.forward_balance".to_owned(),
    ]);
    let moved_in = added(&[
        of_share("'brought_forward_undone'"),
        "SELECT a.moved_in_amount".to_owned(),
    ]);
    let moved_out = added(&[
        of_share("'carried_forward_undone'"),
        "SELECT a.moved_out_amount".to_owned(),
    ]);
    vec![
        (
            "a forward balance is what came to it and did not leave it",
            format!(
                "SELECT m.number FROM allocation_movements m WHERE {LAST} AND {came} <> {went}"
            ),
        ),
        (
            "what moved in and out of an allocation are its movements",
            format!(
                "SELECT a.id FROM distribution_allocations a WHERE {moved_in} <> {} OR {moved_out} <> {}",
                added(&[of_share("'brought_forward', 'released'")]),
                added(&[of_share("'carried_forward'")])
            ),
        ),
    ]
}

/// The laws about proceeds, reserves and components.
fn proceeds() -> Vec<(&'static str, String)> {
    let deductions = |which: &str| {
        format!(
            "SELECT d.amount AS part FROM event_deductions d
             WHERE d.distribution_event_id = e.id AND d.removed_at IS NULL AND d.kind {which} 'release'"
        )
    };
    let before = added(&[
        "SELECT e.gross_proceeds AS part".to_owned(),
        deductions("="),
    ]);
    let after = added(&["SELECT e.total_amount AS part".to_owned(), deductions("<>")]);
    let of_reserve = |kinds: &str| {
        format!(
            "SELECT x.amount AS part FROM reserve_movements x
             WHERE x.project_id = m.project_id AND x.name = m.name AND x.kind IN ({kinds})"
        )
    };
    let reserved = added(&[of_reserve("'reserved', 'released_undone'")]);
    let released = added(&[
        of_reserve("'released', 'reserved_undone'"),
        "SELECT m.balance".to_owned(),
    ]);
    let components =
        "FROM event_components y WHERE y.distribution_event_id = e.id AND y.removed_at IS NULL";
    let amounts = added(&[format!("SELECT y.amount AS part {components}")]);
    let parts = added(&[
        "SELECT x.amount AS part FROM allocation_components x WHERE x.allocation_id = a.id"
            .to_owned(),
    ]);
    let column = added(&[
        "SELECT x.amount AS part FROM allocation_components x JOIN distribution_allocations a ON a.id = x.allocation_id
         WHERE a.distribution_event_id = e.id AND x.position = c.position"
            .to_owned(),
    ]);
    vec![
        (
            "proceeds and releases are what is distributed and deducted",
            format!(
                "SELECT e.code FROM distribution_events e
                 WHERE e.gross_proceeds IS NOT NULL AND e.total_amount IS NOT NULL AND {before} <> {after}"
            ),
        ),
        (
            "a reserve is what was reserved and not released",
            format!(
                "SELECT m.number FROM reserve_movements m
                 WHERE NOT EXISTS (SELECT 1 FROM reserve_movements n WHERE n.follows = m.number) AND {reserved} <> {released}"
            ),
        ),
        (
            "the components of an event add up to it",
            format!(
                "SELECT e.code FROM distribution_events e
                 WHERE e.calculated_at IS NOT NULL AND EXISTS (SELECT 1 {components}) AND {amounts} <> e.total_amount"
            ),
        ),
        (
            "the components of an allocation add up to it",
            format!(
                "SELECT a.id FROM distribution_allocations a
                 WHERE EXISTS (SELECT 1 FROM allocation_components x WHERE x.allocation_id = a.id) AND {parts} <> a.allocated_amount"
            ),
        ),
        (
            "what is allocated of a component is the component, less what is retained",
            format!(
                "SELECT e.code FROM event_components c JOIN distribution_events e ON e.id = c.distribution_event_id
                 WHERE c.removed_at IS NULL AND e.calculated_at IS NOT NULL
                   AND (SELECT count(*) {components}) > 1
                   AND ({column} <> c.amount AND e.total_retained = '0.0000000' OR length({column}) > length(c.amount)
                        OR length({column}) = length(c.amount) AND {column} > c.amount)"
            ),
        ),
    ]
}

/// The laws about tax.
fn tax() -> Vec<(&'static str, String)> {
    let of_shares = added(&["SELECT a.tax_amount AS part FROM distribution_allocations a WHERE a.distribution_event_id = e.id".to_owned()]);
    let of_items = added(&["SELECT i.tax_amount AS part FROM tax_items i
        WHERE i.distribution_event_id = e.id AND i.cancelled_at IS NULL"
        .to_owned()]);
    let remitted = added(&["SELECT i.tax_amount AS part FROM tax_remittance_items x JOIN tax_items i ON i.number = x.item_number
        WHERE x.remittance_number = r.number AND x.live = 1 AND i.cancelled_at IS NULL".to_owned()]);
    vec![
        (
            "what an approved event withholds is owed to authorities, and nothing else",
            format!(
                "SELECT e.code FROM distribution_events e
                 WHERE {of_items} <> CASE WHEN e.{LIVE} THEN {of_shares} ELSE '0.0000000' END"
            ),
        ),
        // So what is payable to an authority is never below zero.
        (
            "what was remitted are taxes that are owed, each once",
            format!(
                "SELECT r.number FROM tax_remittances r WHERE r.amount <> {remitted} AND r.reversed_at IS NULL
                 UNION ALL SELECT x.item_number FROM tax_remittance_items x
                    JOIN tax_remittances r ON r.number = x.remittance_number WHERE x.live <> (r.reversed_at IS NULL)
                 UNION ALL SELECT item_number FROM tax_remittance_items WHERE live = 1 GROUP BY item_number HAVING count(*) > 1"
            ),
        ),
    ]
}
