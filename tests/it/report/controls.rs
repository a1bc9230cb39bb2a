//! `prorata report controls`

use serde_json::{Value, json};

use crate::support::Desk;

/// Returns the exceptions of a kind.
fn of(desk: &Desk, kind: &str, days: &str) -> Vec<Value> {
    let report = desk.json(&format!("report controls {days}"));
    let exceptions = report["exceptions"].as_array().unwrap().iter();
    exceptions
        .filter(|one| one["kind"] == kind)
        .cloned()
        .collect()
}

/// A ledger in which much was done that a reviewer wants to see.
fn exceptional() -> Desk {
    let desk = Desk::with_bank();
    for line in [
        "event create E2 --project LAGOS --type revenue --title Q1 --amount 100 --date 2026-03-31 --yes --as bola",
        "holder block h3 --reason court-order --as bola",
        "holder unblock h3 --reason lifted --as ada",
        "holder account set h2 --account-number 0123456101 --as bola",
        "withdrawal pay W-1 --reference R1 --date 2026-06-30 --as bola",
    ] {
        desk.ok(line);
    }
    desk.imported(
        "june.csv",
        &[
            ("2026-06-29", "B1", -2_000, "SOMETHING"),
            ("2026-06-29", "B2", -300, "ELSE"),
            ("2026-06-30", "B3", 700, "IN"),
        ],
    );
    for (line, kind) in [("L-1", "other"), ("L-2", "fee"), ("L-3", "funding")] {
        desk.ok(&format!(
            "bank resolve {line} --kind {kind} --reason known --as bola"
        ));
    }
    desk
}

#[test]
fn every_exception_is_listed_with_its_kind_and_counted() {
    let mut desk = exceptional();
    let confirmed = of(&desk, "confirmed", "");
    assert_eq!(confirmed.len(), 1);
    assert_eq!(
        (
            &confirmed[0]["subject"],
            &confirmed[0]["by"],
            &confirmed[0]["detail"]
        ),
        (
            &json!("E2"),
            &json!("bola"),
            &json!("[\"event.duplicate\"]")
        )
    );
    let unblocked = &of(&desk, "holder_unblocked", "")[0];
    assert_eq!(
        (
            &unblocked["subject"],
            &unblocked["by"],
            &unblocked["detail"]
        ),
        (&json!("h3"), &json!("ada"), &json!("lifted"))
    );
    let shared = of(&desk, "shared_account", "");
    assert_eq!(
        (shared.len(), &shared[0]["subject"], &shared[0]["detail"]),
        (1, &json!("h2"), &json!("same account as h1"))
    );
    let changed = &of(&desk, "account_changed_before_payment", "")[0];
    assert_eq!(
        (
            &changed["subject"],
            &changed["amount"],
            &changed["other_user"]
        ),
        (&json!("P-000001"), &json!("30.00"), &json!("bola"))
    );
    let explained = of(&desk, "explained_by_hand", "");
    let amounts: Vec<&Value> = explained.iter().map(|one| &one["amount"]).collect();
    assert_eq!(amounts, ["-20.00", "7.00"], "the largest first");
    assert_eq!(of(&desk, "charge_by_hand", "")[0]["subject"], "L-000002");
    let report = desk.json("report controls");
    let counts = report["counts"].as_array().unwrap();
    let count = |kind: &str| counts.iter().find(|one| one["kind"] == kind).unwrap();
    assert_eq!(
        (
            &count("explained_by_hand")["count"],
            &count("explained_by_hand")["amount"]
        ),
        (&json!(2), &json!("-13.00"))
    );
    // The days limit it, and a later day does not change an earlier one.
    assert_eq!(
        of(&desk, "holder_unblocked", "--to 2026-06-29"),
        [json!(null); 0]
    );
    assert_eq!(
        of(&desk, "holder_unblocked", "--from 2026-07-01"),
        [json!(null); 0]
    );
    assert_eq!(
        of(
            &desk,
            "holder_unblocked",
            "--from 2026-06-30 --to 2026-06-30"
        )
        .len(),
        1
    );
    desk.at("2026-07-05T09:00:00.000000Z");
    let june = desk.json("report controls --to 2026-06-30");
    desk.ok("holder account remove h2 --as bola");
    desk.ok("bank unmatch L-1 --reason wrong --as bola");
    assert_eq!(desk.json("report controls --to 2026-06-30"), june);
    desk.refused(
        "report controls --from 2026-02-01 --to 2026-01-01",
        2,
        "usage.invalid",
    );
}

