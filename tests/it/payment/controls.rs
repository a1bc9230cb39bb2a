//! What no longer works around payments: each test is named after it.

use serde_json::{Value, json};

use crate::{event::once::unchanged, support::Desk};

/// The event E1 with a withdrawal of each holder, approved by chi on 2026-06-30.
fn with_approved() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk
}

/// Returns what the last entry of a type says.
fn entry(desk: &Desk, activity: &str) -> Value {
    let entries = desk.json(&format!("audit log --type {activity}"));
    entries.as_array().unwrap().last().unwrap()["changes_summary"].clone()
}

#[test]
fn who_approved_a_withdrawal_does_not_record_its_payment() {
    let desk = with_approved();
    desk.ok("user set chi --role admin --as ada");
    let line = "withdrawal pay W-1 --reference R1 --date 2026-06-30";
    let said = unchanged(&desk, || {
        desk.refused(&format!("{line} --as chi"), 1, "withdrawal.same_approver")
    });
    assert!(said.contains("`chi` approved W-000001"), "{said}");
    let ran = desk.run(&format!("{line} --as chi"));
    assert!(
        ran.stderr.contains("hint: operators: ada, bola"),
        "who may is named: {}",
        ran.stderr
    );
    desk.write(
        "paid.csv",
        "withdrawal,reference,date\nW-1,R1,2026-06-30\nW-2,R2,2026-06-30\n",
    );
    unchanged(&desk, || {
        desk.refused(
            "withdrawal pay --from paid.csv --yes --as chi",
            1,
            "file.bad_lines",
        )
    });
    desk.ok(&format!("{line} --as ada"));
    desk.sound();
}

#[test]
fn without_four_eyes_one_person_approves_and_records() {
    let desk = Desk::empty();
    desk.ok("init --user ada --four-eyes off");
    for line in [
        "project add LAGOS --name Lagos",
        "holder add h1 --name One --bank-name GTBank --account-number 0123456101",
        "token issue h1 1 --project LAGOS --date 2026-01-01",
        "event create E1 --project LAGOS --type exit --title T --amount 10 --date 2026-03-31",
        "event calculate E1",
        "event approve E1",
        "withdrawal request --event E1 --holder h1 --all",
        "withdrawal approve W-1",
        "withdrawal pay W-1 --reference R --date 2026-06-30",
    ] {
        desk.ok(&format!("{line} --as ada"));
    }
    desk.sound();
}

