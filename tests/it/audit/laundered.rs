//! What another program changed shows even after this program wrote the same row again.

use crate::support::Desk;

/// Asserts that the trail does not verify and names this table.
#[track_caller]
fn found(desk: &Desk, table: &str) {
    let ran = desk.run("audit verify -f json");
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    let verified: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let tables = verified["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["table"].as_str().unwrap());
    assert!(
        tables.into_iter().any(|named| named == table),
        "{}",
        ran.stdout
    );
    assert_eq!(desk.run("check").code, 3);
}

fn requested() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk
}

#[test]
fn an_account_changed_behind_a_request_shows_after_its_approval() {
    let desk = requested();
    desk.tamper("UPDATE withdrawal_requests SET account_number = '9999999999'");
    desk.ok("withdrawal approve W-000001 --as chi");
    found(&desk, "withdrawal_requests");
}

#[test]
fn a_holder_changed_behind_the_program_shows_after_the_next_change() {
    let desk = requested();
    desk.tamper("UPDATE holder_accounts SET account_number = '9999999999' WHERE number = (SELECT number FROM lp_token_holders WHERE code = 'h2')");
    desk.ok("holder set h2 --email h2@example.com --as bola");
    found(&desk, "holder_accounts");
}

#[test]
fn a_forged_withdrawal_shows_after_it_was_paid() {
    let desk = requested();
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.tamper(
        "PRAGMA foreign_keys = OFF;
         CREATE TEMP TABLE forged AS SELECT * FROM withdrawal_requests WHERE number = 1;
         UPDATE forged SET number = 2, id = 'ffffffff-0000-7000-8000-000000000000', requested_amount = '0.0100000';
         INSERT INTO withdrawal_requests SELECT * FROM forged;",
    );
    desk.ok(
        "withdrawal pay W-000002 --reference R1 --date 2026-04-01 --yes --amount 0.01 --as bola",
    );
    found(&desk, "withdrawal_requests");
}

#[test]
fn a_planted_trigger_never_runs() {
    let desk = requested();
    desk.tamper(
        "CREATE TRIGGER planted AFTER UPDATE ON withdrawal_requests BEGIN
           UPDATE holder_accounts SET account_number = '6666666666'; END",
    );
    desk.ok("withdrawal approve W-000001 --as chi");
    desk.tamper("DROP TRIGGER planted");
    desk.sound();
    assert_eq!(
        desk.json("holder show h1 --show-pii --as dayo")["account_number"],
        "0123456101"
    );
}

#[test]
fn allocations_moved_after_the_calculation_are_not_approved() {
    let desk = Desk::with_register();
    desk.ok("event create E2 --project LAGOS --type revenue --title T --amount 90 --date 2026-03-31 --as bola");
    desk.ok("event calculate E2 --as bola");
    desk.tamper(
        "UPDATE distribution_allocations SET allocated_amount = '40.0000000', available_amount = '40.0000000' WHERE number = 1;
         UPDATE distribution_allocations SET allocated_amount = '20.0000000', available_amount = '20.0000000' WHERE number = 2;",
    );
    desk.refused("event approve E2 --as chi", 1, "event.stale");
    found(&desk, "distribution_allocations");
}
