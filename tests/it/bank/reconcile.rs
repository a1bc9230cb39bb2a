//! `prorata bank reconcile`: what is certain is matched and recorded, what is not is proposed, and
//! running again changes nothing.

use std::process::Command;

use serde_json::{Value, json};

use super::{THREE, classes, each, filed, settled};
use crate::{
    event::once::{Once, fields, unchanged},
    support::{Desk, has_program, naira, statement},
};

const RUN: &str = "bank reconcile OPS --as bola";

/// Runs the reconciliation, which must end with this exit code, and reads what it tells.
#[track_caller]
pub(super) fn reconcile(desk: &Desk, exit: i32) -> Value {
    let ran = desk.run(&format!("{RUN} -f json"));
    assert_eq!(ran.code, exit, "{} {}", ran.stdout, ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// A file of three, of which the bank shows the first with our reference.
fn referenced() -> Desk {
    let desk = filed();
    let text = format!(
        "NIP TRF TO OKORO ADAEZE/GTB/{}",
        desk.end_to_end("F-1", "W-000001")
    );
    let text = statement(100_000, &[("2026-06-30", "S1", -3000, &text)])
        .replace("2026-06-30,2026-06-30", "2026-06-30,2026-06-29");
    desk.write("june.csv", &text);
    desk.ok("bank import OPS june.csv --as bola");
    desk
}

#[test]
fn a_line_with_our_reference_pays_its_withdrawal_once() {
    let desk = referenced();
    let once = Once::done(&desk, RUN);
    let run = once.json();
    fields(
        &run,
        "account through matched proposed payments_recorded payments_returned balance_break left classes",
    );
    let expected = json!({
        "account": "OPS", "through": null, "matched": 1, "proposed": 0, "payments_recorded": 1, "payments_returned": 0,
        "balance_break": null, "left": 0,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(run[field], *value, "{field}");
    }
    once.conflicts(&desk, "bank reconcile OPS --through 2026-06-30 --as bola");
    let payment = desk.json("payment show P-1");
    let expected = json!({
        "withdrawal": "W-000001", "amount": "30.00", "reference": "S1", "payment_date": "2026-06-29", "status": "reconciled",
        "bank_line": "L-000001", "paid_by": "bola", "returned_at": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(payment[field], *value, "{field}");
    }
    assert_eq!(
        desk.json("payment list --status reconciled"),
        json!([payment])
    );
    assert_eq!(desk.json("payment list --status recorded"), json!([]));
    let withdrawal = desk.json("withdrawal show W-1");
    for (field, value) in [
        ("status", "paid"),
        ("payment_reference", "S1"),
        ("payment_date", "2026-06-29"),
        ("payment_amount", "30.00"),
    ] {
        assert_eq!(withdrawal[field], value, "{field}");
    }
    let line = desk.line("L-000001");
    assert_eq!(
        (&line["class"], &line["match_tier"], &line["payments"]),
        (&json!("matched"), &json!("1"), &json!(["P-000001"]))
    );
    assert_eq!(desk.json("event show E1")["total_withdrawn"], "30.00");
    settled(&desk, 0);
    once.repeats(&desk);
    desk.sound();
}

#[test]
fn what_was_recorded_by_hand_is_matched_and_not_paid_again() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-991 --date 2026-06-23 --yes --as bola");
    desk.imported(
        "june.csv",
        &[("2026-06-24", "S1", -3000, "TRF TRX-991 OKORO")],
    );
    let run = reconcile(&desk, 0);
    assert_eq!(
        (&run["matched"], &run["payments_recorded"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), 1);
    let payment = desk.json("payment show P-1");
    assert_eq!(
        (
            &payment["status"],
            &payment["bank_line"],
            &payment["reference"]
        ),
        (&json!("reconciled"), &json!("L-000001"), &json!("TRX-991"))
    );
    settled(&desk, 0);
    desk.sound();
}

#[test]
fn one_line_with_the_total_of_a_file_pays_all_of_it() {
    let desk = filed();
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.imported(
        "june.csv",
        &[("2026-06-30", "BULK", -6000, "BULK PAYMENT SALARY UPLOAD")],
    );
    let run = reconcile(&desk, 0);
    assert_eq!(
        (&run["matched"], &run["payments_recorded"]),
        (&json!(1), &json!(3))
    );
    let line = desk.line("L-000001");
    assert_eq!(
        (&line["class"], &line["match_tier"]),
        (&json!("matched_group"), &json!("2"))
    );
    assert_eq!(
        line["payments"],
        json!(["P-000001", "P-000002", "P-000003"])
    );
    let payments = desk.json("payment list");
    let references = each(&payments, "reference");
    for withdrawal in ["W-000001", "W-000002", "W-000003"] {
        assert!(
            references.contains(&desk.end_to_end("F-1", withdrawal).as_str()),
            "each has its own: {references:?}"
        );
    }
    assert_eq!(each(&payments, "status"), ["reconciled"; 3]);
    assert_eq!(desk.json("payment file show F-1")["status"], "done");
    settled(&desk, 0);
    desk.sound();
}

#[test]
fn the_rest_of_a_file_is_a_group_too() {
    let desk = filed();
    desk.ok("payment file export F-1 -o out.csv --as bola");
    let text = format!("TRF {}", desk.end_to_end("F-1", "W-000001"));
    desk.imported(
        "june.csv",
        &[
            ("2026-06-30", "S1", -3000, &text),
            ("2026-06-30", "BULK", -3000, "BULK PAYMENT"),
        ],
    );
    let run = reconcile(&desk, 0);
    assert_eq!(run["payments_recorded"], 3, "{run}");
    assert_eq!(classes(&desk), ["matched", "matched_group"]);
}

#[test]
fn a_name_is_only_proposed_and_nothing_is_paid_until_someone_confirms() {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[("2026-06-24", "S1", -3000, "NIP TRF TO OKORO ADAEZE/GTB")],
    );
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["matched"], &run["proposed"], &run["payments_recorded"]),
        (&json!(0), &json!(1), &json!(0))
    );
    assert_eq!(desk.json("payment list"), json!([]));
    let line = desk.line("L-000001");
    assert_eq!(
        (&line["class"], &line["match_tier"], &line["payments"]),
        (&json!("proposed"), &json!("4"), &json!(["W-000001"]))
    );
    settled(&desk, 3);
}

#[test]
fn an_account_number_in_the_text_is_proposed_and_never_shown() {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[("2026-06-24", "S1", -3000, "TRF/0123456101/GTB")],
    );
    reconcile(&desk, 3);
    assert_eq!(desk.line("L-000001")["match_tier"], "3");
    let explained = desk.ok("bank explain L-1").stdout;
    assert!(explained.contains("******6101"), "{explained}");
    let log = desk.ok("audit log -f json").stdout;
    assert!(
        !log.contains("0123456101"),
        "the trail holds no account number of a line"
    );
}

