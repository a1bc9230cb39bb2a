//! Rules by which debits are charges of the bank, which two persons agree to.

use serde_json::json;

use super::{classes, each, settled};
use crate::{event::once::Once, support::Desk};

const ADD: &str = "bank rule add OPS --text CHQBOOK --kind fee --at-most 20 --as bola";

/// Three debits of the bank's own words, of which one is too large, and one credit.
const CHARGES: [(&str, &str, i64, &str); 4] = [
    ("2026-06-24", "C1", -2_000, "CHQBOOK 50 LEAVES"),
    ("2026-06-25", "C2", -2_001, "CHQBOOK 50 LEAVES"),
    ("2026-06-26", "C3", 1_500, "CHQBOOK REFUND"),
    ("2026-06-27", "C4", -1_000, "CHQBOOKS OF ADA"),
];

fn run(desk: &Desk) {
    let ran = desk.run("bank reconcile OPS --as bola");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
}

#[test]
fn a_rule_explains_lines_that_are_in_the_ledger_and_removing_it_takes_nothing_back() {
    let mut desk = Desk::with_bank();
    desk.imported("june.csv", &CHARGES);
    run(&desk);
    let open = [
        "on_bank_not_in_ledger",
        "on_bank_not_in_ledger",
        "unexpected_credit",
        "on_bank_not_in_ledger",
    ];
    assert_eq!(classes(&desk), open);
    desk.ok(ADD);
    settled(&desk, 3);
    assert_eq!(classes(&desk), open, "a proposal has no effect");
    desk.ok("proposal approve Q-1 --as chi");
    run(&desk);
    let explained = [
        "fee_tax_levy",
        "on_bank_not_in_ledger",
        "unexpected_credit",
        "on_bank_not_in_ledger",
    ];
    assert_eq!(classes(&desk), explained);
    let line = desk.line("L-000001");
    assert_eq!(
        (&line["kind"], &line["rule"], &line["detail"]),
        (
            &json!("fee"),
            &json!("Q-000001"),
            &json!("rule Q-000001 of the account: fee")
        )
    );
    let too_much = desk.line("L-000002");
    assert_eq!(
        (&too_much["kind"], &too_much["rule"], &too_much["detail"]),
        (
            &json!("principal"),
            &json!(null),
            &json!("begins as rule Q-000001 of the account says, and is more than its 20.00")
        )
    );
    assert_eq!(desk.json("bank explain L-1")["rule"], "Q-000001");
    settled(&desk, 3);
    let past = desk.ok("bank lines OPS --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-01T09:00:00.000000Z");
    let once = Once::done(&desk, "bank rule remove Q-1 --reason ended --as bola");
    assert_eq!(
        (&once.json()["removed_by"], &once.json()["removal_reason"]),
        (&json!("bola"), &json!("ended"))
    );
    assert_eq!(desk.json("bank rule list OPS"), json!([]));
    assert_eq!(
        each(&desk.json("bank rule list OPS --all"), "removed_by"),
        ["bola"]
    );
    assert_eq!(
        each(
            &desk.json("bank rule list OPS --as-of 2026-06-30"),
            "removed_by"
        ),
        [""]
    );
    assert_eq!(
        desk.ok("bank lines OPS --as-of 2026-06-30 -f csv").stdout,
        past,
        "a past day keeps its bytes"
    );
    settled(&desk, 3);
    assert_eq!(classes(&desk), explained, "what was explained stays so");
    // A line that is booked after the removal is left to settle.
    desk.at("2026-07-03T09:00:00.000000Z");
    desk.statement(
        "july.csv",
        96_499,
        &[
            ("2026-07-01", "C5", -500, "CHQBOOK"),
            ("2026-07-02", "C6", -500, "CHQBOOK"),
        ],
    );
    desk.ok("bank import OPS july.csv --as bola");
    run(&desk);
    assert_eq!(
        classes(&desk)[4..],
        ["fee_tax_levy", "on_bank_not_in_ledger"]
    );
    desk.sound();
}

#[test]
fn a_line_that_a_rule_explained_wrongly_is_explained_by_hand() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &CHARGES);
    desk.ok(ADD);
    desk.ok("proposal approve Q-1 --as chi");
    run(&desk);
    desk.ok("bank resolve L-1 --kind other --reason wrong --as bola");
    assert_eq!(desk.line("L-000001")["class"], "resolved");
    assert_eq!(desk.line("L-000001")["rule"], json!(null));
    run(&desk);
    assert_eq!(desk.line("L-000001")["class"], "resolved");
    desk.sound();
}

#[test]
fn controls_list_charges_by_rule_and_by_hand() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &CHARGES);
    desk.ok(ADD);
    desk.ok("proposal approve Q-1 --as chi");
    run(&desk);
    desk.ok("bank resolve L-2 --kind fee --reason fee --as bola");
    let controls = desk.json("report controls");
    let of = |kind: &str| {
        let all = controls["exceptions"].as_array().unwrap().iter();
        all.filter(|one| one["kind"] == kind)
            .map(|one| {
                format!(
                    "{} {} {} {} {}",
                    one["by"], one["subject"], one["amount"], one["detail"], one["other_user"]
                )
                .replace('"', "")
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("charge_by_rule"),
        ["chi L-000001 -20.00 rule Q-000001: fee bola"]
    );
    assert_eq!(of("charge_by_hand"), ["bola L-000002 -20.01 charge null"]);
    let books = desk.ok("export hledger").stdout;
    assert!(books.contains("expenses:bank charges"), "{books}");
}

#[test]
fn a_text_that_fits_transfers_an_empty_limit_and_a_second_rule_are_refused() {
    let desk = Desk::with_bank();
    for (text, words) in [
        ("NIP TRF", "has only words by which banks name transfers"),
        ("TRF TO ADA", "has words after which banks name a payee"),
        ("FEE 1234567", "has a number of six or more digits"),
        ("AB", "has fewer than three letters"),
        ("RVSL FEE", "begins like a reversal"),
    ] {
        let line = [
            "bank",
            "rule",
            "add",
            "OPS",
            "--text",
            text,
            "--kind",
            "fee",
            "--at-most",
            "5",
            "--as",
            "bola",
        ];
        let ran = desk.words(&line);
        assert_eq!(ran.code, 1, "{text}");
        assert!(ran.stderr.contains(words), "{text}: {}", ran.stderr);
    }
    for amount in ["0", "5.001"] {
        let line =
            format!("bank rule add OPS --text CHQBOOK --kind fee --at-most {amount} --as bola");
        desk.refused(&line, 1, "bank_rule.amount");
    }
    desk.ok(ADD);
    desk.ok("bank rule add OPS --text chqbook --kind levy --at-most 9 --as bola");
    desk.ok("proposal approve Q-1 --as chi");
    desk.refused(ADD, 1, "bank_rule.exists");
    desk.refused("proposal approve Q-2 --as chi", 1, "bank_rule.exists");
    desk.ok("bank rule remove Q-1 --as bola");
    desk.refused("bank rule remove Q-1 --as bola", 1, "bank_rule.removed");
    desk.ok("proposal approve Q-2 --as chi");
    assert_eq!(
        each(&desk.json("bank rule list OPS --all"), "code"),
        ["Q-000001", "Q-000002"]
    );
    desk.sound();
}
