//! Several lines at once: named, all of an account, or from a file; and lines that record payments.

use serde_json::{Value, json};

use super::{LINE, classes, each, reconcile::reconcile, settled};
use crate::{
    event::once::{Once, fields, unchanged},
    support::Desk,
};

/// The fields that scripts read of a line with a proposal.
const PROPOSED: &str = "line account booking_date amount currency description reference proposal payments remittances holder holder_name account_number ledger_amount ledger_date tier evidence lines";

/// Lines that are proposed for W-1, W-2 and W-3, and two that nothing explains.
fn proposed() -> Desk {
    let desk = Desk::with_bank();
    desk.imported(
        "june.csv",
        &[
            ("2026-06-24", "S1", -3000, "NIP TRF TO OKORO ADAEZE/GTB"),
            ("2026-06-25", "S2", -2000, "NIP TRF TO BELLO MUSA/GTB"),
            ("2026-06-25", "S3", -1000, "NIP TRF TO EZE CHIDI/GTB"),
            ("2026-06-26", "S4", -777, "POS PURCHASE A"),
            ("2026-06-26", "S5", 555, "TRANSFER FROM B"),
        ],
    );
    reconcile(&desk, 3);
    assert_eq!(classes(&desk)[..3], ["proposed"; 3]);
    desk
}

/// Two words that no other number gives.
fn name(number: usize) -> (String, String) {
    let syllable = |at: usize| {
        let (consonants, vowels) = ("bdfgklmnprst".as_bytes(), "aeiou".as_bytes());
        let (first, second) = (consonants[at % 12], vowels[at / 12 % 5]);
        format!("{}{}", char::from(first), char::from(second))
    };
    let (first, last) = (syllable(number % 60), syllable(number / 60));
    (
        format!("{first}{last}x{first}"),
        format!("{last}{first}z{last}"),
    )
}

/// The number of an account at bank 058.
fn nuban(number: usize) -> String {
    let serial = format!("{:09}", 100_000_000 + number);
    let digits = format!("058{serial}");
    let weights = [3, 7, 3, 3, 7, 3, 3, 7, 3, 3, 7, 3];
    let digits = digits.bytes().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    format!("{serial}{}", (10 - sum % 10) % 10)
}

#[test]
fn a_month_of_300_payments_without_references_takes_three_commands() {
    const MANY: usize = 300;
    let mut desk = Desk::with_register_at("2026-06-22T09:00:00.000000Z");
    desk.ok("project add IKEJA --name Ikeja-Court --as bola");
    let mut holders =
        vec!["code,name,bank_name,bank_code,account_number,account_name\n".to_owned()];
    let mut tokens = vec!["holder,tokens\n".to_owned()];
    let mut lines = Vec::new();
    for number in 1..=MANY {
        let (first, last) = name(number);
        let account = nuban(number);
        holders.push(format!(
            "p{number},{first} {last},GTBank,058,{account},{first} {last}\n"
        ));
        tokens.push(format!("p{number},{number}\n"));
        // Each is paid 10 kobo a token.
        let amount = -i64::try_from(number).unwrap() * 10;
        let text = format!("NIP TRF TO {last} {first}/GTB").to_uppercase();
        lines.push(("2026-06-24", "", amount, text));
    }
    desk.write("holders.csv", &holders.concat());
    desk.write("tokens.csv", &tokens.concat());
    desk.ok("holder import holders.csv --as bola");
    desk.ok("token import tokens.csv --project IKEJA --date 2026-01-01 --yes --as ada");
    desk.ok("event create E1 --project IKEJA --type revenue --title Q1 --amount 4515 --date 2026-03-31 --yes --as bola");
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    desk.ok("withdrawal request --event E1 --all-holders --as ada");
    desk.ok("withdrawal approve --event E1 --all --expect 300:4515.00 --as chi");
    desk.ok(&crate::support::ADD_ACCOUNT.replace("LAGOS", "IKEJA"));
    desk.at("2026-06-30T09:00:00.000000Z");
    let lines: Vec<_> = lines
        .iter()
        .map(|(date, reference, amount, text)| (*date, *reference, *amount, text.as_str()))
        .collect();
    desk.statement("month.csv", 100_000_000, &lines);
    desk.ok("bank import OPS month.csv --as bola");

    reconcile(&desk, 3);
    desk.ok("bank proposals OPS --output proposals.csv");
    let ran = desk.ok("bank confirm --from proposals.csv --as bola");
    assert!(
        ran.stderr.contains("confirmed 300 proposals"),
        "{}",
        ran.stderr
    );

    settled(&desk, 0);
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), MANY);
    assert_eq!(desk.json("event show E1")["status"], "completed");
    assert_eq!(desk.json("bank proposals OPS"), json!([]));
    desk.sound();
}

