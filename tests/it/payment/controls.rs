//! What no longer works around payments: each test is named after it.

use serde_json::{Value, json};

use crate::{event::once::unchanged, support::Desk};

/// The event E1 with a withdrawal of each holder, approved by chi on 2026-06-30.
fn with_approved() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --yes --as chi");
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
    desk.ok("withdrawal approve --event E1 --all --yes --as chi");
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
    // Before the export the bank cannot pay it.
    desk.ok("withdrawal pay W-2 --reference R2 --date 2026-06-30 --as bola");
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
    desk.refused(approve, 2, "usage.needs_yes");
    let first = desk.ok(&format!("{approve} --yes"));
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
