//! `prorata withdrawal …`

mod bulk;
mod pay;
mod request;
mod review;

use insta::assert_snapshot;
use serde_json::json;

use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

const WITHDRAWAL: &str =
    "id code event project holder requested_amount currency status bank_name account_number account_name
    request_notes requested_by reviewed_by reviewed_at approved_by approved_at rejected_by rejected_at rejection_reason
    payment_reference payment_date payment_amount paid_by paid_at payment_notes created_at updated_at";

/// The event E1 with the pending request W-000001 of h1 for 10.00.
fn with_request() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk
}

/// Returns what of E1 is paid, pending and available to a holder.
fn balance(desk: &Desk, holder: &str) -> [String; 3] {
    let rows = desk.json("event allocations E1");
    let row = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["holder"] == holder)
        .unwrap();
    ["withdrawn_amount", "pending_amount", "available_amount"]
        .map(|field| row[field].as_str().unwrap().to_owned())
}

fn status(desk: &Desk, withdrawal: &str) -> String {
    desk.json(&format!("withdrawal show {withdrawal}"))["status"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn an_approval_happens_once() {
    let desk = with_request();
    let approved = Once::done(&desk, "withdrawal approve W-000001 --as chi");
    let list = approved.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    fields(&list[0], WITHDRAWAL);
    for (field, value) in [
        ("status", "approved"),
        ("approved_by", "chi"),
        ("reviewed_by", "chi"),
    ] {
        assert_eq!(list[0][field], value, "{field}");
    }
    assert_eq!(list[0]["approved_at"], list[0]["reviewed_at"]);
    assert_eq!(
        balance(&desk, "h1"),
        ["0.00", "10.00", "23.34"],
        "an approval moves no money"
    );
    desk.ok("withdrawal pay W-000001 --reference R1 --date 2026-04-01 --yes --as bola");
    approved.repeats(&desk);
    desk.ok("withdrawal request --event E1 --holder h2 --amount 10 --as bola");
    approved.conflicts(&desk, "withdrawal approve W-000002 --as chi");
    approved.conflicts(&desk, "withdrawal reject W-000001 --reason no --as chi");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000001 --as chi",
            1,
            "withdrawal.wrong_state",
        )
    });
    desk.sound();
}

#[test]
fn a_rejection_happens_once_and_gives_the_money_back() {
    let desk = with_request();
    assert_eq!(balance(&desk, "h1"), ["0.00", "10.00", "23.34"]);
    assert_eq!(
        desk.run("withdrawal reject W-000001 --as chi").code,
        2,
        "a reason is needed"
    );
    unchanged(&desk, || {
        desk.refused(
            "withdrawal reject W-000001 --reason no --as bola",
            1,
            "user.forbidden",
        )
    });
    let rejected = Once::done(
        &desk,
        "withdrawal reject W-000001 --reason account-closed --as chi",
    );
    let list = rejected.json();
    fields(&list[0], WITHDRAWAL);
    for (field, value) in [
        ("status", "rejected"),
        ("rejected_by", "chi"),
        ("reviewed_by", "chi"),
        ("rejection_reason", "account-closed"),
    ] {
        assert_eq!(list[0][field], value, "{field}");
    }
    assert_eq!(list[0]["approved_by"], json!(null));
    assert_eq!(balance(&desk, "h1"), ["0.00", "0.00", "33.34"]);
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    rejected.repeats(&desk);
    rejected.conflicts(&desk, "withdrawal reject W-000001 --reason other --as chi");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000001 --as chi",
            1,
            "withdrawal.wrong_state",
        )
    });
    desk.sound();
}