#[test]
fn proposals_show_the_bank_and_the_ledger_side_by_side() {
    let desk = proposed();
    let list = desk.json("bank proposals OPS");
    assert_eq!(list, desk.json("bank proposals"), "of all accounts");
    fields(&list[0], PROPOSED);
    assert_eq!(each(&list, "line"), ["L-000001", "L-000002", "L-000003"]);
    assert_eq!(each(&list, "holder"), ["h1", "h2", "h3"]);
    let first = &list[0];
    let told = (
        &first["holder_name"],
        &first["account_number"],
        &first["amount"],
        &first["ledger_amount"],
        &first["tier"],
        &first["payments"],
        &first["proposal"],
    );
    let expected = (
        &json!("Adaeze Okoro"),
        &json!("******6101"),
        &json!("-30.00"),
        &json!("30.00"),
        &json!("4"),
        &json!(["W-000001"]),
        &json!("payment"),
    );
    assert_eq!(told, expected);
    assert!(
        first["evidence"].as_str().unwrap().contains("name"),
        "{first}"
    );
    assert_eq!(
        desk.json("bank proposals OPS --as-of 2026-06-22"),
        json!([])
    );
    desk.refused("bank proposals NONE", 1, "bank.unknown");
}

#[test]
fn several_lines_are_confirmed_together_or_not_at_all() {
    let desk = proposed();
    let said = unchanged(&desk, || {
        desk.refused(
            "bank confirm L-1 L-4 L-5 --as bola",
            1,
            "bank.nothing_proposed",
        )
    });
    assert!(said.contains("2 of 3"), "{said}");
    let confirmed = Once::done(&desk, "bank confirm L-1 L-2 --as bola");
    let lines = confirmed.json();
    fields(&lines[0], LINE);
    assert_eq!(each(&lines, "class"), ["matched"; 2]);
    assert_eq!(lines[1]["payments"], json!(["P-000002"]));
    confirmed.conflicts(&desk, "bank confirm L-1 L-3 --as bola");
    desk.ok("bank reject L-3 --as bola");
    confirmed.repeats(&desk);
    desk.sound();
}

#[test]
fn all_proposals_of_an_account_are_confirmed_after_a_question() {
    let desk = proposed();
    let said = unchanged(&desk, || {
        desk.refused(
            "bank confirm --account OPS --all --as bola",
            2,
            "usage.needs_yes",
        )
    });
    assert!(said.contains("confirm 3 lines, NGN 60.00"), "{said}");
    let none = desk.ok("bank confirm --account OPS --all --tier 1 --yes --as bola");
    assert!(none.stderr.contains("nothing to do"), "{}", none.stderr);
    let confirmed = Once::done(
        &desk,
        "bank confirm --account OPS --all --tier 4 --yes --as bola",
    );
    assert_eq!(each(&confirmed.json(), "class"), ["matched"; 3]);
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), 3);
    for line in [
        "bank confirm --all --as bola",
        "bank confirm --account OPS --as bola",
        "bank confirm L-1 --account OPS --all --as bola",
        "bank confirm --as bola",
        "bank resolve L-1 --as bola",
        "bank resolve --account OPS --all --tier 4 --kind fee --reason x --as bola",
    ] {
        desk.refused(line, 2, "usage.invalid");
    }
    desk.sound();
}

#[test]
fn rejected_proposals_of_an_account_are_not_made_again() {
    let desk = proposed();
    let rejected = Once::done(&desk, "bank reject --account OPS --all --yes --as bola");
    assert_eq!(
        each(&rejected.json(), "class"),
        ["on_bank_not_in_ledger"; 3]
    );
    reconcile(&desk, 3);
    let proposed = desk.json("bank proposals OPS");
    assert!(!each(&proposed, "tier").contains(&"4"), "{proposed}");
    rejected.repeats(&desk);
    desk.sound();
}

#[test]
fn what_nothing_explains_is_resolved_together_and_no_proposal_with_it() {
    let desk = proposed();
    let line = "bank resolve --account OPS --all --kind other --reason Card --as bola";
    let said = unchanged(&desk, || desk.refused(line, 2, "usage.needs_yes"));
    assert!(said.contains("resolve 2 lines, NGN 13.32"), "{said}");
    let resolved = Once::done(&desk, &format!("{line} --yes"));
    assert_eq!(each(&resolved.json(), "code"), ["L-000004", "L-000005"]);
    assert_eq!(each(&resolved.json(), "class"), ["resolved"; 2]);
    assert_eq!(classes(&desk)[..3], ["proposed"; 3]);
    desk.sound();
}

