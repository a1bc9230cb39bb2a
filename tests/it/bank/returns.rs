//! Money that the bank sends back: the payment is returned, and its amount is available again.

use serde_json::json;

use super::{classes, each, filed, reconcile::reconcile, settled};
use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

/// A debit with our reference, and its reversal.
fn reversed() -> Desk {
    let desk = filed();
    let reference = desk.end_to_end("F-1", "W-000001");
    desk.imported(
        "june.csv",
        &[
            (
                "2026-06-29",
                "S1",
                -3000,
                &format!("NIP TRF TO OKORO ADAEZE/GTB/{reference}"),
            ),
            (
                "2026-06-30",
                "S2",
                3000,
                &format!("RVSL NIP TRF TO OKORO ADAEZE/GTB/{reference}"),
            ),
        ],
    );
    desk
}

fn available(desk: &Desk) -> String {
    desk.json("event show E1")["total_available"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_reversal_with_the_same_reference_returns_the_payment() {
    let desk = reversed();
    assert_eq!(available(&desk), "40.00");
    let run = reconcile(&desk, 0);
    let told = (
        &run["payments_recorded"],
        &run["payments_returned"],
        &run["left"],
    );
    assert_eq!(told, (&json!(1), &json!(1), &json!(0)));
    let payment = &desk.json("payment list")[0];
    let told = (
        &payment["status"],
        &payment["return_date"],
        &payment["bank_line"],
    );
    assert_eq!(
        told,
        (&json!("returned"), &json!("2026-06-30"), &json!("L-000001")),
        "{payment}"
    );
    assert!(
        payment["return_reason"]
            .as_str()
            .unwrap()
            .contains("L-000002"),
        "{payment}"
    );
    assert_eq!(available(&desk), "70.00");
    assert_eq!(classes(&desk), ["returned"; 2]);
    assert_eq!(desk.line("L-000002")["match_tier"], "6");
    let withdrawal = desk.json("withdrawal show W-1");
    assert_eq!(withdrawal["status"], "returned");
    settled(&desk, 0);
    desk.sound();
    // It is asked for, approved and paid anew.
    desk.ok("withdrawal request --event E1 --holder h1 --amount 30 --as bola");
    desk.ok("withdrawal approve W-4 --as chi");
    desk.ok("withdrawal pay W-4 --reference TRX-4444 --date 2026-06-30 --yes --as bola");
    assert_eq!(desk.json("payment show P-2")["replaces"], "P-000001");
    desk.sound();
}

#[test]
fn a_reversal_by_its_words_and_amount_is_proposed_as_a_return() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-23", "S1", -3000, "TRF TRX-9001"),
            ("2026-06-26", "S2", 3000, "RVSL TRANSFER"),
        ],
    );
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["matched"], &run["proposed"], &run["payments_returned"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert_eq!(desk.json("payment show P-1")["status"], "reconciled");
    let confirmed = Once::done(&desk, "bank confirm L-2 --as bola");
    assert_eq!(confirmed.json()["class"], "returned");
    let payment = desk.json("payment show P-1");
    assert_eq!(
        (&payment["status"], &payment["return_date"]),
        (&json!("returned"), &json!("2026-06-26"))
    );
    assert_eq!(available(&desk), "70.00");
    settled(&desk, 0);
    desk.sound();
}

#[test]
fn a_rejected_return_leaves_the_payment_as_it_is() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-23", "S1", -3000, "TRF TRX-9001"),
            ("2026-06-26", "S2", 3000, "RVSL TRANSFER"),
        ],
    );
    reconcile(&desk, 3);
    desk.ok("bank reject L-2 --as bola");
    assert_eq!(desk.json("payment show P-1")["status"], "reconciled");
    assert_eq!(reconcile(&desk, 3)["proposed"], 0);
    assert_eq!(classes(&desk), ["matched", "unlinked_reversal"]);
    desk.sound();
}

#[test]
fn money_in_is_matched_by_hand_as_the_return_of_a_payment() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-23", "S1", -3000, "TRF TRX-9001"),
            ("2026-06-26", "S2", 3000, "CREDIT ADVICE"),
        ],
    );
    reconcile(&desk, 3);
    let matched = Once::done(&desk, "bank match L-2 P-1 --as bola");
    assert_eq!(
        (&matched.json()["class"], &matched.json()["match_tier"]),
        (&json!("returned"), &json!("manual"))
    );
    assert_eq!(desk.json("payment show P-1")["status"], "returned");
    assert_eq!(available(&desk), "70.00");
    settled(&desk, 0);
    desk.sound();
}

#[test]
fn a_payment_that_was_returned_by_hand_is_not_returned_twice() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
    desk.ok("payment return P-1 --date 2026-06-26 --reason closed --as chi");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-23", "S1", -3000, "TRF TRX-9001"),
            ("2026-06-26", "S2", 3000, "RVSL TRF TRX-9001"),
        ],
    );
    let run = reconcile(&desk, 0);
    assert_eq!(
        (&run["matched"], &run["payments_returned"]),
        (&json!(2), &json!(0)),
        "{run}"
    );
    let payments = desk.json("payment list");
    assert_eq!(
        (each(&payments, "status"), &payments[0]["return_reason"]),
        (vec!["returned"], &json!("closed"))
    );
    settled(&desk, 0);
    desk.sound();
}

#[test]
fn a_credit_that_is_unmatched_takes_its_return_back() {
    let mut desk = reversed();
    reconcile(&desk, 0);
    let day = |desk: &Desk| {
        [
            "payment list",
            "withdrawal list",
            "report balances",
            "report statement --holder h1",
        ]
        .map(|report| desk.ok(&format!("{report} --as-of 2026-06-30")).stdout)
    };
    desk.at("2026-07-01T09:00:00.000000Z");
    let before = day(&desk);
    let unmatched = Once::done(&desk, "bank unmatch L-2 --reason wrong-line --as bola");
    unmatched.repeats(&desk);
    let payment = &desk.json("payment list")[0];
    assert_eq!(payment["status"], "reconciled", "its debit is matched");
    assert_eq!(payment["return_date"], json!(null));
    let withdrawal = desk.json("withdrawal show W-1");
    assert_eq!(withdrawal["status"], "paid");
    assert_eq!(available(&desk), "40.00");
    assert_eq!(desk.line("L-000002")["class"], "unlinked_reversal");
    assert_eq!(day(&desk), before, "a past day never changes");
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["matched"], &run["payments_returned"]),
        (&json!(0), &json!(0))
    );
    desk.sound();
}

#[test]
fn the_lines_of_a_matched_pair_stay_while_its_return_is_valid() {
    let desk = reversed();
    reconcile(&desk, 0);
    let ran = desk.run("bank unmatch L-1 --reason oops --as bola");
    // Whatever is answered, nothing may be half linked.
    assert!(matches!(ran.code, 0 | 1), "{}", ran.stderr);
    if ran.code == 1 {
        unchanged(&desk, || {
            desk.run("bank unmatch L-1 --reason oops --as bola")
        });
    }
    desk.sound();
}
