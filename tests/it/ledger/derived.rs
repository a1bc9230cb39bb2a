//! What `check` re-derives: each rule is broken once, and `check` says which.

use serde_json::{Value, json};

use crate::{audit::populated, support::Desk};

const NOBODY: &str = "019f17c1-ba80-7000-8000-000000000000";

/// What is changed, the check that finds it, and what it says.
const BROKEN: &[(&str, &str, &str)] = &[
    (
        "UPDATE distribution_payments SET amount = '3.0000000' WHERE number = 1",
        "payments",
        "P-000001 and withdrawal W-000001",
    ),
    (
        "UPDATE distribution_payments SET reference = 'TRX-9' WHERE number = 1",
        "payments",
        "P-000001 and withdrawal W-000001",
    ),
    ("UPDATE distribution_payments SET payment_date = '2026-06-09' WHERE number = 1", "payments", "disagree"),
    ("UPDATE distribution_payments SET notes = NULL WHERE number = 1", "payments", "disagree"),
    ("UPDATE distribution_payments SET currency = 'USD' WHERE number = 1", "payments", "disagree"),
    ("UPDATE distribution_payments SET account_number = '2000000009' WHERE number = 1", "payments", "disagree"),
    (
        "UPDATE distribution_payments SET paid_by = (SELECT id FROM users WHERE code = 'ada') WHERE number = 1",
        "payments",
        "disagree",
    ),
    (
        "UPDATE distribution_payments SET distribution_allocation_id = (SELECT id FROM distribution_allocations
         WHERE id <> distribution_payments.distribution_allocation_id LIMIT 1) WHERE number = 1",
        "payments",
        "disagree",
    ),
    (
        "UPDATE distribution_payments SET status = 'recorded', return_date = NULL, return_reason = NULL, returned_by = NULL,
         returned_at = NULL WHERE number = 2",
        "payments",
        "P-000002",
    ),
    (
        "UPDATE distribution_payments SET replaces_payment_id = (SELECT id FROM distribution_payments WHERE number = 1)
         WHERE number = 3",
        "payments",
        "P-000003",
    ),
    ("DELETE FROM distribution_payments WHERE number = 3", "payments", "withdrawals are paid or returned, but"),
    ("UPDATE distribution_payments SET withdrawal_request_id = 'NOBODY' WHERE number = 1", "payments", "pays no withdrawal"),
    (
        "UPDATE distribution_payments SET withdrawal_request_id = 'NOBODY' WHERE number = 1",
        "foreign_keys",
        "distribution_payments",
    ),
    (
        "UPDATE distribution_payments SET replaces_payment_id = 'NOBODY' WHERE number = 1",
        "foreign_keys",
        "distribution_payments",
    ),
    (
        "UPDATE distribution_payments SET distribution_allocation_id = 'NOBODY' WHERE number = 1",
        "foreign_keys",
        "distribution_payments",
    ),
    (
        "UPDATE distribution_payments SET status = 'reconciled' WHERE number = 1",
        "file_integrity",
        "CHECK constraint failed in distribution_payments",
    ),
    (
        "UPDATE withdrawal_requests SET requested_amount = '1.5000000' WHERE status = 'pending'",
        "balances",
        "is not the sum of its withdrawals",
    ),
    (
        "UPDATE withdrawal_requests SET distribution_allocation_id = 'NOBODY' WHERE number = 5",
        "foreign_keys",
        "withdrawal_requests",
    ),
    (
        "UPDATE distribution_allocations SET number = 99 WHERE number = (SELECT min(number) FROM distribution_allocations)",
        "sums",
        "next to the other allocations of its event",
    ),
    (
        "UPDATE distribution_allocations SET distribution_event_id = (SELECT id FROM distribution_events WHERE code = 'E2')
         WHERE number = (SELECT min(number) + 1 FROM distribution_allocations)",
        "sums",
        "is not next to the other allocations of its event",
    ),
    (
        "UPDATE distribution_allocations SET lp_token_holder_id = 'NOBODY' WHERE number = (SELECT min(number) FROM distribution_allocations)",
        "sums",
        "its holder does not exist",
    ),
    (
        "UPDATE distribution_allocations SET lp_token_holder_id = 'NOBODY' WHERE number = (SELECT min(number) FROM distribution_allocations)",
        "foreign_keys",
        "distribution_allocations",
    ),
    (
        "UPDATE distribution_allocations SET distribution_event_id = 'NOBODY'
         WHERE number = (SELECT max(number) FROM distribution_allocations)",
        "foreign_keys",
        "distribution_allocations",
    ),
    ("UPDATE distribution_events SET total_pending = '7.0000000' WHERE code = 'E1'", "balances", "the pending total of `E1`"),
    ("UPDATE distribution_events SET snapshot_nav = '7.0000000' WHERE code = 'E1'", "sums", "the calculation hash of `E1`"),
    (
        "UPDATE distribution_activity_log SET withdrawal_request_id = 'NOBODY' WHERE withdrawal_request_id IS NOT NULL",
        "foreign_keys",
        "distribution_activity_log",
    ),
    (
        "UPDATE bank_statements SET lines_new = lines_new + 1 WHERE number = 1",
        "bank",
        "S-000001 does not have as many lines",
    ),
    ("UPDATE bank_lines SET occurrence = 2 WHERE number = 1", "bank", "L-000001 is counted after an equal line that does not exist"),
    ("UPDATE bank_lines SET amount = '-5.0000000' WHERE number = 1", "bank", "L-000001 is not what its identity says"),
    ("UPDATE bank_lines SET statement_number = 99 WHERE number = 1", "foreign_keys", "bank_lines"),
    ("UPDATE bank_match_lines SET live = 1 - live WHERE number = 1", "bank", "its lines do not agree"),
    ("UPDATE bank_match_withdrawals SET live = 1 - live WHERE number = 1", "bank", "its withdrawals do not agree"),
    ("UPDATE bank_match_withdrawals SET kind = 'return' WHERE number = 1", "bank", "its withdrawals do not agree"),
    (
        "UPDATE bank_matches SET ended_at = NULL, matched_at = created_at;
         UPDATE bank_match_withdrawals SET withdrawal_number = (SELECT max(number) FROM withdrawal_requests WHERE paid_at IS NULL)
         WHERE number = 1",
        "bank",
        "is matched with the bank and not recorded as paid",
    ),
    ("DELETE FROM bank_match_lines WHERE number = 1", "bank", "has no line"),
    ("UPDATE bank_match_lines SET line_number = 99 WHERE number = 1", "foreign_keys", "bank_match_lines"),
    ("UPDATE bank_match_withdrawals SET withdrawal_number = 99 WHERE number = 1", "foreign_keys", "bank_match_withdrawals"),
    ("UPDATE bank_match_remittances SET live = 0", "tax", "is not one line and one remittance"),
    ("DELETE FROM bank_match_remittances", "tax", "is not one line and one remittance"),
    ("UPDATE bank_matches SET kind = 'other' WHERE kind = 'remittance'", "tax", "is not one line and one remittance"),
    (
        "UPDATE bank_lines SET amount = '-5.0000000' WHERE number = 6",
        "tax",
        "L-000006 and T-000001 are matched, and their amounts or currencies differ",
    ),
    ("UPDATE tax_remittances SET currency = 'USD'", "tax", "L-000006 and T-000001 are matched, and their amounts or currencies differ"),
    (
        "UPDATE tax_remittances SET reversed_by = created_by, reversed_at = '2026-07-01T09:00:00.000000Z', reversal_reason = 'x'",
        "tax",
        "L-000006 and T-000001 are matched, and one of them was taken back",
    ),
    (
        "UPDATE bank_matches SET matched_by = (SELECT created_by FROM tax_remittances) WHERE kind = 'remittance'",
        "tax",
        "L-000006 and T-000001 were matched by who recorded the remittance",
    ),
    ("UPDATE bank_match_remittances SET remittance_number = 99", "foreign_keys", "bank_match_remittances"),
    ("UPDATE payment_files SET payments = payments + 1 WHERE number = 1", "bank", "F-000001 and its payments do not agree"),
    ("UPDATE payment_file_items SET amount = '7.0000000' WHERE number = 2", "bank", "F-000002 and its payments do not agree"),
    ("UPDATE payment_file_items SET account_number = '0123456163' WHERE number = 1", "bank", "F-000001 and its payments do not agree"),
    ("UPDATE payment_files SET total = '7.0000000' WHERE number = 1", "bank", "F-000001 does not add up to its total"),
    ("UPDATE payment_file_items SET withdrawal_number = 99 WHERE number = 1", "foreign_keys", "payment_file_items"),
];

