//! By what means a withdrawal is paid: transfer, cheque, cash, set-off, reinvestment.

use serde_json::{Value, json};

use crate::{event::once::unchanged, support::Desk};

/// As [`Desk::with_bank`], with W-4 of 3.00 to h1 by some means, approved on 2026-06-30. A holder
/// without bank details can have it too.
fn by(means: &str) -> Desk {
    let desk = Desk::with_bank();
    let line =
        format!("withdrawal request --event E1 --holder h1 --amount 3 --by {means} --as bola");
    let asked = desk.json(&line);
    assert_eq!(asked[0]["means"], means);
    assert_eq!(asked[0]["account_number"], Value::Null);
    desk.ok("withdrawal approve W-4 --as chi");
    desk
}

fn class<'r>(report: &'r Value, class: &str) -> Option<&'r Value> {
    let rows = report["classes"].as_array().unwrap();
    rows.iter().find(|row| row["class"] == class)
}

#[test]
fn the_approver_sees_by_what_means_and_no_other_is_paid() {
    let desk = by("cash");
    assert_eq!(desk.json("withdrawal show W-4")["means"], "cash");
    assert_eq!(desk.json("withdrawal show W-1")["means"], "transfer");
    let line = "withdrawal pay W-4 --reference TILL-1 --date 2026-06-30";
    let said = unchanged(&desk, || {
        desk.refused(
            &format!("{line} --by cheque --as bola"),
            1,
            "withdrawal.means_differ",
        )
    });
    assert!(said.contains("paid by cash, not by cheque"), "{said}");
    desk.ok(&format!("{line} --by cash --as bola"));
    assert_eq!(desk.json("payment show P-1")["means"], "cash");
    desk.sound();
}

#[test]
fn a_holder_without_bank_details_is_paid_by_other_means() {
    let desk = Desk::with_event();
    desk.ok("holder add h9 --name Nine --as bola");
    desk.ok("token issue h9 1 --project LAGOS --date 2026-01-01 --as bola");
    desk.event("E2", "40");
    let line = "withdrawal request --event E2 --holder h9 --all --as bola";
    unchanged(&desk, || desk.refused(line, 1, "holder.no_bank_details"));
    desk.ok(&format!("{line} --by reinvestment"));
    unchanged(&desk, || {
        desk.refused(
            "withdrawal request --event E2 --holder h1 --all --by cash --bank-name UBA --account-number 5550000001 --as bola",
            1,
            "withdrawal.account_not_needed",
        )
    });
    desk.sound();
}

#[test]
fn only_transfers_go_into_payment_files() {
    let desk = by("set-off");
    unchanged(&desk, || {
        desk.refused(
            "payment file create W-4 --account OPS --profile generic --as bola",
            1,
            "payment_file.not_a_transfer",
        )
    });
    let file =
        desk.json("payment file create --event E1 --account OPS --profile generic --as bola");
    assert_eq!(file["payments"], 3, "the set-off is left out: {file}");
}

#[test]
fn what_is_paid_off_the_bank_is_settled_and_listed_by_means() {
    let desk = by("cash");
    desk.ok("withdrawal pay W-4 --reference TILL-1 --date 2026-06-30 --as bola");
    // A debit of the same amount to the same name is something else.
    desk.imported(
        "june.csv",
        &[("2026-06-30", "S1", -300, "TRF TO ADAEZE OKORO")],
    );
    desk.run("bank reconcile OPS --as bola");
    let report = desk.json("report reconciliation");
    assert_eq!(class(&report, "off_bank").unwrap()["payments"], 1);
    let listed = json!([{ "means": "cash", "currency": "NGN", "payments": 1, "total": "3.00" }]);
    assert_eq!(report["off_bank"], listed);
    assert_eq!(report["ledger_proof"][0]["settled"], "3.00");
    assert_eq!(desk.line("L-000001")["class"], "on_bank_not_in_ledger");
    desk.sound();
}

#[test]
fn a_cheque_waits_180_days_for_its_number_on_the_bank() {
    let mut desk = by("cheque");
    desk.ok("withdrawal pay W-4 --reference 000123 --date 2026-06-30 --as bola");
    desk.imported("june.csv", &[("2026-06-30", "S1", -100, "COMMISSION")]);
    desk.run("bank reconcile OPS --as bola");
    let report = desk.json("report reconciliation");
    assert_eq!(class(&report, "cheque_outstanding").unwrap()["payments"], 1);
    assert_eq!(class(&report, "paid_not_on_bank"), None);
    let is_left = |desk: &Desk| {
        let report = desk.json("report reconciliation");
        let items = report["items"].as_array().unwrap();
        items.iter().any(|item| item["code"] == "P-000001")
    };
    assert!(!is_left(&desk));
    desk.at("2026-12-27T09:00:00.000000Z");
    assert!(!is_left(&desk), "the 180th day");
    desk.at("2026-12-28T09:00:00.000000Z");
    assert!(is_left(&desk), "the 181st day");
    let ran = desk.run("bank reconcile OPS --as bola -f json");
    assert_eq!(ran.code, 3);
    // The line with its number is its debit, months later.
    desk.imported(
        "later.csv",
        &[("2026-11-02", "000123", -300, "CHQ PRESENTED ADAEZE OKORO")],
    );
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(desk.line("L-000002")["payments"][0], "P-000001");
    assert!(["matched", "proposed"].contains(&desk.line("L-000002")["class"].as_str().unwrap()));
    desk.sound();
}

#[test]
fn an_old_cheque_is_settled_by_a_second_person() {
    let desk = by("cheque");
    desk.ok("withdrawal pay W-4 --reference 000123 --date 2026-06-30 --as bola");
    desk.ok("payment settle P-1 --reason lost --as chi");
    let report = desk.json("report reconciliation");
    assert_eq!(class(&report, "settled").unwrap()["payments"], 1);
    assert_eq!(class(&report, "cheque_outstanding"), None);
    desk.sound();
}
