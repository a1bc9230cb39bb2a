//! `prorata bank …`

mod account;
mod bulk;
mod creditor;
mod decide;
mod import;
mod overlap;
mod past;
mod profile;
mod reconcile;
mod returns;
mod roles;
mod rules;
mod samples;
mod samples_2;
mod sent;
mod several;
mod truth;
mod unreadable;
mod void;

use serde_json::Value;

use crate::support::Desk;

/// The fields that scripts read of an import.
const IMPORT: &str = "statement format encoding lines_new lines_known lines_skipped debits credits opening_balance closing_balance balance_ok date_from date_to findings";

/// The fields that scripts read of a bank line.
const LINE: &str = "code statement line_number booking_date value_date amount balance reference description kind class payments match_tier";

/// Three lines of a day.
const THREE: [(&str, &str, i64, &str); 3] = [
    ("2026-06-24", "S1", -3000, "POS PURCHASE A"),
    ("2026-06-25", "S2", 5000, "TRANSFER FROM B"),
    ("2026-06-26", "S3", -1050, "POS PURCHASE C"),
];

/// Creates a payment file of all three withdrawals.
fn filed() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("payment file create --account OPS --event E1 --profile generic --execution-date 2026-06-30 --as bola");
    desk
}

/// Reads a field of each thing of a list.
fn each<'a>(list: &'a Value, field: &str) -> Vec<&'a str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|row| row[field].as_str().unwrap_or_default())
        .collect()
}

/// Returns the class of each line of OPS.
fn classes(desk: &Desk) -> Vec<String> {
    each(&desk.json("bank lines OPS"), "class")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Asserts that a run of the reconciliation leaves the file's bytes as they are.
#[track_caller]
fn settled(desk: &Desk, exit: i32) {
    let before = std::fs::read(desk.ledger()).unwrap();
    let ran = desk.run("bank reconcile OPS --as bola");
    assert_eq!(ran.code, exit, "{}", ran.stderr);
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "running again changes nothing: {}",
        ran.stdout
    );
}