#[test]
fn the_month_end_has_the_exceptions_of_its_month() {
    let mut desk = Desk::with_event();
    desk.ok("holder block h3 --reason court-order --as bola");
    desk.ok("holder unblock h3 --reason lifted --as bola");
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("holder block h2 --reason court-order --as bola");
    desk.ok("holder unblock h2 --reason lifted --as bola");
    desk.ok("report month-end 2026-06 -o june");
    let csv = std::fs::read_to_string(desk.path().join("june/controls.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("kind,at,by,subject,amount,currency,detail,other_user")
    );
    assert!(csv.contains("holder_unblocked,2026-06-30T09:00:00.") && csv.contains(",bola,h3,"));
    assert!(!csv.contains(",h2,"), "{csv}");
}

#[test]
fn two_users_from_one_account_of_the_system_are_an_exception() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    let same = of(&desk, "same_origin", "");
    let subjects: Vec<&Value> = same.iter().map(|one| &one["subject"]).collect();
    assert_eq!(subjects, ["E1", "W-000001"]);
    assert_eq!(
        (&same[1]["by"], &same[1]["other_user"], &same[1]["amount"]),
        (&json!("chi"), &json!("bola"), &json!("10.00"))
    );
}

/// Does each exception, on a desk whose users all work from one account of the operating system.
fn every_exception() -> Desk {
    let mut desk = Desk::with_bank();
    for line in [
        "event create E2 --project LAGOS --type revenue --title Q1 --amount 100 --date 2026-03-31 --yes --as bola",
        "holder block h3 --reason court-order --as bola",
        "holder unblock h3 --reason lifted --as ada",
        "withdrawal request --event E1 --holder h1 --amount 3 --by cash --as bola",
        "withdrawal approve W-4 --as chi",
        "withdrawal pay W-4 --reference CASH-1 --date 2026-06-30 --as bola",
        "withdrawal pay W-3 --reference TRX-7788 --date 2026-06-20 --yes --as bola",
        "withdrawal pay W-2 --reference TRX-9911 --date 2026-06-30 --as bola",
        "payment correct P-3 --reference TRX-9922 --reason typo --as ada",
        "payment settle P-3 --reason lost --as chi",
        "withdrawal request --event E1 --holder h2 --amount 4 --as ada",
        "withdrawal approve W-5 --as chi",
        "payment file create --account OPS W-1 W-5 --profile generic --as bola",
        "payment file export F-1 -o out.csv --as bola",
        "payment file drop F-1 W-5 --reason refused --as chi",
        "payment file cancel F-1 --reason refused --as chi",
        "holder account set h2 --account-number 0123456101 --as bola",
        "withdrawal pay W-5 --reference TRX-4455 --date 2026-06-30 --as bola",
        "payment return P-4 --date 2026-06-30 --reason closed --as chi",
        "withdrawal pay W-1 --reference TRX-3300 --date 2026-06-30 --as bola",
    ] {
        desk.ok(line);
    }
    let other = "TRX-7788 TRF TO MALLAM CRONY/0099887766";
    desk.imported(
        "june.csv",
        &[
            ("2026-06-20", "B1", -1_000, other),
            ("2026-06-29", "B2", -2_000, "SOMETHING"),
            ("2026-06-29", "B3", -300, "ELSE"),
            ("2026-06-30", "B4", -3_000, "DEBIT"),
            ("2026-06-30", "B6", -50, "CHQBOOK"),
            ("2026-06-30", "B7", -900, "NRS"),
        ],
    );
    for line in [
        "bank match L-1 P-2 --as chi",
        "bank match L-4 P-5 --as bola",
        "bank resolve L-2 --kind other --reason known --as bola",
        "bank resolve L-3 --kind fee --reason known --as bola",
        "bank rule add OPS --text CHQBOOK --kind fee --at-most 5 --as bola",
        "proposal approve Q-1 --as chi",
        "event create E3 --project LAGOS --type other --title Dust --amount 0.0000004 --unit 0.0000001 --date 2026-06-30 --as bola",
        "event exclude E3 h3 --policy assign:h1 --reason gift --as bola",
        "event calculate E3 --as bola",
        "event approve E3 --as chi",
        "forward write-off --project LAGOS --below 0.01 --reason closing --as bola",
        "proposal approve Q-2 --as chi",
        "project set LAGOS --tax-profile ng-2026 --as bola",
        "holder set h1 --kind company --tax-residence NG --as bola",
        "event create E4 --project LAGOS --type dividend --title Tax --amount 90 --date 2026-06-30 --as bola",
        "event exclude E4 h2 h3 --policy redistribute --reason treasury --as bola",
        "event calculate E4 --as bola",
        "event approve E4 --as chi",
        "tax remit --authority NRS --period 2026-06 --reference RRR-1 --date 2026-06-30 --as bola",
        "bank match L-6 T-1 --as chi",
    ] {
        desk.ok(line);
    }
    let ran = desk.run("bank reconcile OPS --as bola");
    assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
    let wrong = [("2026-07-01", "B5", -100, "WRONG FILE")];
    desk.statement("july.csv", 92_750, &wrong);
    desk.ok("bank import OPS july.csv --as bola");
    desk.ok("bank statement void S-2 --reason wrong --as bola");
    desk.write(
        "past.csv",
        "event,title,type,date,record_date,holder,tokens,gross,tax,paid,reference,value_date\nPAST,Before us,exit,2025-12-31,2025-12-31,h1,1,10,,,,\n",
    );
    desk.ok("history import past.csv --project LAGOS --as bola");
    let proposals = desk.json("proposal list --status proposed");
    let proposal = proposals[0]["code"].as_str().unwrap();
    desk.ok(&format!("proposal approve {proposal} --as chi"));
    desk.at("2026-09-30T09:00:00.000000Z");
    desk.ok("holder set h1 --email h1@example.org --as bola");
    desk
}

