//! `prorata payment settle`

use serde_json::{Value, json};

use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

/// As [`Desk::with_bank`], with the payment P-1 of 30.00 that bola recorded and no line shows.
fn outstanding() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --as bola");
    desk.imported("june.csv", &[("2026-06-24", "S2", -500, "COMMISSION")]);
    desk
}

fn proof(desk: &Desk) -> Value {
    desk.json("report reconciliation")["ledger_proof"][0].clone()
}

#[test]
fn what_no_line_will_ever_show_is_settled_once_and_taken_back() {
    let mut desk = outstanding();
    desk.run("bank reconcile OPS --as bola");
    let before = proof(&desk);
    assert_eq!(
        (&before["settled"], &before["outstanding"]),
        (&json!("0.00"), &json!("30.00"))
    );
    desk.at("2026-07-01T09:00:00.000000Z");
    let day = |desk: &Desk| desk.ok("report reconciliation --as-of 2026-06-30").stdout;
    let printed = day(&desk);
    let line = "payment settle P-1 --reason old-account --as chi";
    let settled = Once::done(&desk, line);
    assert_eq!(settled.json()["settled_by"], "chi");
    settled.repeats(&desk);
    desk.run("bank reconcile OPS --as bola");
    let after = proof(&desk);
    assert_eq!(
        (&after["settled"], &after["outstanding"]),
        (&json!("30.00"), &json!("0.00"))
    );
    let report = desk.json("report reconciliation");
    let classes = report["classes"].as_array().unwrap();
    assert!(
        classes
            .iter()
            .any(|row| row["class"] == "settled" && row["payments"] == 1),
        "{report}"
    );
    assert_eq!(day(&desk), printed, "a past day never changes");
    unchanged(&desk, || desk.refused(line, 1, "payment.not_outstanding"));
    let undone = Once::done(&desk, "payment settle P-1 --undo --as chi");
    assert_eq!(undone.json()["settled_by"], Value::Null);
    assert_eq!(proof(&desk), before);
    unchanged(&desk, || {
        desk.refused(
            "payment settle P-1 --undo --as chi",
            1,
            "payment.not_settled",
        )
    });
    desk.ok(line);
    desk.sound();
}

#[test]
fn neither_who_recorded_a_payment_nor_who_returned_it_settles_it() {
    let desk = outstanding();
    desk.ok("user set bola --role admin --as ada");
    let line = "payment settle P-1 --reason lost";
    unchanged(&desk, || {
        desk.refused(&format!("{line} --as bola"), 1, "payment.same_actor")
    });
    desk.imported("july.csv", &[("2026-06-23", "S1", -3000, "TRF TRX-9001")]);
    desk.run("bank reconcile OPS --as bola");
    unchanged(&desk, || {
        desk.refused(&format!("{line} --as chi"), 1, "payment.not_outstanding")
    });
    desk.ok("payment return P-1 --date 2026-06-26 --reason closed --as chi");
    let said = unchanged(&desk, || {
        desk.refused(&format!("{line} --as chi"), 1, "payment.same_actor")
    });
    assert!(said.contains("recorded the return"), "{said}");
    // A return whose credit went elsewhere is settled by a third person.
    desk.ok(&format!("{line} --as ada"));
    desk.run("bank reconcile OPS --as bola");
    let report = desk.json("report reconciliation");
    let left = report["items"].as_array().unwrap();
    assert!(
        left.iter().all(|item| item["code"] != "P-000001"),
        "{report}"
    );
    assert_eq!(proof(&desk)["difference"], "0.00");
    desk.sound();
}

#[test]
fn a_settled_payment_that_shows_up_is_matched() {
    let desk = outstanding();
    desk.ok("payment settle P-1 --reason lost --as chi");
    desk.imported("july.csv", &[("2026-06-25", "S1", -3000, "TRF TRX-9001")]);
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(desk.json("payment show P-1")["status"], "reconciled");
    assert_eq!(proof(&desk)["matched"], "30.00");
    desk.sound();
}