#[test]
fn every_rule_that_is_broken_is_found_by_its_check() {
    let desk = populated::desk();
    desk.sound();
    let whole = std::fs::read(desk.ledger()).unwrap();
    for (sql, check, words) in BROKEN {
        std::fs::write(desk.ledger(), &whole).unwrap();
        let foreign = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;";
        desk.tamper(&format!("{foreign} {}", sql.replace("NOBODY", NOBODY)));
        assert!(
            whole != std::fs::read(desk.ledger()).unwrap(),
            "`{sql}` changes nothing"
        );
        finds(&desk, sql, check, words);
    }
}

#[track_caller]
fn finds(desk: &Desk, sql: &str, check: &str, words: &str) {
    let ran = desk.run("check -f json");
    assert_eq!(ran.code, 3, "after `{sql}`: {}{}", ran.stdout, ran.stderr);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = |name: &str| {
        told["checks"]
            .as_array()
            .unwrap()
            .iter()
            .find(|found| found["name"] == *name)
            .cloned()
            .unwrap()
    };
    assert_eq!(
        (&found(check)["ok"], &found("audit_trail")["ok"]),
        (&json!(false), &json!(false)),
        "after `{sql}`: {told:#}"
    );
    assert!(
        found(check)["detail"].as_str().unwrap().contains(words),
        "`{check}` says `{words}` after `{sql}`: {told:#}"
    );
}
