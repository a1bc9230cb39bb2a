//! What a person decides: confirm, reject, match, unmatch, resolve; and why a line classes where it
//! does.

use serde_json::{Value, json};

use super::{LINE, THREE, classes, each, filed, reconcile::reconcile, settled};
use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

/// A line that is proposed for W-1, and one for W-2.
fn proposed() -> Desk {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[
            ("2026-06-24", "S1", -3000, "NIP TRF TO OKORO ADAEZE/GTB"),
            ("2026-06-25", "S2", -2000, "NIP TRF TO BELLO MUSA/GTB"),
        ],
    );
    reconcile(&desk, 3);
    assert_eq!(classes(&desk), ["proposed"; 2]);
    desk
}

/// Three payments by hand of 30.00, 20.00 and 10.00, and lines that nothing ties to them.
fn unlinked(lines: &[(&str, &str, i64, &str)]) -> Desk {
    let desk = Desk::with_bank();
    for number in 1..=3 {
        desk.ok(&format!(
            "withdrawal pay W-{number} --reference HAND-{number} --date 2026-06-23 --yes --as bola"
        ));
    }
    desk.imported("june.csv", lines);
    desk
}

#[test]
fn a_confirmed_proposal_pays_and_is_never_altered() {
    let desk = proposed();
    let confirmed = Once::done(&desk, "bank confirm L-1 --as bola");
    let line = confirmed.json();
    fields(&line, LINE);
    let told = (
        &line["class"],
        &line["match_tier"],
        &line["payments"],
        &line["code"],
    );
    assert_eq!(
        told,
        (
            &json!("matched"),
            &json!("4"),
            &json!(["P-000001"]),
            &json!("L-000001")
        )
    );
    let payment = desk.json("payment show P-1");
    let told = (
        &payment["status"],
        &payment["bank_line"],
        &payment["payment_date"],
        &payment["reference"],
    );
    assert_eq!(
        told,
        (
            &json!("reconciled"),
            &json!("L-000001"),
            &json!("2026-06-24"),
            &json!("S1")
        )
    );
    confirmed.conflicts(&desk, "bank confirm L-2 --as bola");
    unchanged(&desk, || {
        desk.refused("bank confirm L-1 --as bola", 1, "bank.nothing_proposed")
    });
    settled(&desk, 3);
    assert_eq!(desk.line("L-000001"), line);
    confirmed.repeats(&desk);
    desk.sound();
}

#[test]
fn a_rejected_proposal_is_never_made_again() {
    let desk = proposed();
    let rejected = Once::done(&desk, "bank reject L-1 --as bola");
    assert_eq!(rejected.json()["class"], "on_bank_not_in_ledger");
    assert_eq!(reconcile(&desk, 3)["proposed"], 0);
    assert_eq!(classes(&desk), ["on_bank_not_in_ledger", "proposed"]);
    unchanged(&desk, || {
        desk.refused("bank reject L-1 --as bola", 1, "bank.nothing_proposed")
    });
    unchanged(&desk, || {
        desk.refused("bank confirm L-1 --as bola", 1, "bank.nothing_proposed")
    });
    assert_eq!(desk.json("payment list"), json!([]));
    settled(&desk, 3);
    rejected.repeats(&desk);
    desk.sound();
}

#[test]
fn a_line_is_matched_by_hand_with_what_adds_up_to_it_exactly() {
    let desk = unlinked(&[("2026-06-24", "S1", -4000, "CASH WITHDRAWAL")]);
    let said = unchanged(&desk, || {
        desk.refused("bank match L-1 P-1 P-2 --as bola", 1, "bank.amount_differs")
    });
    assert!(
        said.contains("NGN 40.00") && said.contains("50.00") && said.contains("differ by -10.00"),
        "{said}"
    );
    unchanged(&desk, || {
        desk.refused("bank match L-1 P-9 --as bola", 1, "payment.unknown")
    });
    desk.refused("bank match L-1 --as bola", 2, "usage.invalid");
    let matched = Once::done(&desk, "bank match L-1 P-1 P-3 --as bola");
    let line = matched.json();
    assert_eq!(
        (&line["class"], &line["match_tier"]),
        (&json!("matched_group"), &json!("manual"))
    );
    assert_eq!(line["payments"], json!(["P-000001", "P-000003"]));
    assert_eq!(
        each(&desk.json("payment list"), "status"),
        ["reconciled", "recorded", "reconciled"]
    );
    unchanged(&desk, || {
        desk.refused("bank match L-1 P-1 P-3 --as bola", 1, "bank.line_state")
    });
    reconcile(&desk, 3);
    assert_eq!(
        desk.line("L-000001")["payments"],
        json!(["P-000001", "P-000003"])
    );
    matched.repeats(&desk);
    desk.sound();
}