#[test]
fn a_file_says_of_each_line_what_it_is() {
    let desk = proposed();
    let file = |rows: &str| {
        desk.write(
            "lines.csv",
            &format!("line,decision,kind,payment,reason\n{rows}"),
        );
    };
    file(
        "L-1,confirm,,,\nL-2,reject,,,\nL-9,confirm,,,\nL-4,confirm,,,\nL-5,resolve,,,Refund\nL-3,match,,W-2,\n",
    );
    let line = "bank confirm --from lines.csv --as bola";
    unchanged(&desk, || desk.refused(line, 1, "file.bad_lines"));
    let said = desk.run(line).stderr;
    for bad in [
        "lines.csv:4",
        "lines.csv:5",
        "lines.csv:6: kind",
        "lines.csv:7",
    ] {
        assert!(said.contains(bad), "{bad}: {said}");
    }
    file(
        "L-1,confirm,,,\nL-2,reject,,,\nL-3,match,,W-3,\nL-4,resolve,other,,Card\nL-5,resolve,,,\n",
    );
    let decided = Once::done(
        &desk,
        "bank resolve --from lines.csv --kind other --reason Refund --as bola",
    );
    let lines = decided.json();
    let expected = [
        "matched",
        "on_bank_not_in_ledger",
        "matched",
        "resolved",
        "resolved",
    ];
    assert_eq!(each(&lines, "class"), expected);
    assert_eq!(lines[2]["match_tier"], "manual");
    assert_eq!(
        each(&desk.json("payment list"), "withdrawal"),
        ["W-000001", "W-000003"]
    );
    decided.repeats(&desk);
    desk.sound();
}

/// W-1 to W-3 are approved and not paid, and nothing ties these lines to them.
fn unlinked(lines: &[(&str, &str, i64, &str)]) -> Desk {
    let desk = Desk::with_bank();
    desk.imported("june.csv", lines);
    desk
}

#[test]
fn a_line_that_is_matched_with_approved_withdrawals_records_their_payments() {
    let desk = unlinked(&[
        ("2026-06-24", "S1", -4000, "BULK TRANSFER"),
        ("2026-06-25", "S2", 2000, "TRANSFER FROM B"),
    ]);
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-1 W-2 --as bola", 1, "bank.amount_differs")
    });
    unchanged(&desk, || {
        desk.refused("bank match L-2 W-2 --as bola", 1, "withdrawal.wrong_state")
    });
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-9 --as bola", 1, "withdrawal.unknown")
    });
    let matched = Once::done(&desk, "bank match L-1 W-1 W-3 --as bola");
    let line = matched.json();
    assert_eq!(line["class"], "matched_group");
    assert_eq!(line["payments"], json!(["P-000001", "P-000002"]));
    let paid = desk.json("payment show P-1");
    let told = (&paid["payment_date"], &paid["reference"], &paid["status"]);
    assert_eq!(
        told,
        (
            &json!("2026-06-24"),
            &json!("L-000001/W-000001"),
            &json!("reconciled")
        )
    );
    matched.repeats(&desk);
    // A withdrawal that is paid means its payment.
    let said = desk.refused("bank match L-2 W-1 --as bola", 1, "bank.amount_differs");
    assert!(said.contains("30.00"), "{said}");
    desk.sound();
}

#[test]
fn who_approved_a_withdrawal_matches_no_line_with_it() {
    let desk = unlinked(&[("2026-06-24", "S1", -3000, "CASH WITHDRAWAL")]);
    desk.ok("user add eve --role admin --as ada");
    desk.ok("user acknowledge eve --as chi");
    desk.ok("withdrawal cancel W-1 --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 30 --as bola");
    // What was never approved is expected nowhere.
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-4 --as bola", 1, "withdrawal.wrong_state")
    });
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-4 --as chi", 1, "user.forbidden")
    });
    desk.ok("withdrawal approve W-4 --as eve");
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-4 --as eve", 1, "withdrawal.same_approver")
    });
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-4 --as chi", 1, "user.forbidden")
    });
    desk.ok("bank match L-1 W-4 --as bola");
    desk.sound();
}

#[test]
fn a_line_that_names_another_payee_pays_no_withdrawal_without_a_second_person() {
    let desk = unlinked(&[(
        "2026-06-24",
        "S1",
        -3000,
        "NIP TRANSFER TO KUNLE ADEBAYO/0123456132",
    )]);
    unchanged(&desk, || {
        desk.refused("bank match L-1 W-1 --as bola", 1, "line.other_creditor")
    });
    desk.ok("bank match L-1 W-1 --as ada");
    assert_eq!(desk.json("payment show P-1")["withdrawal"], "W-000001");
    let kinds: Value = desk.json("report controls");
    assert!(kinds.to_string().contains("other_creditor"), "{kinds}");
    desk.sound();
}