#[test]
fn another_amount_another_day_and_two_candidates_are_never_matched() {
    let desk = filed();
    let [first, second, third] =
        ["W-000001", "W-000002", "W-000003"].map(|number| desk.end_to_end("F-1", number));
    desk.imported(
        "june.csv",
        &[
            ("2026-06-15", "S1", -2000, &format!("TRF {second}")),
            ("2026-06-30", "S2", -3010, &format!("TRF {first}")),
            ("2026-06-30", "S3", -1000, &format!("TRF {third}")),
            ("2026-06-30", "S4", -1000, &format!("TRF {third}")),
        ],
    );
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["matched"], &run["payments_recorded"]),
        (&json!(0), &json!(0)),
        "{run}"
    );
    let stand = classes(&desk);
    assert_eq!(stand[..2], ["date_out_of_window", "amount_differs"]);
    assert!(
        stand[2..]
            .iter()
            .all(|stand| ["ambiguous", "duplicate_payment"].contains(&stand.as_str())),
        "{stand:?}"
    );
    assert_eq!(desk.json("payment list"), json!([]));
    settled(&desk, 3);
}

#[test]
fn exit_3_lasts_until_the_last_thing_is_settled() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    assert_eq!(reconcile(&desk, 3)["left"], 3);
    for (number, kind) in [(1, "fee"), (2, "funding")] {
        desk.ok(&format!(
            "bank resolve L-{number} --kind {kind} --reason known --as bola"
        ));
        assert_eq!(reconcile(&desk, 3)["left"], 3 - number);
    }
    desk.ok("bank resolve L-3 --kind other --reason known --as bola");
    let ran = desk.ok(RUN);
    assert!(
        ran.stderr.contains("nothing is left to settle"),
        "{}",
        ran.stderr
    );
    settled(&desk, 0);
}