#[test]
fn a_cancellation_happens_once_before_or_after_approval() {
    let desk = with_request();
    unchanged(&desk, || {
        desk.refused("withdrawal cancel W-000001 --as chi", 1, "user.forbidden")
    });
    let cancelled = Once::done(&desk, "withdrawal cancel W-000001 --as bola");
    let list = cancelled.json();
    fields(&list[0], WITHDRAWAL);
    assert_eq!(
        (&list[0]["status"], &list[0]["cancelled_by"]),
        (&json!("cancelled"), &json!("bola"))
    );
    assert_eq!(balance(&desk, "h1"), ["0.00", "0.00", "33.34"]);
    desk.ok("withdrawal request --event E1 --holder h1 --amount 5 --as bola");
    desk.ok("withdrawal approve W-000002 --as chi");
    let line = "withdrawal cancel W-000002 --as ada";
    let second = Once::done(&desk, line).json();
    assert_eq!(
        (&second[0]["approved_by"], &second[0]["cancelled_by"]),
        (&json!("chi"), &json!("ada"))
    );
    cancelled.repeats(&desk);
    cancelled.conflicts(&desk, "withdrawal cancel W-000002 --as bola");
    unchanged(&desk, || desk.refused(line, 1, "withdrawal.wrong_state"));
    desk.sound();
}

#[test]
fn who_requested_does_not_approve() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as ada");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000001 --as ada",
            1,
            "withdrawal.same_actor",
        )
    });
    desk.ok("withdrawal approve W-000001 --as chi");
}

#[test]
fn who_last_changed_the_bank_details_does_not_approve() {
    let desk = Desk::with_event();
    desk.ok("user add efe --role admin --as ada");
    desk.ok("user acknowledge efe --as chi");
    desk.ok("user acknowledge chi --as efe");
    desk.ok("holder set h1 --account-number 9999999990 --as ada");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    // The details were copied: who changes those on record afterwards has no part in this request.
    desk.ok("holder set h1 --account-number 8888888889 --as efe");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000001 --as ada",
            1,
            "withdrawal.same_bank_changer",
        )
    });
    desk.ok("withdrawal approve W-000001 --as efe");
    // A change of something else does not change the bank details.
    desk.ok("holder set h1 --email h1@example.com --as ada");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000002 --as efe",
            1,
            "withdrawal.same_bank_changer",
        )
    });
    // Nor does ada, however long ago her change was.
    desk.refused(
        "withdrawal approve W-000002 --as ada",
        1,
        "withdrawal.same_bank_changer",
    );
    desk.ok("withdrawal approve W-000002 --as chi");
    desk.sound();
}

#[test]
fn bank_details_given_with_a_request_are_the_requesters() {
    let desk = Desk::with_event();
    desk.ok("holder set h1 --account-number 9999999990 --as ada");
    let given = "--bank-name Zenith --account-number 7777777777";
    desk.ok(&format!(
        "withdrawal request --event E1 --holder h1 --amount 10 {given} --as bola"
    ));
    // What ada put on record is not where this money goes.
    desk.ok("withdrawal approve W-000001 --as ada");
    desk.ok(&format!(
        "withdrawal request --event E1 --holder h1 --amount 10 {given} --as ada"
    ));
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000002 --as ada",
            1,
            "withdrawal.same_actor",
        )
    });
}

#[test]
fn a_blocked_holder_gets_no_request_approval_or_payment() {
    let desk = with_request();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 5 --as bola");
    desk.ok("withdrawal approve W-000002 --as chi");
    desk.ok("holder block h1 --reason court-order --as bola");
    for line in [
        "withdrawal request --event E1 --holder h1 --amount 1 --as bola",
        "withdrawal approve W-000001 --as chi",
        "withdrawal pay W-000002 --reference R1 --date 2026-04-01 --yes --as bola",
    ] {
        let said = unchanged(&desk, || desk.refused(line, 1, "holder.blocked"));
        assert!(said.contains("court-order"), "{said}");
    }
    // What is given back is given back all the same, and a calculation counts the holder in.
    desk.ok("withdrawal reject W-000001 --reason blocked --as chi");
    desk.ok("withdrawal cancel W-000002 --as bola");
    desk.event("E2", "30");
    assert_eq!(
        desk.json("event allocations E2")[0]["allocated_amount"],
        "10.00"
    );
    desk.ok("holder unblock h1 --reason settled --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 1 --as bola");
    desk.sound();
}

