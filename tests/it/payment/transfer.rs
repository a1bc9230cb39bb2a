//! Transfers of several payments: `withdrawal pay --from FILE --one-transfer`, and the one debit of
//! the bank that shows them.

use serde_json::{Value, json};

use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

const PAY: &str = "withdrawal pay --from pay.csv --one-transfer --yes --as bola";
const FILE: &str = "withdrawal,reference,date\nW-1,FT26279911,2026-06-23\nW-4,ft26279911,2026-06-23\nW-5,FT26279911,2026-06-23\nW-2,FT70000001,2026-06-23\n";

/// Approved: W-1, W-4 and W-5 of h1 for 30, 50 and 20, W-2 of h2 for 20, W-3 of h3 for 10.
fn approved() -> Desk {
    let desk = Desk::with_bank();
    desk.event("E2", "300");
    for amount in [50, 20] {
        desk.ok(&format!(
            "withdrawal request --event E2 --holder h1 --amount {amount} --as bola"
        ));
    }
    desk.ok("withdrawal approve W-4 W-5 --yes --as chi");
    desk.write("pay.csv", FILE);
    desk
}

/// W-1, W-4 and W-5 are one transfer of 100.00, and W-2 is one of its own.
fn paid() -> Desk {
    let desk = approved();
    desk.ok(PAY);
    desk
}

/// Imports debits and credits of the transfer, and reconciles.
fn on_bank(desk: &Desk, lines: &[(&str, &str, i64, &str)]) -> Value {
    desk.imported("june.csv", lines);
    let ran = desk.run("bank reconcile OPS --as bola -f json");
    serde_json::from_str(&ran.stdout).unwrap()
}

const DEBIT: (&str, &str, i64, &str) = ("2026-06-23", "S1", -10_000, "TRF FT26279911");

fn statuses(desk: &Desk) -> Vec<(String, String)> {
    let list = desk.json("payment list");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| (text(&row["withdrawal"]), text(&row["status"])))
        .collect()
}

fn status(desk: &Desk, withdrawal: &str) -> String {
    let all = statuses(desk);
    all.into_iter()
        .find(|(of, _)| of == withdrawal)
        .map(|(_, status)| status)
        .unwrap()
}

fn bad_lines(desk: &Desk, line: &str) -> Vec<(u64, String, String)> {
    let ran = unchanged(desk, || desk.run(&format!("{line} -f json")));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let error: Value = serde_json::from_str(ran.stderr.trim()).unwrap();
    assert_eq!(error["error"]["code"], "file.bad_lines");
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let lines = error["error"]["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let number = line["line"].as_u64().unwrap();
            (number, text(&line["column"]), text(&line["code"]))
        })
        .collect()
}

#[test]
fn rows_with_one_reference_are_one_transfer() {
    let desk = approved();
    let paid = Once::done(&desk, PAY);
    assert_eq!(paid.json().as_array().unwrap().len(), 4);
    let list = desk.json("payment list");
    let of = |at: usize, field: &str| list[at][field].clone();
    fields(
        &list[0],
        "reference transfer transfer_payments transfer_total",
    );
    for at in [0, 1, 2] {
        assert_eq!(of(at, "transfer"), of(0, "transfer"));
        assert_eq!(of(at, "transfer_payments"), json!(3));
        assert_eq!(of(at, "transfer_total"), json!("100.00"));
        assert_eq!(of(at, "reference"), json!("FT26279911"));
    }
    assert_ne!(of(3, "transfer"), of(0, "transfer"));
    assert_eq!(of(3, "transfer_payments"), json!(1));
    assert_eq!(of(3, "transfer_total"), json!("20.00"));
    // The file again is nothing to do, and a payment more is refused: the transfer is complete.
    let again = desk.ok(PAY);
    assert!(
        again.stderr.contains("already recorded: 4 of 4"),
        "{}",
        again.stderr
    );
    desk.ok("withdrawal request --event E2 --holder h1 --amount 5 --as bola");
    desk.ok("withdrawal approve W-6 --yes --as chi");
    desk.write("more.csv", &format!("{FILE}W-6,FT26279911,2026-06-23\n"));
    assert_eq!(
        bad_lines(&desk, &PAY.replace("pay.csv", "more.csv")),
        [(
            6,
            "reference".to_owned(),
            "payment.reference_used".to_owned()
        )]
    );
    unchanged(&desk, || {
        desk.refused(
            "withdrawal pay W-6 --reference FT26279911 --date 2026-06-23 --yes --as bola",
            1,
            "payment.reference_used",
        )
    });
    desk.sound();
}

