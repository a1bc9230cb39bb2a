//! Compares the whole ledger with the model: each table as lines of text, once from the file and
//! once from the model.

mod lines;

use rusqlite::{Connection, Row};
use serde_json::Value;

use super::{
    bank::Line,
    books::{Books, EndToEnd},
    certificates, components,
    matching::{Link, OpenLinks},
    net, participation, proceeds, proposals, remittances, reserves, tax,
    units::read,
};

/// A table: its name, the query that reads it as lines in a fixed order, and the lines of the
/// model.
type Table = (&'static str, &'static str, fn(&Books) -> Vec<String>);

/// All tables that the commands write. The trail is compared entry by entry as it grows.
const TABLES: [Table; 29] = [
    (
        "users",
        "SELECT format('%s|%s|%s|%s', u.code, u.role, u.status, a.code) FROM users u
         LEFT JOIN users a ON a.id = u.acknowledged_by ORDER BY u.number",
        lines::users,
    ),
    (
        "holders",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', h.code, h.name, h.status, h.tax_kind, h.tax_residence, h.tax_state,
            c.bank_name, c.bank_code, c.account_number, u.code)
         FROM lp_token_holders h LEFT JOIN holder_accounts c ON c.lp_token_holder_id = h.id AND c.removed_at IS NULL
         LEFT JOIN users u ON u.id = c.bank_changed_by ORDER BY h.number",
        lines::holders,
    ),
    (
        "register",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s', p.code, f.code, t.code, e.tokens, e.effective_date, e.reference, u.code)
         FROM token_entries e JOIN projects p ON p.id = e.project_id JOIN users u ON u.id = e.created_by
         LEFT JOIN lp_token_holders f ON f.id = e.from_holder_id LEFT JOIN lp_token_holders t ON t.id = e.to_holder_id
         ORDER BY e.number",
        lines::register,
    ),
    (
        "supplies",
        "SELECT format('%s|%s|%s', p.code, coalesce(s.issued, '0.0000000'), coalesce(s.redeemed, '0.0000000'))
         FROM projects p LEFT JOIN token_supplies s ON s.project_id = p.id ORDER BY p.number",
        lines::supplies,
    ),
    (
        "projects",
        "SELECT format('%s|%s|%s|%s|%s', p.code, p.currency, p.minimum_payout, p.tax_profile, u.code)
         FROM projects p LEFT JOIN users u ON u.id = p.tax_profile_by ORDER BY p.number",
        lines::projects,
    ),
    (
        "events",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', e.code, p.code, e.currency, format('%s|%s|%s|%s|%s', e.event_type, e.total_amount, e.gross_proceeds, e.rate_per_unit, e.rounding), e.unit,
            e.distribution_date, e.record_date, format('%s|%s|%s|%s', e.minimum_payout, e.tax_exempt_reason, e.tax_profile, e.status), e.snapshot_date, format('%s|%s', e.snapshot_total_lp_tokens, e.counted_lp_tokens), e.total_allocated,
            format('%s|%s|%s', e.total_retained, e.total_tax, e.total_withdrawn), format('%s|%s|%s', e.total_pending, e.total_brought_forward, e.total_carried_forward), c.code,
            format('%s|%s|%s|%s', k.code, a.code, x.code, e.snapshot_nav))
         FROM distribution_events e JOIN projects p ON p.id = e.project_id JOIN users c ON c.id = e.created_by
         LEFT JOIN users k ON k.id = e.calculated_by LEFT JOIN users a ON a.id = e.approved_by
         LEFT JOIN users x ON x.id = e.cancelled_by ORDER BY e.number",
        lines::events,
    ),
    (
        "deductions",
        "SELECT format('%s|%d|%s|%s|%s|%s|%s|%s|%s', e.code, d.position, d.kind, d.name, d.given_amount, d.given_percent,
            d.given_of, d.amount, d.rest)
         FROM event_deductions d JOIN distribution_events e ON e.id = d.distribution_event_id
         WHERE d.removed_at IS NULL ORDER BY e.number, d.position",
        proceeds::deduction_lines,
    ),
    (
        "reserves",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s', p.code, m.name, m.kind, e.code, m.amount, m.balance, m.counterpart)
         FROM reserve_movements m JOIN projects p ON p.id = m.project_id
         JOIN distribution_events e ON e.id = m.distribution_event_id ORDER BY m.number",
        reserves::lines,
    ),
    (
        "components",
        "SELECT format('%s|%d|%s|%s|%s', e.code, c.position, c.name, c.given_amount, c.amount)
         FROM event_components c JOIN distribution_events e ON e.id = c.distribution_event_id
         WHERE c.removed_at IS NULL ORDER BY e.number, c.position",
        components::lines,
    ),
    (
        "parts",
        "SELECT format('%s|%s|%s', e.code, h.code,
            (SELECT group_concat(amount, ' ' ORDER BY position) FROM allocation_components WHERE allocation_id = a.id))
         FROM distribution_allocations a JOIN distribution_events e ON e.id = a.distribution_event_id
         JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
         WHERE EXISTS (SELECT 1 FROM allocation_components WHERE allocation_id = a.id) ORDER BY e.number, a.number",
        components::part_lines,
    ),
    (
        "forward balances",
        "SELECT format('%s|%s|%s', p.code, h.code, m.forward_balance) FROM allocation_movements m
         JOIN projects p ON p.id = m.project_id JOIN lp_token_holders h ON h.id = m.lp_token_holder_id
         WHERE NOT EXISTS (SELECT 1 FROM allocation_movements n WHERE n.follows = m.number)
           AND m.forward_balance <> '0.0000000' ORDER BY p.number, h.number",
        net::lines,
    ),
    (
        "tax of shares",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s', e.code, h.code, e.tax_profile, a.tax_amount, t.authority, t.remit_day,
            group_concat(t.rate || ' ' || iif(t.reason LIKE 'certificate%', t.reason, ''), ',' ORDER BY t.position))
         FROM distribution_allocations a JOIN distribution_events e ON e.id = a.distribution_event_id
         JOIN lp_token_holders h ON h.id = a.lp_token_holder_id
         JOIN event_tax_terms t ON t.distribution_event_id = e.id AND t.created_at = e.calculated_at AND t.class = a.tax_class
         GROUP BY e.number, a.number ORDER BY e.number, a.number",
        tax::term_lines,
    ),
    (
        "tax items",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%d|%s', e.code, i.authority, i.currency, i.period, i.tax_date, i.due_date,
            i.gross_amount, i.tax_amount, i.cancelled_at IS NOT NULL,
            (SELECT remittance_number FROM tax_remittance_items WHERE item_number = i.number AND live = 1))
         FROM tax_items i JOIN distribution_events e ON e.id = i.distribution_event_id ORDER BY i.number",
        tax::item_lines,
    ),
    (
        "remittances",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s', r.authority, r.period, r.currency, r.amount, r.reference, r.payment_date,
            u.code, v.code, (SELECT group_concat(item_number, ' ' ORDER BY item_number) FROM tax_remittance_items
                WHERE remittance_number = r.number))
         FROM tax_remittances r JOIN users u ON u.id = r.created_by LEFT JOIN users v ON v.id = r.reversed_by
         ORDER BY r.number",
        remittances::lines,
    ),
    (
        "standing exclusions",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s', p.code, h.code, x.policy, t.code, x.reason, x.from_date, x.until_date,
            u.code, d.code)
         FROM project_exclusions x JOIN projects p ON p.id = x.project_id JOIN lp_token_holders h ON h.id = x.lp_token_holder_id
         JOIN users u ON u.id = x.created_by LEFT JOIN lp_token_holders t ON t.id = x.assign_to_id
         LEFT JOIN users d ON d.id = x.ended_by ORDER BY x.number",
        participation::standing_lines,
    ),
    (
        "exclusions",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s', e.code, h.code, x.policy, t.code, x.reason, x.lp_tokens_held,
            x.ownership_percentage, x.part_amount)
         FROM event_exclusions x JOIN distribution_events e ON e.id = x.distribution_event_id AND e.calculated_at = x.created_at
         JOIN lp_token_holders h ON h.id = x.lp_token_holder_id LEFT JOIN lp_token_holders t ON t.id = x.assign_to_id
         ORDER BY e.number, x.number",
        participation::excluded_lines,
    ),
    (
        "allocations",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', e.code, h.code, a.lp_tokens_held, a.ownership_percentage,
            format('%s|%s|%s', a.allocated_amount, a.assigned_amount, a.tax_amount), a.withdrawn_amount, a.pending_amount, a.available_amount, a.moved_in_amount,
            a.moved_out_amount, a.status)
         FROM distribution_allocations a JOIN distribution_events e ON e.id = a.distribution_event_id
         JOIN lp_token_holders h ON h.id = a.lp_token_holder_id ORDER BY e.number, a.number",
        lines::allocations,
    ),
    (
        "withdrawals",
        "SELECT format('%d|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', w.number, e.code, h.code, w.requested_amount,
            w.status, w.bank_name, w.bank_code, w.account_number, b.code, r.code, a.code, j.code, c.code,
            w.payment_reference, w.payment_date, format('%s|%s|%s', w.payment_amount, y.code, w.means))
         FROM withdrawal_requests w JOIN distribution_events e ON e.id = w.distribution_event_id
         JOIN lp_token_holders h ON h.id = w.lp_token_holder_id LEFT JOIN users b ON b.id = w.bank_changed_by
         JOIN users r ON r.id = w.requested_by LEFT JOIN users a ON a.id = w.approved_by
         LEFT JOIN users j ON j.id = w.rejected_by LEFT JOIN users c ON c.id = w.cancelled_by
         LEFT JOIN users y ON y.id = w.paid_by ORDER BY w.number",
        lines::withdrawals,
    ),
    (
        "payments",
        "SELECT format('%d|%d|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', y.number, w.number, h.code, y.amount, y.currency, y.reference,
            y.payment_date, y.status, y.account_number, r.number, u.code, format('%s|%s|%s|%s', y.return_date, b.code, y.recorded_from,
            (SELECT s.code FROM payment_settlements z JOIN users s ON s.id = z.settled_by
             WHERE z.payment_number = y.number AND z.undone_at IS NULL)))
         FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
         JOIN lp_token_holders h ON h.id = y.lp_token_holder_id JOIN users u ON u.id = y.paid_by
         LEFT JOIN distribution_payments r ON r.id = y.replaces_payment_id LEFT JOIN users b ON b.id = y.returned_by
         ORDER BY y.number",
        lines::payments,
    ),
    (
        "payment files",
        "SELECT format('%d|%s|%s|%d|%s|%s|%s|%s', f.number, b.code, f.layout, f.payments, f.total, u.code, x.code,
            (SELECT group_concat(i.withdrawal_number || ':' || i.live, ' ' ORDER BY i.withdrawal_number)
             FROM payment_file_items i WHERE i.file_number = f.number))
         FROM payment_files f JOIN bank_accounts b ON b.id = f.bank_account_id LEFT JOIN users u ON u.id = f.cancelled_by
         LEFT JOIN users x ON x.id = f.exported_by ORDER BY f.number",
        lines::files,
    ),
    (
        "net asset values",
        "SELECT format('%s|%s|%s|%s', p.code, n.nav_date, n.amount, u.code) FROM project_navs n
         JOIN projects p ON p.id = n.project_id JOIN users u ON u.id = n.created_by ORDER BY n.number",
        lines::navs,
    ),
    (
        "register files",
        "SELECT format('%s|%d|%s|%d', p.code,
            (SELECT l.changes_summary ->> '$.import.rows' FROM distribution_activity_log l
             WHERE l.activity_type = 'tokens_imported' AND l.created_at = i.created_at), i.tokens,
            (SELECT count(*) FROM token_entries e WHERE e.project_id = i.project_id AND e.created_at = i.created_at))
         FROM token_imports i JOIN projects p ON p.id = i.project_id ORDER BY i.number",
        lines::imports,
    ),
    (
        "bank accounts",
        "SELECT format('%s|%s|%s|%s|%s', b.code, b.bank_name, b.account_number, b.currency, p.code)
         FROM bank_accounts b LEFT JOIN projects p ON p.id = b.project_id ORDER BY b.number",
        lines::accounts,
    ),
    (
        "statements",
        "SELECT format('%s|%d|%d|%s|%s|%s|%s|%s', b.code, s.lines_new, s.lines_known, s.debits, s.credits, s.date_from,
            s.date_to, u.code)
         FROM bank_statements s JOIN bank_accounts b ON b.id = s.bank_account_id
         LEFT JOIN users u ON u.id = s.voided_by ORDER BY s.number",
        lines::statements,
    ),
    (
        "lines",
        "SELECT format('%s|%d|%s|%s|%s|%s|%d', b.code, l.statement_number, l.booking_date, l.amount, l.reference,
            l.description, l.occurrence)
         FROM bank_lines l JOIN bank_accounts b ON b.id = l.bank_account_id ORDER BY l.number",
        lines::bank_lines,
    ),
    (
        "links",
        "SELECT format('%s|%s|%s|%s|%s|%s', b.code, m.kind, m.tier,
            coalesce(m.ended_as, iif(m.matched_at IS NULL, 'proposed', 'matched')),
            (SELECT group_concat(line_number || ':' || live, ' ' ORDER BY line_number) FROM bank_match_lines
             WHERE match_number = m.number),
            (SELECT group_concat(withdrawal_number || ':' || live, ' ' ORDER BY withdrawal_number) FROM bank_match_withdrawals
             WHERE match_number = m.number))
         FROM bank_matches m JOIN bank_accounts b ON b.id = m.bank_account_id ORDER BY m.number",
        lines::links,
    ),
    (
        "proposals",
        "SELECT format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', q.subject, q.currency, q.amount, q.status, p.code, d.code, r.text,
            r.kind, r.at_most, x.code)
         FROM proposals q JOIN users p ON p.id = q.proposed_by LEFT JOIN users d ON d.id = q.decided_by
         LEFT JOIN bank_rules r ON r.proposal_number = q.number LEFT JOIN users x ON x.id = r.removed_by
         ORDER BY q.number",
        proposals::lines,
    ),
    (
        "certificates",
        "SELECT format('%d|%s|%s|%s|%s|%s|%s', x.proposal_number, h.code, x.kind, x.component, x.rate, x.from_date, x.until_date)
         FROM tax_certificates x JOIN lp_token_holders h ON h.id = x.lp_token_holder_id ORDER BY x.number",
        certificates::lines,
    ),
    ("keys", "SELECT key FROM idempotency_keys ORDER BY key COLLATE BINARY", lines::keys),
];