#[test]
fn a_paid_payment_that_the_bank_does_not_show_is_left() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-901 --date 2026-06-23 --yes --as bola");
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["left"], &run["classes"][0]["class"]),
        (&json!(1), &json!("paid_not_on_bank"))
    );
    settled(&desk, 3);
}

#[test]
fn fees_taxes_and_levies_are_read_by_their_words_and_are_not_left() {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[
            ("2026-06-24", "S1", -5000, "COMMISSION NIP TRF TO OKORO"),
            ("2026-06-24", "S2", -375, "VAT NIP TRF TO OKORO"),
            ("2026-06-24", "S3", -5000, "STAMP DUTY CHARGE"),
        ],
    );
    reconcile(&desk, 0);
    assert_eq!(classes(&desk), ["fee_tax_levy"; 3]);
    assert_eq!(
        each(&desk.json("bank lines OPS"), "kind"),
        ["fee", "tax", "levy"]
    );
}

#[test]
fn large_debits_that_are_called_like_fees_no_longer_are_left_unseen() {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[
            (
                "2026-06-24",
                "R1",
                -450_000_000,
                "MAINTENANCE OF LIFTS OTIS NIGERIA LTD",
            ),
            (
                "2026-06-24",
                "R2",
                -500_000_000,
                "COMMISSION TO AGENT CHIDI OKORO",
            ),
            ("2026-06-24", "R3", 1_500_000_000, "FEES FROM TENANTS"),
        ],
    );
    let run = reconcile(&desk, 3);
    assert_eq!(run["left"], 3, "{run}");
    assert_eq!(
        classes(&desk),
        [
            "on_bank_not_in_ledger",
            "on_bank_not_in_ledger",
            "unexpected_credit"
        ]
    );
    let told = desk.ok("bank explain L-2").stdout;
    assert!(told.contains("reads like a fee"), "{told}");
}

#[test]
fn a_run_through_a_day_looks_at_nothing_after_it() {
    let desk = Desk::with_bank();
    desk.ok("withdrawal pay W-1 --reference TRX-901 --date 2026-06-23 --yes --as bola");
    desk.ok("withdrawal pay W-2 --reference TRX-902 --date 2026-06-26 --yes --as bola");
    desk.imported(
        "june.csv",
        &[
            ("2026-06-23", "S1", -3000, "TRF TRX-901"),
            ("2026-06-26", "S2", -2000, "TRF TRX-902"),
        ],
    );
    let ran = desk.run("bank reconcile OPS --through 2026-06-24 --as bola -f json");
    let run: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &run["matched"], &run["through"]),
        (0, &json!(1), &json!("2026-06-24")),
        "{run}"
    );
    assert_eq!(classes(&desk), ["matched", "on_bank_not_in_ledger"]);
    assert_eq!(reconcile(&desk, 0)["matched"], 1);
    assert_eq!(classes(&desk), ["matched", "matched"]);
    desk.refused(
        "bank reconcile OPS --through tomorrow --as bola",
        2,
        "usage.invalid",
    );
}