#[test]
fn without_the_flag_a_reference_twice_is_refused_and_the_flag_is_named() {
    let desk = approved();
    let ran = unchanged(&desk, || desk.run(&PAY.replace("--one-transfer ", "")));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("pay.csv:4: reference: ") && ran.stderr.contains("--one-transfer"),
        "{}",
        ran.stderr
    );
    // The letters of a reference do not tell two apart.
    desk.write(
        "case.csv",
        "withdrawal,reference,date\nW-1,FT26279911,2026-06-23\nW-4,ft26279911,2026-06-23\n",
    );
    let bad = bad_lines(&desk, "withdrawal pay --from case.csv --yes --as bola");
    assert_eq!(bad.len(), 1, "{bad:?}");
    desk.refused(
        "withdrawal pay W-1 --reference R --date 2026-06-23 --one-transfer --as bola",
        2,
        "usage.invalid",
    );
}

#[test]
fn every_row_that_is_not_of_its_transfer_is_refused_with_its_line() {
    let desk = approved();
    desk.ok("withdrawal request --event E2 --holder h1 --amount 5 --by cheque --as bola");
    desk.ok("withdrawal approve W-6 --yes --as chi");
    desk.write(
        "bad.csv",
        "withdrawal,reference,date\nW-1,FT1,2026-06-23\nW-2,FT1,2026-06-23\nW-4,FT1,2026-06-24\nW-6,FT1,2026-06-23\nW-1,FT1,2026-06-23\nW-5,FT1,2026-06-23\nW-9,FT1,2026-06-23\n",
    );
    let found = bad_lines(&desk, &PAY.replace("pay.csv", "bad.csv"));
    let expected = [
        (3, "reference", "payment.transfer_differs"),
        (4, "reference", "payment.transfer_differs"),
        (5, "reference", "payment.transfer_differs"),
        (6, "", "payment.already_paid"),
        (8, "withdrawal", ""),
    ];
    let found: Vec<_> = found
        .iter()
        .map(|(line, column, code)| (*line, column.as_str(), code.as_str()))
        .collect();
    assert_eq!(found, expected);
    let ran = desk.run(&PAY.replace("pay.csv", "bad.csv"));
    for words in [
        "W-000002 has another account than W-000001",
        "W-000004 has another value date than W-000001",
        "W-000006 is not paid by transfer",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert_eq!(desk.json("payment list"), json!([]));
    desk.sound();
}

#[test]
fn one_debit_of_the_total_reconciles_all_payments_of_a_transfer() {
    let desk = paid();
    let run = on_bank(
        &desk,
        &[DEBIT, ("2026-06-24", "S2", -2000, "TRF FT70000001")],
    );
    assert_eq!(run["matched"], 2, "{run}");
    assert!(
        statuses(&desk)
            .iter()
            .all(|(_, status)| status == "reconciled")
    );
    let line = desk.line("L-000001");
    assert_eq!(line["class"], "matched_group");
    for payment in ["P-000001", "P-000002", "P-000003"] {
        assert!(line["payments"].to_string().contains(payment), "{line}");
    }
    assert_eq!(desk.line("L-000002")["class"], "matched");
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.run("bank reconcile OPS --as bola");
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "again is nothing to do"
    );
    let report = desk.json("report reconciliation");
    assert_eq!(report["items"], json!([]));
    assert_eq!(report["ledger_proof"][0]["matched"], "120.00");
    let explained = desk.ok("bank explain L-1").stdout;
    assert!(
        explained.contains("one transfer with W-000004, W-000005"),
        "{explained}"
    );
    desk.sound();
}

