//! `prorata report …`

mod as_of;
mod controls;
pub(crate) mod figures;
mod holders;
mod month_end;

use serde_json::{Value, json};

use crate::{
    event::once::{fields, unchanged},
    support::Desk,
};

/// A ledger with a line in each of many classes, and one payment is on no statement.
fn desk() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("payment file create W-2 --account OPS --profile generic --as bola");
    let reference = desk.end_to_end("F-1", "W-000002");
    desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
    desk.ok("withdrawal pay W-3 --reference TRX-9003 --date 2026-06-24 --yes --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-24", "S1", -3000, "TRF TRX-9001"),
            ("2026-06-24", "S2", -50, "COMMISSION TRF TRX-9001"),
            ("2026-06-30", "S3", -2005, &format!("NIP TRF {reference}")),
            ("2026-06-30", "S4", -700, "POS PURCHASE"),
            ("2026-06-30", "S5", 5000, "TRANSFER FROM B"),
            ("2026-06-30", "S6", -150, "POS PURCHASE 2"),
        ],
    );
    desk.ok("bank resolve L-6 --kind other --reason office --as bola");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    desk
}

fn sum(rows: &Value, field: &str) -> i64 {
    let number = |value: &Value| {
        value
            .as_i64()
            .unwrap_or_else(|| value.as_str().unwrap().replace('.', "").parse().unwrap())
    };
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| number(&row[field]))
        .sum()
}

fn class<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["classes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["class"] == name)
        .unwrap_or_else(|| panic!("{name}: {report}"))
}

#[test]
fn each_line_and_each_payment_has_one_class() {
    let desk = desk();
    let report = desk.json("report reconciliation");
    fields(
        &report,
        "classes paid_not_on_bank items bank_proof ledger_proof",
    );
    fields(
        &report["classes"][0],
        "class currency lines lines_total payments payments_total oldest_days",
    );
    let lines = desk.json("bank lines OPS");
    let payments = desk.json("payment list");
    let of = |list: &Value| i64::try_from(list.as_array().unwrap().len()).unwrap();
    assert_eq!(
        (
            sum(&report["classes"], "lines"),
            sum(&report["classes"], "payments")
        ),
        (of(&lines), of(&payments))
    );
    assert_eq!(
        sum(&report["classes"], "lines_total"),
        sum(&lines, "amount")
    );
    assert_eq!(
        sum(&report["classes"], "payments_total"),
        sum(&payments, "amount")
    );
    for (name, lines, payments) in [
        ("matched", 1, 1),
        ("amount_differs", 1, 0),
        ("paid_not_on_bank", 0, 1),
        ("on_bank_not_in_ledger", 2, 0),
        ("unexpected_credit", 1, 0),
        ("resolved", 1, 0),
    ] {
        let row = class(&report, name);
        assert_eq!(
            (&row["lines"], &row["payments"]),
            (&json!(lines), &json!(payments)),
            "{name}: {report}"
        );
    }
}

#[test]
fn what_is_left_is_listed_with_its_age() {
    let desk = desk();
    let report = desk.json("report reconciliation");
    fields(
        &report["items"][0],
        "class code account date age_days amount currency description with detail",
    );
    let items = report["items"].as_array().unwrap();
    let told: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item["class"].as_str().unwrap(),
                item["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("amount_differs", "L-000003"),
            ("paid_not_on_bank", "P-000002"),
            ("on_bank_not_in_ledger", "L-000002"),
            ("on_bank_not_in_ledger", "L-000004"),
            ("unexpected_credit", "L-000005"),
        ]
    );
    assert_eq!(items[0]["with"], json!(["W-000002"]));
    assert_eq!(
        (&items[1]["age_days"], &items[1]["amount"]),
        (&json!(6), &json!("-10.00")),
        "{}",
        items[1]
    );
    let ages = &report["paid_not_on_bank"];
    assert_eq!(
        ages,
        &json!([{ "age_days": "6-30", "currency": "NGN", "payments": 1, "total": "10.00", "remittances": 0, "remittances_total": "0.00" }])
    );
}