#[test]
fn a_blocked_holder_is_proposed_and_not_paid() {
    let desk = referenced();
    desk.ok("holder block h1 --reason court-order --as bola");
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["matched"], &run["proposed"], &run["payments_recorded"]),
        (&json!(0), &json!(1), &json!(0))
    );
    assert_eq!(desk.json("payment list"), json!([]));
    let detail = desk.line("L-000001")["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("holder h1 is blocked"), "{detail}");
    settled(&desk, 3);
    unchanged(&desk, || {
        desk.refused("bank confirm L-1 --as bola", 1, "holder.blocked")
    });
    desk.ok("holder unblock h1 --reason lifted --as ada");
    assert_eq!(reconcile(&desk, 0)["payments_recorded"], 1);
    desk.sound();
}

#[test]
fn what_comes_out_depends_neither_on_order_nor_on_the_number_of_files() {
    let outcome = |parts: &[&[usize]]| {
        let desk = Desk::with_bank();
        desk.ok("withdrawal pay W-1 --reference TRX-901 --date 2026-06-24 --yes --as bola");
        desk.ok("withdrawal pay W-2 --reference TRX-902 --date 2026-06-24 --yes --as bola");
        let all = [
            ("2026-06-24", "A", -3000, "TRF TRX-901"),
            ("2026-06-24", "B", -2000, "TRF TRX-902"),
            ("2026-06-24", "C", -1000, "TRF TO EZE CHIDI"),
            ("2026-06-24", "D", 700, "TRANSFER FROM X"),
        ];
        for (number, part) in parts.iter().enumerate() {
            let mut rows = String::new();
            for (date, reference, amount, text) in part.iter().map(|at| all[*at]) {
                rows = format!("{rows}{date},{reference},{text},{}\n", naira(amount));
            }
            desk.write(
                &format!("{number}.csv"),
                &format!("Date,Reference,Narration,Amount\n{rows}"),
            );
            desk.ok(&format!("bank import OPS {number}.csv --as bola"));
        }
        reconcile(&desk, 3);
        let lines = desk.json("bank lines OPS");
        let mut classes: Vec<String> = lines
            .as_array()
            .unwrap()
            .iter()
            .map(|line| {
                format!(
                    "{} {} {} {}",
                    line["description"], line["class"], line["match_tier"], line["payments"]
                )
            })
            .collect();
        classes.sort();
        classes
    };
    let one = outcome(&[&[0, 1, 2, 3]]);
    assert_eq!(outcome(&[&[3, 2, 1, 0]]), one);
    assert_eq!(outcome(&[&[2], &[3, 0], &[1]]), one);
    assert!(
        one[2].contains("\"matched\"") && one[1].contains("\"proposed\""),
        "{one:?}"
    );
}

#[test]
fn the_database_itself_holds_a_line_and_a_payment_in_one_live_match() {
    if !has_program("sqlite3") {
        return;
    }
    let desk = referenced();
    desk.ok(RUN);
    for (sql, told) in [
        (
            "INSERT INTO bank_match_lines (match_number, line_number, live) SELECT match_number + 1, line_number, 1 FROM bank_match_lines",
            "bank_match_lines.line_number",
        ),
        (
            "INSERT INTO bank_match_withdrawals (match_number, withdrawal_number, kind, live) SELECT match_number + 1, withdrawal_number, kind, 1 FROM bank_match_withdrawals",
            "bank_match_withdrawals.withdrawal_number, bank_match_withdrawals.kind",
        ),
    ] {
        let ran = Command::new("sqlite3")
            .arg(desk.ledger())
            .arg(format!("PRAGMA foreign_keys = OFF; {sql}"))
            .output()
            .unwrap();
        let said = String::from_utf8(ran.stderr).unwrap();
        assert!(
            !ran.status.success() && said.contains(&format!("UNIQUE constraint failed: {told}")),
            "{said}"
        );
    }
    desk.sound();
}