#[test]
fn a_debit_of_another_amount_matches_no_payment_of_a_transfer() {
    for amount in [-3000, -5000, -8000, -10_001] {
        let desk = paid();
        on_bank(&desk, &[("2026-06-23", "S1", amount, "TRF FT26279911")]);
        assert_eq!(desk.line("L-000001")["class"], "amount_differs", "{amount}");
        assert!(
            statuses(&desk)
                .iter()
                .all(|(_, status)| status == "recorded")
        );
        // By hand as well, a debit shows the whole transfer.
        unchanged(&desk, || {
            desk.refused("bank match L-1 P-1 --as bola", 1, "bank.amount_differs")
        });
        desk.sound();
    }
}

#[test]
fn to_match_a_debit_with_one_payment_is_to_match_its_transfer() {
    let desk = paid();
    desk.imported("june.csv", &[("2026-06-23", "S1", -10_000, "TRF OKORO")]);
    let line = desk.json("bank match L-1 P-2 --as bola");
    assert_eq!(line["class"], "matched_group");
    assert_eq!(
        statuses(&desk)
            .iter()
            .map(|(_, status)| status.as_str())
            .collect::<Vec<_>>(),
        ["reconciled", "reconciled", "reconciled", "recorded"]
    );
    unchanged(&desk, || {
        desk.refused(
            "payment correct P-1 --reference X1 --reason typo --as ada",
            1,
            "bank.payment_matched",
        )
    });
    desk.ok("bank unmatch L-1 --reason wrong --as bola");
    assert!(
        statuses(&desk)
            .iter()
            .all(|(_, status)| status == "recorded")
    );
    desk.sound();
}

#[test]
fn a_credit_of_the_total_returns_the_transfer_and_one_of_a_payment_that_payment() {
    let desk = paid();
    let run = on_bank(
        &desk,
        &[DEBIT, ("2026-06-24", "S2", 10_000, "RVSL TRF FT26279911")],
    );
    assert_eq!(run["payments_returned"], 3, "{run}");
    for withdrawal in ["W-000001", "W-000004", "W-000005"] {
        assert_eq!(status(&desk, withdrawal), "returned");
    }
    assert_eq!(desk.line("L-000001")["class"], "returned");
    desk.sound();

    let desk = paid();
    let run = on_bank(
        &desk,
        &[DEBIT, ("2026-06-24", "S2", 5000, "RVSL TRF FT26279911")],
    );
    assert_eq!(run["payments_returned"], 1, "{run}");
    assert_eq!(status(&desk, "W-000004"), "returned");
    assert_eq!(status(&desk, "W-000001"), "reconciled");
    assert_eq!(desk.line("L-000001")["class"], "matched_group");
    assert_eq!(desk.line("L-000002")["class"], "returned");
    desk.sound();
    // Its credit is taken back, and the payment counts again.
    desk.ok("bank unmatch L-2 --reason wrong --as bola");
    assert_eq!(status(&desk, "W-000004"), "reconciled");
    desk.run("bank reconcile OPS --as bola");
    assert_eq!(
        status(&desk, "W-000004"),
        "reconciled",
        "it is not found again"
    );
    desk.sound();
}

#[test]
fn a_credit_that_is_neither_is_left_and_matched_by_hand() {
    let desk = paid();
    let run = on_bank(
        &desk,
        &[DEBIT, ("2026-06-24", "S2", 7000, "RVSL TRF FT26279911")],
    );
    assert_eq!(run["payments_returned"], 0, "{run}");
    assert_eq!(desk.line("L-000002")["class"], "unlinked_reversal");
    unchanged(&desk, || {
        desk.refused("bank match L-2 P-1 --as bola", 1, "bank.amount_differs")
    });
    desk.ok("bank match L-2 P-2 P-3 --as bola");
    assert_eq!(status(&desk, "W-000004"), "returned");
    assert_eq!(status(&desk, "W-000005"), "returned");
    assert_eq!(status(&desk, "W-000001"), "reconciled");
    desk.sound();
}