#[test]
fn a_list_is_filtered_and_shows_a_withdrawal_whole() {
    let desk = with_request();
    desk.event("E2", "30");
    desk.ok("withdrawal request --event E2 --holder h2 --amount 5 --notes first --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 5 --as bola");
    desk.ok("withdrawal approve W-000003 --as chi");
    desk.ok("project add ABUJA --name Abuja --as bola");
    for (flags, expected) in [
        ("", vec!["W-000001", "W-000002", "W-000003"]),
        ("--event e1", vec!["W-000001", "W-000003"]),
        ("--holder H2", vec!["W-000002", "W-000003"]),
        ("--holder h2 --event E2", vec!["W-000002"]),
        ("--status pending", vec!["W-000001", "W-000002"]),
        ("--status approved", vec!["W-000003"]),
        ("--project LAGOS --status paid", vec![]),
        ("--project ABUJA", vec![]),
    ] {
        let list = desk.json(&format!("withdrawal list {flags}"));
        let found: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["code"].as_str().unwrap())
            .collect();
        assert_eq!(found, expected, "{flags}");
    }
    let shown = desk.json("withdrawal show w-2");
    fields(&shown, WITHDRAWAL);
    let expected = json!({
        "code": "W-000002", "event": "E2", "project": "LAGOS", "holder": "h2", "requested_amount": "5.00",
        "currency": "NGN", "status": "pending", "bank_name": "GTBank", "account_number": "******6132",
        "account_name": "Name-h2", "request_notes": "first", "requested_by": "bola", "payment_amount": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(shown[field], *value, "{field}");
    }
    let id = shown["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.json(&format!("withdrawal show {id}")), shown);
    assert_eq!(
        desk.json("withdrawal show W-2 --show-pii --as dayo")["account_number"],
        "0123456132"
    );
    assert_eq!(
        desk.json("audit log --type pii_shown")[0]["performed_by"],
        "dayo"
    );
    desk.refused("withdrawal show W-000009", 1, "withdrawal.unknown");
    desk.refused("withdrawal list --event E9", 1, "event.unknown");
}

#[test]
fn the_screens_of_a_withdrawal() {
    let desk = Desk::with_event();
    desk.ok("holder block h3 --reason court-order --as bola");
    assert_snapshot!(
        "request",
        desk.ok("withdrawal request --event E1 --all-holders --as bola")
            .snapshot()
    );
    assert_snapshot!(
        "approve_needs_yes",
        desk.run("withdrawal approve --event E1 --all --as chi")
            .snapshot()
    );
    assert_snapshot!(
        "approve",
        desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi")
            .snapshot()
    );
    assert_snapshot!(
        "approve_refused",
        desk.run("withdrawal approve W-000001 W-000002 --yes --as chi")
            .snapshot()
    );
    assert_snapshot!(
        "pay",
        desk.ok(
            "withdrawal pay W-000001 --reference TRX-1 --date 2026-04-01 --yes --amount 30 --as bola"
        )
        .snapshot()
    );
    assert_snapshot!(
        "pay_refused",
        desk.run("withdrawal pay W-000001 --reference TRX-2 --date 2026-04-01 --yes --as bola")
            .snapshot()
    );
    assert_snapshot!("list", desk.ok("withdrawal list").snapshot());
    assert_snapshot!("show", desk.ok("withdrawal show W-000001").snapshot());
    assert_snapshot!(
        "cancel",
        desk.ok("withdrawal cancel W-000002 --as bola").snapshot()
    );
    assert_snapshot!(
        "request_refused",
        desk.run("withdrawal request --event E1 --holder h2 --amount 99 --as bola")
            .snapshot()
    );
}