#[test]
fn every_kind_of_exception_is_made_by_a_command_and_counted() {
    let desk = every_exception();
    let report = desk.json("report controls");
    let counted: Vec<(String, u64)> = (report["counts"].as_array().unwrap().iter())
        .map(|one| {
            let kind = one["kind"].as_str().unwrap().to_owned();
            (kind, one["count"].as_u64().unwrap())
        })
        .collect();
    #[rustfmt::skip]
    let expected = [
        ("confirmed", 1), ("clock", 1), ("odd_payment", 1), ("other_means", 1), ("return_without_credit", 1),
        ("payment_corrected", 1), ("payment_settled", 1), ("file_cancelled_after_export", 1),
        ("items_dropped_after_export", 1),
        // All payments but the one in cash.
        ("account_changed_before_payment", 4),
        ("shared_account", 1), ("bank_account_added", 1), ("holder_unblocked", 1),
        // E1, its 5 withdrawals approved and paid, a correction, a settlement and a return; a file
        // whose items were dropped and that was cancelled; E3; three proposals; E4 and its remittance.
        ("same_origin", 22),
        ("added_by_maker", 1), ("not_acknowledged", 1), ("explained_by_hand", 1), ("charge_by_hand", 1),
        ("charge_by_rule", 1), ("remittance_by_hand", 1), ("part_assigned", 1), ("forward_written_off", 1),
        ("history_imported", 1), ("other_creditor", 1), ("statement_by_payer", 3), ("statement_taken_back", 1), ("no_payee", 1),
    ];
    let expected = expected.map(|(kind, count)| (kind.to_owned(), count));
    assert_eq!(counted, expected, "{report:#}");
    let listed = report["exceptions"].as_array().unwrap().len();
    let sum: u64 = counted.iter().map(|(_, count)| count).sum();
    assert_eq!(u64::try_from(listed).unwrap(), sum);
    for kind in prorata::domain::control::ExceptionKind::ALL {
        let made = counted.iter().any(|(name, _)| name == kind.as_str());
        assert!(made, "no command of this test makes `{kind}`");
    }
    // What a month's pack has is what the report lists.
    desk.run("report month-end 2026-06 -o june");
    let csv = std::fs::read_to_string(desk.path().join("june/controls.csv")).unwrap();
    let june = desk.json("report controls --from 2026-06-01 --to 2026-06-30");
    let june = june["exceptions"].as_array().unwrap().len();
    assert_eq!(csv.lines().count() - 1, june);
    desk.sound();
}