#[test]
fn it_ends_with_the_proof() {
    let desk = desk();
    let report = desk.json("report reconciliation");
    let bank = &report["bank_proof"][0];
    let expected = json!({
        "account": "OPS", "currency": "NGN", "date_from": "2026-06-24", "date_to": "2026-06-30",
        "opening_balance": "1000.00", "lines_total": "-9.05", "closing_balance": "990.95", "difference": "0.00",
    });
    assert_eq!(*bank, expected);
    let expected = json!({
        "currency": "NGN", "payments_total": "40.00", "matched": "30.00", "returned": "0.00", "settled": "0.00", "outstanding": "10.00",
        "remittances_total": "0.00", "remittances_matched": "0.00", "remittances_outstanding": "0.00", "on_bank": "30.00",
        "difference": "0.00",
    });
    assert_eq!(report["ledger_proof"], json!([expected]));
}

#[test]
fn a_balance_that_does_not_add_up_is_an_item_and_a_difference() {
    let desk = Desk::with_bank();
    let text = ":20:A\n:25:0000014579\n:28C:1/1\n:60F:C260624NGN1000,00\n:61:2606240624D30,00NTRFREF1//B1\n:62F:C260624NGN972,00\n-\n";
    desk.write("break.sta", text);
    desk.ok("bank import OPS break.sta --as bola");
    let report = desk.json("report reconciliation");
    assert_eq!(report["bank_proof"][0]["difference"], "2.00", "{report}");
    let row = class(&report, "balance_break");
    assert_eq!(
        (&row["lines"], &row["payments"], &row["lines_total"]),
        (&json!(0), &json!(0), &json!("2.00"))
    );
    let item = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["class"] == "balance_break")
        .unwrap();
    assert_eq!(
        (&item["code"], &item["amount"], &item["account"]),
        (&json!("S-000001"), &json!("2.00"), &json!("OPS"))
    );
}

#[test]
fn table_csv_and_json_say_the_same() {
    let desk = desk();
    let report = desk.json("report reconciliation");
    let text = desk.ok("report reconciliation -f csv").stdout;
    let mut rows = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = rows.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    // One table, in which every row has every column.
    assert!(rows.iter().all(|row| row.len() == header.len()), "{text}");
    let expected: usize = report
        .as_object()
        .unwrap()
        .values()
        .map(|table| table.as_array().unwrap().len())
        .sum();
    assert_eq!(rows.len(), expected, "{text}");
    let table = desk.ok("report reconciliation").stdout;
    for word in [
        "amount_differs",
        "L-000003",
        "P-000002",
        "990.95",
        "on_bank_not_in_ledger",
    ] {
        assert!(
            text.contains(word) && table.contains(word),
            "{word}: {table}"
        );
    }
    desk.ok("report reconciliation -o report.xlsx");
    desk.ok("report reconciliation -o report.html");
    desk.ok("report reconciliation -o report.json");
    let file = std::fs::read_to_string(desk.path().join("report.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&file).unwrap(), report);
}

#[test]
fn it_is_narrowed_to_an_account_an_event_and_days() {
    let desk = desk();
    desk.ok(
        "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola",
    );
    let spare = desk.json("report reconciliation --account SPARE");
    assert_eq!(
        (
            sum(&spare["classes"], "lines"),
            sum(&spare["classes"], "payments")
        ),
        (0, 0),
        "{spare}"
    );
    let all = desk.json("report reconciliation");
    assert_eq!(
        desk.json("report reconciliation --account ops")["classes"],
        all["classes"]
    );
    let event = desk.json("report reconciliation --event E1");
    assert_eq!(
        (
            sum(&event["classes"], "lines"),
            sum(&event["classes"], "payments")
        ),
        (2, 2),
        "{event}"
    );
    let days = desk.json("report reconciliation --from 2026-06-23 --to 2026-06-24");
    assert_eq!(
        (
            sum(&days["classes"], "lines"),
            sum(&days["classes"], "payments")
        ),
        (2, 2),
        "{days}"
    );
    desk.refused("report reconciliation --account NONE", 1, "bank.unknown");
    desk.refused("report reconciliation --event NONE", 1, "event.unknown");
}

#[test]
fn lines_that_no_run_has_seen_are_reported() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &[("2026-06-24", "S1", -3000, "X")]);
    let ran = unchanged(&desk, || desk.ok("report reconciliation"));
    assert!(
        ran.stderr.contains("OPS has lines that are not reconciled"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    assert!(
        !desk
            .ok("report reconciliation")
            .stderr
            .contains("that are not reconciled")
    );
}

#[test]
fn a_ledger_without_a_bank_account_has_an_empty_report() {
    let desk = Desk::with_event();
    let report = desk.json("report reconciliation");
    assert!(
        report
            .as_object()
            .unwrap()
            .values()
            .all(|table| *table == json!([])),
        "{report}"
    );
}