#[test]
fn a_payment_is_matched_once_and_in_its_currency() {
    let desk = unlinked(&[
        ("2026-06-24", "S1", -3000, "CASH"),
        ("2026-06-25", "S2", -3000, "CASH"),
    ]);
    desk.ok("bank match L-1 P-1 --as bola");
    let said = unchanged(&desk, || {
        desk.refused("bank match L-2 P-1 --as bola", 1, "bank.payment_matched")
    });
    assert!(
        said.contains("P-000001") && said.contains("L-000001"),
        "{said}"
    );
    desk.ok("bank add USD --bank-name Bank --account-number 55500055 --currency USD --as bola");
    desk.write("usd.csv", "Date,Narration,Amount\n2026-06-24,CASH,-20.00\n");
    desk.ok("bank import USD usd.csv --as bola");
    unchanged(&desk, || {
        desk.refused("bank match L-3 P-2 --as bola", 1, "bank.payment_currency")
    });
}

#[test]
fn what_was_matched_is_taken_back_whole_and_not_matched_again() {
    let desk = filed();
    desk.ok("payment file export F-1 -o out.csv --as bola");
    desk.imported("june.csv", &[("2026-06-30", "BULK", -6000, "BULK PAYMENT")]);
    reconcile(&desk, 0);
    assert_eq!(
        desk.run("bank unmatch L-1 --as bola").code,
        2,
        "a reason is needed"
    );
    let taken = Once::done(&desk, "bank unmatch L-1 --reason wrong-file --as bola");
    let line = taken.json();
    let told = (&line["class"], &line["match_tier"], &line["payments"]);
    assert_eq!(
        told,
        (&json!("on_bank_not_in_ledger"), &Value::Null, &json!([]))
    );
    let payments = desk.json("payment list");
    assert_eq!(
        each(&payments, "status"),
        ["recorded"; 3],
        "each member is as it was"
    );
    assert!(
        payments
            .as_array()
            .unwrap()
            .iter()
            .all(|payment| payment["bank_line"].is_null())
    );
    let run = reconcile(&desk, 3);
    assert_eq!(
        (&run["matched"], &run["proposed"]),
        (&json!(0), &json!(0)),
        "{run}"
    );
    settled(&desk, 3);
    unchanged(&desk, || {
        desk.refused(
            "bank unmatch L-1 --reason again --as bola",
            1,
            "bank.line_state",
        )
    });
    // Who knows better may still match it.
    desk.ok("bank match L-1 P-1 P-2 P-3 --as bola");
    assert_eq!(desk.line("L-000001")["class"], "matched_group");
    settled(&desk, 0);
    taken.repeats(&desk);
    desk.sound();
}

#[test]
fn a_line_is_explained_as_what_it_is() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    desk.ok("bank resolve L-1 --kind fee --reason wire-fee --as bola");
    let line = desk.line("L-000001");
    let told = (&line["class"], &line["match_tier"], &line["detail"]);
    assert_eq!(
        told,
        (&json!("resolved"), &json!("manual"), &json!("wire-fee"))
    );
    let resolved = Once::done(
        &desk,
        "bank resolve L-2 --kind funding --reason capital-call --as bola",
    );
    assert_eq!(resolved.json()["class"], "resolved");
    resolved.conflicts(
        &desk,
        "bank resolve L-2 --kind other --reason capital-call --as bola",
    );
    unchanged(&desk, || {
        desk.refused(
            "bank resolve L-1 --kind other --reason x --as bola",
            1,
            "bank.line_state",
        )
    });
    assert_eq!(
        desk.run("bank resolve L-3 --kind other --as bola").code,
        2,
        "a reason is needed"
    );
    assert_eq!(
        desk.run("bank resolve L-3 --kind gift --reason x --as bola")
            .code,
        2
    );
    desk.ok("bank unmatch L-1 --reason it-was-a-payment --as bola");
    assert_eq!(desk.line("L-000001")["class"], "on_bank_not_in_ledger");
    desk.sound();
}

#[test]
fn who_resolves_may_be_named_before_or_after_the_kind() {
    for line in [
        "bank resolve L-1 --kind fee --reason fee --as bola",
        "--as bola bank resolve L-1 --kind fee --reason fee",
        "bank resolve L-1 --as bola --reason fee --kind fee",
    ] {
        let desk = Desk::with_bank();
        desk.imported("june.csv", &THREE);
        desk.ok(line);
        assert_eq!(desk.line("L-000001")["class"], "resolved", "{line}");
        assert_eq!(
            desk.json("audit log --type line_resolved")[0]["performed_by"],
            "bola",
            "{line}"
        );
    }
}