/// Compares every table. Returns the lines that differ.
pub(super) fn differences(conn: &Connection, books: &Books) -> Vec<String> {
    let mut found = Vec::new();
    for (name, sql, expected) in TABLES {
        let (actual, expected) = (lines(conn, sql), expected(books));
        for at in 0..actual.len().max(expected.len()) {
            let (actual, expected) = (actual.get(at), expected.get(at));
            if actual != expected {
                found.push(format!(
                    "{name} {}:\n  the ledger: {actual:?}\n  the model:  {expected:?}",
                    at + 1
                ));
            }
        }
    }
    found
}

/// Reads the entries of the trail after a number of them, as the model tells them.
pub(super) fn entries(conn: &Connection, after: usize) -> Vec<String> {
    const ENTRIES: &str = "SELECT format('%s|%s|%s|%s|%s|%s', l.activity_type, l.outcome, u.code,
        iif(l.activity_type LIKE 'line%' OR l.activity_type = 'settlement_undone', '', l.previous_status),
        iif(l.activity_type LIKE 'line%' OR l.activity_type = 'settlement_undone', '', l.new_status),
        CASE l.outcome WHEN 'refused' THEN json_extract(l.changes_summary, '$.code') END)
        FROM distribution_activity_log l JOIN users u ON u.id = l.performed_by WHERE l.seq > ?1 ORDER BY l.seq";
    let mut statement = conn.prepare_cached(ENTRIES).unwrap();
    let rows = statement
        .query_map([i64::try_from(after).unwrap()], |row| row.get(0))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// Reads the end-to-end references, each with its withdrawal and its payment file.
