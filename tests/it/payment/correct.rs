//! `prorata payment correct`

use serde_json::{Value, json};

use super::with_payment;
use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

fn entry(desk: &Desk) -> Value {
    let entries = desk.json("audit log --type payment_corrected");
    entries.as_array().unwrap().last().unwrap()["changes_summary"].clone()
}

#[test]
fn a_typing_error_is_corrected_once_and_what_it_said_before_is_kept() {
    let mut desk = with_payment();
    let day = |desk: &Desk| {
        [
            "payment list",
            "withdrawal list",
            "report portfolio --holder h1",
            "report statement --holder h1",
            "report reconciliation",
        ]
        .map(|report| desk.ok(&format!("{report} --as-of 2026-06-30")).stdout)
    };
    desk.at("2026-07-01T09:00:00.000000Z");
    let before = day(&desk);
    let line = "payment correct P-1 --reference TRX-7 --notes swapped --reason typo --as ada";
    let corrected = Once::done(&desk, line);
    let payment = corrected.json();
    assert_eq!(
        (
            &payment["reference"],
            &payment["notes"],
            &payment["payment_date"]
        ),
        (&json!("TRX-7"), &json!("swapped"), &json!("2026-04-01"))
    );
    assert_eq!(
        desk.json("withdrawal show W-1")["payment_reference"],
        "TRX-7"
    );
    let shown = desk.json("payment show P-1");
    let corrections = shown["corrections"].as_array().unwrap();
    assert_eq!(corrections.len(), 2, "{shown}");
    for (field, value) in [
        ("field", "reference"),
        ("before", "TRX-1"),
        ("after", "TRX-7"),
        ("corrected_by", "ada"),
        ("reason", "typo"),
    ] {
        assert_eq!(corrections[0][field], value, "{field}");
    }
    assert_eq!(entry(&desk)["reference"], json!(["TRX-1", "TRX-7"]));
    assert_eq!(day(&desk), before, "a past day never changes");
    corrected.repeats(&desk);
    corrected.conflicts(&desk, &line.replace("TRX-7", "TRX-8"));
    // The same correction again is nothing to do, and the old reference is free.
    assert!(desk.ok(line).stderr.contains("nothing to do"));
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    desk.ok("withdrawal approve W-2 --as chi");
    desk.ok("withdrawal pay W-2 --reference TRX-1 --date 2026-07-01 --as bola");
    desk.refused(
        "payment correct P-1 --reference TRX-1 --reason typo --as ada",
        1,
        "payment.reference_used",
    );
    // Its letters may be corrected too, though references are compared without case.
    let line = "payment correct P-1 --reference trx-7 --reason case --as ada";
    assert_eq!(desk.json(line)["reference"], "trx-7");
    desk.sound();
}

#[test]
fn who_recorded_a_payment_does_not_correct_it() {
    let desk = with_payment();
    let line = "payment correct P-1 --reference TRX-7 --reason typo";
    let said = unchanged(&desk, || {
        desk.refused(&format!("{line} --as bola"), 1, "payment.same_actor")
    });
    assert!(said.contains("may not correct it"), "{said}");
    unchanged(&desk, || {
        desk.refused(&format!("{line} --as dayo"), 1, "user.forbidden")
    });
    desk.ok(&format!("{line} --as chi"));
    assert_eq!(
        desk.run("payment correct P-1 --reason typo --as ada").code,
        2,
        "something must be corrected"
    );
    desk.sound();
}

#[test]
fn a_matched_payment_is_not_corrected() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --as bola");
    desk.imported("june.csv", &[("2026-06-23", "S1", -3000, "TRF TRX-9001")]);
    desk.run("bank reconcile OPS --as bola");
    let line = "payment correct P-1 --reference TRX-9002 --reason typo --as ada";
    unchanged(&desk, || desk.refused(line, 1, "bank.payment_matched"));
    desk.ok("bank unmatch L-1 --reason wrong --as bola");
    desk.ok(line);
    desk.sound();
}

#[test]
fn an_odd_date_is_not_corrected_to_without_a_yes() {
    let desk = with_payment();
    let line = "payment correct P-1 --date 1990-01-01 --reason typo --as ada";
    let said = unchanged(&desk, || desk.refused(line, 2, "payment.odd"));
    assert!(
        said.contains("the value date 1990-01-01 is before the approval"),
        "{said}"
    );
    desk.ok(&format!("{line} --yes"));
    assert_eq!(entry(&desk)["confirmed"], json!(["payment.odd"]));
    assert_eq!(desk.json("payment show P-1")["payment_date"], "1990-01-01");
    unchanged(&desk, || {
        desk.refused(
            "payment correct P-1 --date 2026-07-01 --reason typo --as ada",
            1,
            "payment.date_in_future",
        )
    });
    desk.sound();
}
