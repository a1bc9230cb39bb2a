//! Items that went to the bank in a payment file and never came back on a statement.

use serde_json::json;

use crate::support::Desk;

/// A desk whose file of three items was exported for 2026-06-30; the bank paid the first, and its
/// statement covers a day more.
fn sent() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("payment file create --account OPS --event E1 --profile generic --as bola");
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let text = format!("NIP/{}", desk.end_to_end("F-1", "W-000001"));
    let mut desk = desk;
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-30", "B1", -3000, &text),
            ("2026-07-01", "B2", 500, "LODGEMENT"),
        ],
    );
    desk.ok("bank resolve L-2 --kind funding --reason top-up --as bola");
    desk
}

#[test]
fn items_that_never_reached_the_bank_are_no_longer_seen_by_nobody() {
    let mut desk = sent();
    // On the third day the bank may still pay.
    desk.at("2026-07-03T09:00:00.000000Z");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 0);
    desk.at("2026-07-04T09:00:00.000000Z");
    let ran = desk.run("bank reconcile OPS --as bola -f json");
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    let run: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let class = run["classes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|class| class["class"] == "sent_not_on_bank")
        .unwrap()
        .clone();
    assert_eq!(
        (&run["left"], &class["payments"], &class["payments_total"]),
        (&json!(2), &json!(2), &json!("30.00"))
    );
    assert_eq!(desk.json("payment file show F-1")["status"], "open");
    desk.at("2026-07-06T09:00:00.000000Z");
    let report = desk.json("report reconciliation");
    let items: Vec<_> = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["class"].clone(),
                item["code"].clone(),
                item["age_days"].clone(),
            )
        })
        .collect();
    let sent = |name: &str| (json!("sent_not_on_bank"), json!(name), json!(6));
    assert_eq!(items, [sent("W-000002"), sent("W-000003")], "{report}");
    // It ends by a drop, and by cancelling the file.
    desk.ok("payment file drop F-1 W-2 --reason refused --as chi");
    assert_eq!(
        desk.json("report reconciliation")["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.ok("payment file cancel F-1 --reason lost --as chi");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 0);
    assert_eq!(desk.json("report reconciliation")["items"], json!([]));
    desk.sound();
}

#[test]
fn what_the_statements_do_not_cover_is_awaited() {
    let mut desk = Desk::with_bank();
    desk.ok("payment file create --account OPS --event E1 --profile generic --as bola");
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.imported("june.csv", &[("2026-06-28", "B1", 500, "LODGEMENT")]);
    desk.ok("bank resolve L-1 --kind funding --reason top-up --as bola");
    desk.at("2026-07-20T09:00:00.000000Z");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 0);
}

#[test]
fn a_file_that_was_never_exported_is_awaited() {
    let mut desk = Desk::with_bank();
    desk.ok("payment file create --account OPS --event E1 --profile generic --as bola");
    desk.at("2026-07-20T09:00:00.000000Z");
    desk.imported("july.csv", &[("2026-07-19", "B1", 500, "LODGEMENT")]);
    desk.ok("bank resolve L-1 --kind funding --reason top-up --as bola");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 0);
}
