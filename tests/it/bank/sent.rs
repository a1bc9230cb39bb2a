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

/// A desk whose account HQ pays for every project that has no account of its own: the item of W-1
/// left a file of it that was exported, and LAGOS has an account of its own since.
fn moved(how: &str) -> Desk {
    let desk = Desk::with_register_at("2026-06-22T09:00:00.000000Z");
    desk.event("E1", "100");
    for holder in ["h1", "h2"] {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --amount 30 --as bola"
        ));
    }
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk.ok(
        "bank add HQ --bank-name FirstBank --bank-code 011 --account-number 0000014579 --as bola",
    );
    desk.ok("payment file create --account HQ --event E1 --profile generic --execution-date 2026-07-20 --as bola");
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.ok(how);
    desk.ok("bank add OPS --bank-name Zenith --bank-code 057 --account-number 1234567899 --project LAGOS --as bola");
    desk
}

/// Imports a statement of HQ that shows the item of W-1, and reconciles; returns its line.
fn shown(desk: &mut Desk) -> serde_json::Value {
    desk.at("2026-06-30T09:00:00.000000Z");
    let text = format!("NIP/{}", desk.end_to_end("F-1", "W-000001"));
    desk.statement("june.csv", 100_000, &[("2026-06-23", "B1", -3000, &text)]);
    desk.ok("bank import HQ june.csv --as bola");
    assert_eq!(desk.run("bank reconcile HQ --as bola").code, 3);
    let run = desk.run("bank reconcile HQ --as bola -f json");
    let run: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let payments: u64 = (run["classes"].as_array().unwrap().iter())
        .map(|class| class["payments"].as_u64().unwrap())
        .sum();
    assert_eq!(payments, 0, "what OPS pays is not counted on HQ: {run}");
    desk.json("bank lines HQ")[0].clone()
}

const LEFT: [&str; 2] = [
    "payment file drop F-1 W-1 --reason refused --as chi",
    "payment file cancel F-1 --reason lost --as chi",
];

#[test]
fn an_item_that_left_a_file_is_named_by_its_account_also_if_another_account_is_to_pay_it() {
    for how in LEFT {
        let mut desk = moved(how);
        let line = shown(&mut desk);
        assert_eq!(
            (&line["class"], &line["payments"]),
            (&json!("proposed"), &json!(["W-000001"])),
            "{line}"
        );
        let explained = desk.json("bank explain L-1");
        let first = &explained["alternatives"][0];
        assert_eq!(
            (&first["withdrawal"], &first["verdict"]),
            (
                &json!("W-000001"),
                &json!(
                    "taken: the reference of an item that left its payment file: never matched by itself"
                )
            )
        );
        // The other account looks for it too, and nothing is counted twice.
        assert_eq!(desk.run("bank reconcile OPS --as bola").code, 0);
        desk.ok("bank confirm L-1 --as bola");
        assert_eq!(desk.json("payment list")[0]["withdrawal"], "W-000001");
        desk.sound();
    }
}

#[test]
fn an_item_that_left_a_file_and_was_paid_from_another_account_is_a_second_payment() {
    for how in LEFT {
        let mut desk = moved(how);
        desk.ok("withdrawal pay W-1 --reference HAND-77 --date 2026-06-22 --as bola");
        let line = shown(&mut desk);
        assert_eq!(
            (&line["class"], &line["payments"]),
            (&json!("duplicate_payment"), &json!(["P-000001"])),
            "{line}"
        );
        desk.sound();
    }
}

#[test]
fn an_item_that_left_a_file_and_was_cancelled_is_named_by_the_line_that_shows_it() {
    for how in LEFT {
        let mut desk = moved(how);
        desk.ok("withdrawal cancel W-1 --as bola");
        let line = shown(&mut desk);
        assert_eq!(
            (&line["class"], &line["payments"]),
            (&json!("on_bank_not_in_ledger"), &json!(["W-000001"])),
            "{line}"
        );
        assert!(
            line["detail"]
                .as_str()
                .unwrap()
                .ends_with("the withdrawal was cancelled"),
            "{line}"
        );
        desk.sound();
    }
}

#[test]
fn a_line_that_comes_in_again_after_its_statement_was_taken_back_names_the_item_again() {
    let mut desk = moved(LEFT[0]);
    shown(&mut desk);
    desk.ok("bank statement void S-1 --reason wrong-file --as chi");
    assert_eq!(desk.run("bank reconcile HQ --as bola").code, 0);
    desk.ok("bank import HQ june.csv --as bola");
    assert_eq!(desk.run("bank reconcile HQ --as bola").code, 3);
    let lines = desk.json("bank lines HQ");
    let open: Vec<_> = (lines.as_array().unwrap().iter())
        .filter(|line| line["class"] != "void")
        .map(|line| (line["class"].clone(), line["payments"].clone()))
        .collect();
    assert_eq!(open, [(json!("proposed"), json!(["W-000001"]))], "{lines}");
    desk.sound();
}