#[test]
fn a_line_that_is_proposed_may_be_matched_or_explained_otherwise() {
    let desk = proposed();
    desk.ok("bank resolve L-1 --kind other --reason salary --as bola");
    assert_eq!(classes(&desk), ["resolved", "proposed"]);
    desk.ok("withdrawal pay W-2 --reference HAND-2 --date 2026-06-25 --yes --as bola");
    desk.ok("bank match L-2 P-1 --as bola");
    assert_eq!(desk.line("L-000002")["match_tier"], "manual");
    reconcile(&desk, 0);
    settled(&desk, 0);
    desk.sound();
}

#[test]
fn every_decision_is_in_the_trail() {
    let desk = proposed();
    desk.ok("bank confirm L-1 --as bola");
    desk.ok("bank unmatch L-1 --reason oops --as ada");
    desk.ok("bank reject L-2 --as bola");
    let entry = |activity: &str| desk.json(&format!("audit log --type {activity}"))[0].clone();
    for (activity, who, before, after) in [
        ("line_matched", "bola", "proposed", "matched"),
        ("line_unmatched", "ada", "matched", "on_bank_not_in_ledger"),
        ("line_rejected", "bola", "proposed", "on_bank_not_in_ledger"),
    ] {
        let entry = entry(activity);
        let told = (
            &entry["performed_by"],
            &entry["previous_status"],
            &entry["new_status"],
        );
        assert_eq!(
            told,
            (&json!(who), &json!(before), &json!(after)),
            "{activity}: {entry}"
        );
    }
    assert_eq!(entry("line_unmatched")["withdrawal"], "W-000001");
    assert!(entry("line_unmatched").to_string().contains("oops"));
}

#[test]
fn an_explanation_tells_tier_fields_and_alternatives() {
    let desk = proposed();
    let told = desk.json("bank explain L-1");
    fields(&told, LINE);
    let alternatives = told["alternatives"].as_array().unwrap();
    assert_eq!(
        (&alternatives[0]["withdrawal"], &alternatives[0]["tier"]),
        (&json!("W-000001"), &json!("4"))
    );
    assert!(
        alternatives[0]["verdict"]
            .as_str()
            .unwrap()
            .starts_with("taken: "),
        "{told}"
    );
    let compared = told["compared"].as_array().unwrap();
    let field = |name: &str| {
        compared
            .iter()
            .find(|row| row["withdrawal"] == "W-000001" && row["field"] == name)
            .unwrap_or_else(|| panic!("{name}: {told}"))
    };
    for (name, agrees) in [
        ("amount", true),
        ("date", true),
        ("name", true),
        ("reference", false),
        ("direction", true),
    ] {
        assert_eq!(field(name)["agrees"], agrees, "{name}: {told}");
    }
    assert_eq!(desk.json("bank explain L-000001"), told);
    let id = told["id"].as_str().unwrap();
    assert_eq!(desk.json(&format!("bank explain {id}")), told);
    desk.refused("bank explain L-9", 1, "bank_line.unknown");
    desk.refused("bank explain L-1 --as-of 2026-06-24", 2, "usage.invalid");
}

#[test]
fn what_was_not_taken_is_explained_too() {
    let desk = Desk::with_bank();
    for (holder, name) in [("h1", "Adaeze Obi"), ("h2", "A. Obi")] {
        desk.done(&[
            "holder",
            "set",
            holder,
            "--name",
            name,
            "--account-name",
            name,
            "--as",
            "bola",
        ]);
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --amount 3 --as bola"
        ));
    }
    desk.ok("withdrawal approve W-4 W-5 --yes --as ada");
    desk.imported(
        "june.csv",
        &[("2026-06-30", "S1", -300, "NIP TRF TO A OBI/GTB")],
    );
    reconcile(&desk, 3);
    let told = desk.json("bank explain L-1");
    assert_eq!(
        (&told["class"], &told["payments"]),
        (&json!("ambiguous"), &json!(["W-000004", "W-000005"]))
    );
    let verdicts = each(&told["alternatives"], "verdict");
    assert!(
        verdicts.len() >= 2
            && verdicts[..2]
                .iter()
                .all(|verdict| verdict.contains("ambiguous")),
        "{verdicts:?}"
    );
    unchanged(&desk, || {
        desk.refused("bank confirm L-1 --as bola", 1, "bank.nothing_proposed")
    });
}