#[test]
fn a_payment_dated_1990_is_not_recorded_without_a_yes() {
    let desk = with_approved();
    let line = "withdrawal pay W-1 --reference R1 --date 1990-01-01 --as bola";
    let said = unchanged(&desk, || desk.refused(line, 2, "usage.needs_yes"));
    for words in [
        "pay 1 withdrawal, NGN 33.34",
        "W-000001: the value date 1990-01-01 is before the approval on 2026-06-30",
        "is before the record date 2026-03-31",
        "is 13329 days ago",
        "needs `--yes`",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let rehearsed = unchanged(&desk, || desk.ok(&format!("{line} --dry-run")));
    assert!(
        rehearsed.stderr.contains("W-000001: the value date"),
        "{}",
        rehearsed.stderr
    );
    let ran = desk.ok(&format!("{line} --yes"));
    assert!(
        ran.stderr
            .contains("marked in the audit trail: W-000001: the value date"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        entry(&desk, "payment_recorded")["odd"],
        json!(["before_approval", "before_record_date", "long_ago"])
    );
    // What is recorded already is not asked about.
    assert!(desk.ok(line).stderr.contains("already recorded"));
    desk.ok("withdrawal pay W-2 --reference R2 --date 2026-06-30 --as bola");
    assert_eq!(
        entry(&desk, "payment_recorded")["odd"],
        Value::Null,
        "a payment of the day of its approval is not odd"
    );
    desk.sound();
}

#[test]
fn a_file_with_an_odd_date_is_not_recorded_without_a_yes() {
    let desk = with_approved();
    desk.write("paid.csv", "withdrawal,reference,date\nW-1,R1,2026-06-29\n");
    let line = "withdrawal pay --from paid.csv --as bola";
    let said = unchanged(&desk, || desk.refused(line, 2, "usage.needs_yes"));
    assert!(
        said.contains("W-000001: the value date 2026-06-29"),
        "{said}"
    );
    desk.ok(&format!("{line} --yes"));
    desk.sound();
}

#[test]
fn what_is_to_be_distributed_later_is_not_paid_without_a_yes() {
    let desk = Desk::with_register();
    desk.ok("event create E1 --project LAGOS --type exit --title T --amount 100 --date 2026-07-15 --record-date 2026-06-29 --as bola");
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    let line = "withdrawal pay W-1 --reference R1 --date 2026-06-30 --as bola";
    let said = unchanged(&desk, || desk.refused(line, 2, "usage.needs_yes"));
    assert!(
        said.contains("the distribution date 2026-07-15 is still to come"),
        "{said}"
    );
    desk.ok(&format!("{line} --yes"));
    assert_eq!(
        entry(&desk, "payment_recorded")["odd"],
        json!(["before_distribution_date"])
    );
}

#[test]
fn what_is_in_an_exported_file_is_not_paid_by_hand_without_a_yes() {
    let desk = Desk::with_bank();
    desk.ok("payment file create W-1 W-2 --account OPS --profile generic --as bola");
    assert_eq!(
        desk.json("payment file show F-1")["exported_by"],
        Value::Null
    );
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let file = desk.json("payment file show F-1");
    assert_eq!(file["exported_by"], "bola");
    assert!(file["exported_at"].is_string());
    let line = "withdrawal pay W-1 --reference R1 --date 2026-06-30 --as bola";
    let said = unchanged(&desk, || desk.refused(line, 2, "usage.needs_yes"));
    assert!(
        said.contains("payment file F-000001 was exported with it, so the bank may pay it too"),
        "{said}"
    );
    desk.ok(&format!("{line} --yes"));
    assert_eq!(
        entry(&desk, "payment_recorded")["odd"],
        json!(["in_exported_file"])
    );
    desk.sound();
}

#[test]
fn a_replay_asks_nothing() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    let approve = "withdrawal approve --event E1 --all --key a --as chi";
    desk.refused(approve, 2, "usage.needs_review");
    let first = desk.ok(&format!("{approve} --hash REVIEWED"));
    assert_eq!(desk.ok(approve).stdout, first.stdout);
    let pay = "withdrawal pay W-1 --reference R1 --date 2026-04-01 --key p --as bola";
    desk.refused(pay, 2, "usage.needs_yes");
    let first = desk.ok(&format!("{pay} --yes"));
    assert_eq!(desk.ok(pay).stdout, first.stdout);
    // A key that was used for something else is refused, not asked about.
    unchanged(&desk, || {
        desk.refused(&pay.replace("R1", "R2"), 1, "key.conflict")
    });
    desk.sound();
}

/// As [`Desk::with_bank`], with the payments P-1 of 30.00 and P-2 of 20.00 that bola recorded.
fn with_payments() -> Desk {
    let desk = Desk::with_bank();
    for (number, day) in [(1, 23), (2, 24)] {
        desk.ok(&format!(
            "withdrawal pay W-{number} --reference TRX-900{number} --date 2026-06-{day} --as bola"
        ));
    }
    desk
}

/// Returns the class of a payment in the report of the reconciliation, if it is left to settle.
fn left(desk: &Desk, name: &str) -> Option<String> {
    let report = desk.json("report reconciliation");
    let items = report["items"].as_array().unwrap().iter();
    let mut found = items.filter(|item| item["code"] == name);
    found
        .next()
        .map(|item| item["class"].as_str().unwrap().to_owned())
}

#[test]
fn a_payment_is_not_returned_without_a_credit_by_who_recorded_it() {
    let desk = with_payments();
    let line = "payment return P-1 --date 2026-06-26 --reason closed";
    unchanged(&desk, || {
        desk.refused(&format!("{line} --as bola"), 1, "user.forbidden")
    });
    desk.ok("user set bola --role admin --as ada");
    let said = unchanged(&desk, || {
        desk.refused(&format!("{line} --as bola"), 1, "payment.same_actor")
    });
    assert!(said.contains("`bola` recorded payment P-000001"), "{said}");
    let ran = desk.run(&format!("{line} --as bola"));
    assert!(
        ran.stderr.contains("hint: approvers: ada, chi"),
        "{}",
        ran.stderr
    );
    desk.ok(&format!("{line} --as chi"));
    assert_eq!(entry(&desk, "payment_returned")["proof"], "none");
    desk.sound();
}

#[test]
fn a_debit_that_is_called_returned_without_a_credit_is_left_to_settle() {
    let desk = with_payments();
    desk.imported("june.csv", &[("2026-06-23", "S1", -3000, "TRF TRX-9001")]);
    desk.run("bank reconcile OPS --as bola");
    desk.ok("payment return P-1 --date 2026-06-26 --reason closed --as chi");
    let ran = desk.run("bank reconcile OPS --as bola -f json");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(
        left(&desk, "P-000001").as_deref(),
        Some("returned_unproven")
    );
    assert_eq!(desk.line("L-000001")["class"], "matched");
    // It is asked for and paid a second time: the first debit stays to be settled.
    desk.ok("withdrawal request --event E1 --holder h1 --amount 30 --as bola");
    desk.ok("withdrawal approve W-4 --as chi");
    desk.ok("withdrawal pay W-4 --reference TRX-9004 --date 2026-06-30 --as bola");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    assert_eq!(
        left(&desk, "P-000001").as_deref(),
        Some("returned_unproven")
    );
    // Its debit does not look unpaid by being unmatched.
    desk.ok("bank unmatch L-1 --reason oops --as bola");
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(
        left(&desk, "P-000001").as_deref(),
        Some("returned_unproven")
    );
    desk.sound();
}

#[test]
fn a_payment_that_the_bank_never_had_is_settled_by_its_return() {
    let desk = with_payments();
    desk.imported("june.csv", &[("2026-06-24", "S2", -2000, "TRF TRX-9002")]);
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    desk.ok("payment return P-1 --date 2026-06-26 --reason never-sent --as chi");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 0);
    let classes = desk.json("report reconciliation");
    let rows = classes["classes"].as_array().unwrap();
    let of = |class: &str| rows.iter().find(|row| row["class"] == class).unwrap();
    assert_eq!(of("never_sent")["payments"], 1, "{classes}");
    assert_eq!(of("matched")["payments"], 1, "{classes}");
    desk.sound();
}

