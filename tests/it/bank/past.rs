//! A past day, as the ledger was at its end: before the import, before the run, before a decision
//! was taken back.

use serde_json::{Value, json};

use super::{each, reconcile::reconcile};
use crate::support::Desk;

/// W-1 was paid on 06-23 by hand; the statement came on 06-30, the run on 07-02, the match was
/// taken back on 07-04.
fn lived() -> Desk {
    let mut desk = Desk::with_bank();
    desk.at("2026-06-23T09:00:00.000000Z");
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
    desk.at("2026-06-30T09:00:00.000000Z");
    desk.imported("june.csv", &[("2026-06-24", "S1", -3000, "TRF TRX-9001")]);
    desk.at("2026-07-02T09:00:00.000000Z");
    reconcile(&desk, 0);
    desk.at("2026-07-04T09:00:00.000000Z");
    desk.ok("bank unmatch L-1 --reason oops --as bola");
    desk.at("2026-07-06T09:00:00.000000Z");
    desk
}

#[test]
fn lines_statements_and_payments_of_a_past_day_stand_as_they_did() {
    let desk = lived();
    for (day, lines, payment) in [
        ("2026-06-29", vec![], "recorded"),
        ("2026-06-30", vec!["on_bank_not_in_ledger"], "recorded"),
        ("2026-07-01", vec!["on_bank_not_in_ledger"], "recorded"),
        ("2026-07-02", vec!["matched"], "reconciled"),
        ("2026-07-03", vec!["matched"], "reconciled"),
        ("2026-07-04", vec!["on_bank_not_in_ledger"], "recorded"),
    ] {
        let found = desk.json(&format!("bank lines OPS --as-of {day}"));
        assert_eq!(each(&found, "class"), lines, "{day}");
        assert_eq!(
            desk.json(&format!("bank statements OPS --as-of {day}"))
                .as_array()
                .unwrap()
                .len(),
            lines.len()
        );
        let payments = desk.json(&format!("payment list --as-of {day}"));
        let matched = payment == "reconciled";
        assert_eq!(payments[0]["status"], payment, "{day}");
        assert_eq!(
            payments[0]["bank_line"],
            if matched {
                json!("L-000001")
            } else {
                Value::Null
            },
            "{day}"
        );
        let told = if matched {
            json!(["P-000001"])
        } else {
            json!([])
        };
        assert!(
            lines.is_empty() || found[0]["payments"] == told,
            "{day}: {found}"
        );
        assert_eq!(
            desk.json(&format!("payment list --status {payment} --as-of {day}"))
                .as_array()
                .unwrap()
                .len(),
            1,
            "{day}"
        );
    }
    assert_eq!(desk.json("payment list --as-of 2026-06-22"), json!([]));
    assert_eq!(
        desk.json("bank lines OPS --status matched --as-of 2026-07-03")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        desk.json("bank lines OPS --status matched --as-of 2026-07-05"),
        json!([])
    );
}

#[test]
fn the_report_of_a_past_day_does_not_change() {
    let desk = lived();
    let classes = |day: &str| {
        let report = desk.json(&format!("report reconciliation --as-of {day}"));
        each(&report["classes"], "class").join(" ")
    };
    assert_eq!(classes("2026-06-22"), "");
    assert_eq!(classes("2026-06-29"), "paid_not_on_bank");
    assert_eq!(
        classes("2026-07-01"),
        "paid_not_on_bank on_bank_not_in_ledger"
    );
    assert_eq!(classes("2026-07-03"), "matched");
    assert_eq!(
        classes("2026-07-05"),
        "paid_not_on_bank on_bank_not_in_ledger"
    );
    let ages = desk.json("report reconciliation --as-of 2026-06-29");
    assert_eq!(
        ages["paid_not_on_bank"][0]["age_days"], "6-30",
        "six days after it was paid: {ages}"
    );
    desk.refused(
        "report reconciliation --as-of 2026-07-07",
        2,
        "usage.as_of_in_future",
    );
}

#[test]
fn a_proposal_of_a_past_day_is_shown_as_one() {
    let mut desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[("2026-06-24", "S1", -3000, "NIP TRF TO OKORO ADAEZE/GTB")],
    );
    reconcile(&desk, 3);
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("bank confirm L-1 --as bola");
    desk.at("2026-07-04T09:00:00.000000Z");
    assert_eq!(
        desk.json("bank lines OPS --as-of 2026-07-01")[0]["class"],
        "proposed"
    );
    assert_eq!(
        desk.json("bank lines OPS --as-of 2026-07-01")[0]["payments"],
        json!(["W-000001"]),
        "nothing was paid yet"
    );
    assert_eq!(
        desk.json("bank lines OPS --as-of 2026-07-02")[0]["class"],
        "matched"
    );
    assert_eq!(desk.json("payment list --as-of 2026-07-01"), json!([]));
}