pub(super) fn references(conn: &Connection) -> Vec<EndToEnd> {
    const ITEMS: &str = "SELECT end_to_end, withdrawal_number - 1, file_number - 1 FROM payment_file_items ORDER BY number";
    let mut statement = conn.prepare_cached(ITEMS).unwrap();
    statement
        .query_map([], |row| {
            Ok(EndToEnd {
                reference: row.get(0)?,
                withdrawal: place(row, 1),
                file: place(row, 2),
            })
        })
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Reads which withdrawals the last run over an account found for lines that it could not decide
/// about.
pub(super) fn doubted(conn: &Connection) -> Vec<usize> {
    const DOUBTED: &str = "SELECT s.withdrawal_number - 1 FROM bank_classes s
        WHERE s.number IN (SELECT max(number) FROM bank_classes GROUP BY withdrawal_number, bank_account_id)
          AND s.withdrawal_number IS NOT NULL AND json_array_length(s.concerns, '$.lines') > 0
          AND s.class IN ('ambiguous', 'amount_differs', 'date_out_of_window', 'duplicate_payment')";
    let mut statement = conn.prepare_cached(DOUBTED).unwrap();
    statement
        .query_map([], |row| Ok(place(row, 0)))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

/// Reads what the runs of the reconciliation made.
pub(super) fn found(conn: &Connection) -> OpenLinks {
    const LINKS: &str = "SELECT b.number - 1, m.kind, m.tier,
            coalesce(m.ended_as, iif(m.matched_at IS NULL, 'proposed', 'matched')),
            (SELECT group_concat(line_number - 1, ' ' ORDER BY line_number) FROM bank_match_lines WHERE match_number = m.number),
            (SELECT group_concat(withdrawal_number - 1, ' ' ORDER BY withdrawal_number) FROM bank_match_withdrawals
             WHERE match_number = m.number)
        FROM bank_matches m JOIN bank_accounts b ON b.id = m.bank_account_id ORDER BY m.number";
    let places = |text: Option<String>| {
        text.unwrap_or_default()
            .split_whitespace()
            .map(|place| place.parse().unwrap())
            .collect::<Vec<usize>>()
    };
    let link = |row: &Row<'_>| -> rusqlite::Result<Link> {
        let (account, kind, tier, state) = (place(row, 0), row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Link {
            account,
            kind,
            tier,
            state,
            lines: places(row.get(4)?),
            withdrawals: places(row.get(5)?),
        })
    };
    let links = conn
        .prepare_cached(LINKS)
        .unwrap()
        .query_map([], link)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let runs = conn
        .query_row("SELECT count(*) FROM bank_reconciliations", [], |row| {
            Ok(place(row, 0))
        })
        .unwrap();
    OpenLinks { links, runs }
}

fn place(row: &Row<'_>, at: usize) -> usize {
    usize::try_from(row.get::<_, i64>(at).unwrap()).unwrap()
}

/// Compares what a run of the reconciliation printed with the lines of the account: each is in
/// one class, and what no decided link holds is left.
pub(super) fn misprinted(
    books: &Books,
    account: &str,
    (exit, printed): (i32, &str),
) -> Option<String> {
    const SETTLED: [&str; 5] = [
        "matched",
        "matched_group",
        "returned",
        "resolved",
        "fee_tax_levy",
    ];
    let printed: Value = serde_json::from_str(printed).unwrap();
    let (mut all, mut left) = ((0, 0), (0, 0));
    for class in printed["classes"].as_array().unwrap() {
        let (count, sum) = (
            class["lines"].as_u64().unwrap(),
            read(class["lines_total"].as_str().unwrap()),
        );
        all = (all.0 + count, all.1 + sum);
        if !SETTLED.contains(&class["class"].as_str().unwrap()) {
            left = (left.0 + count, left.1 + sum);
        }
    }
    let account = books.account(account).ok()?;
    let counted = |wanted: &dyn Fn(usize) -> bool| {
        let of_account = |(at, line): &(usize, &Line)| {
            line.account == account && !books.is_void(line) && wanted(*at)
        };
        let fits = books.lines.iter().enumerate().filter(of_account);
        fits.fold((0, 0), |(count, sum), (_, line)| {
            (count + 1, sum + line.row.amount)
        })
    };
    let expected = (
        counted(&|_| true),
        // A line of nothing settles itself.
        counted(&|at| {
            let is_open = books.decided(at).is_none() && !books.is_explained(at);
            is_open && books.lines[at].row.amount != 0
        }),
    );
    let is_left = printed["left"].as_u64().unwrap() > 0;
    let exit_fits = exit == if is_left { 3 } else { 0 } && (is_left || left.0 == 0);
    ((all, left) != expected || !exit_fits)
        .then(|| format!("all and left: {expected:?}, and it said {all:?}, {left:?}, {exit}"))
}

fn lines(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare_cached(sql).unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}