#[test]
fn what_the_bank_may_still_pay_is_not_returned() {
    let desk = Desk::with_bank();
    desk.ok("payment file create W-1 W-2 --account OPS --profile generic --as bola");
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-30 --yes --as bola");
    let line = "payment return P-1 --date 2026-06-30 --reason closed --as chi";
    let said = unchanged(&desk, || desk.refused(line, 1, "payment.maybe_in_flight"));
    assert!(said.contains("F-000001"), "{said}");
    let reference = desk.end_to_end("F-000001", "W-000001");
    let text = format!("TRF {reference}");
    desk.imported("june.csv", &[("2026-06-30", "S1", -3000, text.as_str())]);
    desk.run("bank reconcile OPS --as bola");
    // Now it is seen: that it came back is for the credit to show.
    desk.ok(line);
    assert_eq!(
        left(&desk, "P-000001").as_deref(),
        Some("returned_unproven")
    );
    desk.sound();
}

#[test]
fn one_credit_does_not_return_two_payments() {
    let desk = with_payments();
    desk.ok("withdrawal request --event E1 --holder h3 --amount 20 --as bola");
    desk.ok("withdrawal approve W-4 --as chi");
    desk.ok("withdrawal pay W-4 --reference TRX-9004 --date 2026-06-30 --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-24", "S2", -2000, "TRF TRX-9002"),
            ("2026-06-30", "S4", -2000, "TRF TRX-9004"),
            ("2026-06-30", "S5", 2000, "CREDIT ADVICE"),
        ],
    );
    desk.run("bank reconcile OPS --as bola");
    desk.ok("bank match L-3 P-2 --as bola");
    desk.ok("bank unmatch L-3 --reason other-payment --as bola");
    desk.ok("bank match L-3 P-3 --as bola");
    let payments = desk.json("payment list");
    let states: Vec<_> = payments
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["status"])
        .collect();
    assert_eq!(states, ["recorded", "reconciled", "returned"]);
    assert_eq!(entry(&desk, "return_taken_back")["payment"], "P-000002");
    desk.sound();
}

#[test]
fn a_return_is_not_taken_back_once_its_money_is_asked_for_again() {
    let desk = with_payments();
    desk.imported(
        "june.csv",
        &[
            ("2026-06-23", "S1", -3000, "TRF TRX-9001"),
            ("2026-06-26", "S2", 3000, "CREDIT ADVICE"),
        ],
    );
    desk.run("bank reconcile OPS --as bola");
    desk.ok("bank match L-2 P-1 --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    let line = "bank unmatch L-2 --reason wrong --as bola";
    let said = unchanged(&desk, || desk.refused(line, 1, "payment.requested_again"));
    assert!(said.contains("W-000004"), "the request is named: {said}");
    desk.ok("withdrawal cancel W-4 --as bola");
    desk.ok(line);
    assert_eq!(desk.json("payment show P-1")["status"], "reconciled");
    desk.sound();
}

#[test]
fn a_stray_debit_is_not_matched_to_a_returned_payment() {
    let desk = with_payments();
    desk.ok("payment return P-1 --date 2026-06-26 --reason never-sent --as chi");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-24", "S2", -2000, "TRF TRX-9002"),
            ("2026-06-25", "S3", -3000, "TRF ADAEZE OKORO"),
        ],
    );
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    assert_eq!(desk.line("L-000002")["class"], "on_bank_not_in_ledger");
    unchanged(&desk, || {
        desk.refused("bank match L-2 P-1 --as bola", 1, "payment.returned")
    });
    // With its reference it is the payment's own debit, and then a credit must show the return.
    desk.imported("july.csv", &[("2026-06-26", "TRX-9001", -3000, "TRF")]);
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    assert_eq!(
        left(&desk, "P-000001").as_deref(),
        Some("returned_unproven")
    );
    desk.sound();
}