#[test]
fn a_correction_of_one_payment_corrects_its_transfer() {
    let mut desk = paid();
    desk.at("2026-07-01T09:00:00.000000Z");
    let before = desk.ok("payment list --as-of 2026-06-30").stdout;
    let line = "payment correct P-2 --reference FT99 --date 2026-06-24 --notes typed --reason typo --yes --as ada";
    let corrected = Once::done(&desk, line);
    assert_eq!(corrected.json()["reference"], "FT99");
    let list = desk.json("payment list");
    for at in [0, 1, 2] {
        assert_eq!(list[at]["reference"], "FT99");
        assert_eq!(list[at]["payment_date"], "2026-06-24");
        assert_eq!(
            list[at]["notes"].is_null(),
            at != 1,
            "notes are a payment's own"
        );
    }
    assert_eq!(list[3]["reference"], "FT70000001");
    assert_eq!(
        desk.json("withdrawal show W-1")["payment_reference"],
        "FT99"
    );
    let entries = desk.json("audit log --type payment_corrected");
    assert_eq!(
        entries.as_array().unwrap().len(),
        3,
        "an entry for each payment"
    );
    assert_eq!(desk.ok("payment list --as-of 2026-06-30").stdout, before);
    unchanged(&desk, || {
        desk.refused(
            "payment correct P-1 --reference ft70000001 --reason typo --as ada",
            1,
            "payment.reference_used",
        )
    });
    // Notes alone are of one payment, and letters may be corrected.
    desk.ok("payment correct P-3 --notes only --reason typo --as ada");
    assert_eq!(desk.json("payment show P-1")["notes"], Value::Null);
    desk.ok("payment correct P-3 --reference ft99 --reason letters --as ada");
    desk.sound();
    // The old reference is free.
    desk.ok("withdrawal pay W-3 --reference FT26279911 --date 2026-06-24 --as bola");
    on_bank(
        &desk,
        &[("2026-06-24", "S1", -10_000, "TRF FT99FT99 FT-99")],
    );
    desk.sound();
}

#[test]
fn a_payment_of_a_transfer_is_returned_without_a_credit_by_a_second_person() {
    let desk = paid();
    desk.ok("payment return P-2 --date 2026-06-24 --reason closed --as chi");
    // The debit of all three comes later.
    on_bank(&desk, &[DEBIT]);
    assert_eq!(desk.line("L-000001")["class"], "matched_group");
    assert_eq!(status(&desk, "W-000001"), "reconciled");
    assert_eq!(status(&desk, "W-000004"), "returned");
    desk.sound();
}

#[test]
fn lists_and_books_have_the_payments_of_a_transfer() {
    let desk = paid();
    let found = desk.run("payment list -f csv").stdout;
    let head = found.lines().next().unwrap();
    for field in [
        "reference",
        "transfer",
        "transfer_payments",
        "transfer_total",
    ] {
        assert!(head.split(',').any(|column| column == field), "{head}");
    }
    for books in ["hledger", "beancount"] {
        desk.ok(&format!("export {books}"));
    }
    desk.sound();
}

#[test]
fn check_adds_the_payments_of_a_transfer_up() {
    for (sql, words) in [
        (
            "UPDATE payment_transfers SET total = '99.0000000' WHERE number = 1",
            "transfer 1 and its 3 payments disagree",
        ),
        (
            "UPDATE payment_transfers SET payments = 2 WHERE number = 1",
            "transfer 1 and its 3 payments disagree",
        ),
        (
            "UPDATE payment_transfers SET account_number = '2000000009' WHERE number = 1",
            "transfer 1 and its 3 payments disagree",
        ),
        (
            "UPDATE distribution_payments SET transfer_number = 2 WHERE number = 1",
            "transfer 1 and its 2 payments disagree",
        ),
        (
            "UPDATE distribution_payments SET transfer_number = 77 WHERE number = 1",
            "payment P-000001 is in no transfer",
        ),
    ] {
        let desk = paid();
        desk.tamper(&format!("PRAGMA foreign_keys = OFF; {sql}"));
        let ran = desk.run("check");
        assert_eq!(ran.code, 3, "{sql}");
        assert!(ran.stdout.contains(words), "{sql}: {}", ran.stdout);
    }
}
