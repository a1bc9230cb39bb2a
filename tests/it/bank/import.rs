//! Statements in: what an import tells, what it finds odd, and what it refuses.

use serde_json::{Value, json};

use super::{IMPORT, LINE, THREE, each};
use crate::{
    event::once::{Once, fields, unchanged},
    support::{Desk, statement},
};

/// Two statements of one day each, in one file: SWIFT MT940.
const TWO_DAYS: &str = ":20:A
:25:0000014579
:28C:1/1
:60F:C260624NGN1000,00
:61:2606240624D30,00NTRFREF1//B1
:86:POS PURCHASE A
:62F:C260624NGN970,00
-
:20:B
:25:0000014579
:28C:2/1
:60F:C260624NGN970,00
:61:2606250625C50,00NTRFREF2//B2
:86:TRANSFER FROM B
:62F:C260625NGN1020,00
-
";

fn findings(imported: &Value) -> Vec<&str> {
    each(&imported["findings"], "kind")
}

#[test]
fn an_import_has_the_fields_that_scripts_read() {
    let desk = Desk::with_bank();
    desk.statement("june.csv", 100_000, &THREE);
    let line = "bank import OPS june.csv --as bola";
    let once = Once::done(&desk, line);
    let imported = once.json();
    fields(&imported, IMPORT);
    let expected = json!({
        "statement": "S-000001", "format": "csv", "encoding": "UTF-8", "lines_new": 3, "lines_known": 0, "lines_skipped": 0,
        "debits": "40.50", "credits": "50.00", "opening_balance": "1000.00", "closing_balance": "1009.50", "balance_ok": true,
        "date_from": "2026-06-24", "date_to": "2026-06-26", "findings": [], "already_imported": false, "account": "OPS",
        "currency": "NGN", "imported_by": "bola",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(imported[field], *value, "{field}");
    }
    desk.statement("other.csv", 100_000, &THREE[..2]);
    once.conflicts(&desk, "bank import OPS other.csv --as bola");
    let lines = desk.json("bank lines OPS");
    assert_eq!(lines.as_array().unwrap().len(), 3);
    fields(&lines[0], LINE);
    let expected = json!({
        "code": "L-000001", "statement": "S-000001", "line_number": 4, "booking_date": "2026-06-24", "value_date": "2026-06-24",
        "amount": "-30.00", "balance": "970.00", "reference": "S1", "description": "POS PURCHASE A", "kind": "principal",
        "class": "on_bank_not_in_ledger", "payments": [], "match_tier": null,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(lines[0][field], *value, "{field}");
    }
    let statement = &desk.json("bank statements OPS")[0];
    fields(statement, IMPORT);
    assert_eq!(
        (&statement["statement"], &statement["lines_new"]),
        (&json!("S-000001"), &json!(3))
    );
    once.repeats(&desk);
    desk.sound();
}

#[test]
fn lines_are_listed_by_day_and_status() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    for (flags, expected) in [
        ("", vec!["L-000001", "L-000002", "L-000003"]),
        ("--from 2026-06-25", vec!["L-000002", "L-000003"]),
        ("--to 2026-06-25", vec!["L-000001", "L-000002"]),
        ("--from 2026-06-25 --to 2026-06-25", vec!["L-000002"]),
        ("--status unexpected_credit", vec!["L-000002"]),
        ("--status matched", vec![]),
    ] {
        assert_eq!(
            each(&desk.json(&format!("bank lines OPS {flags}")), "code"),
            expected,
            "{flags}"
        );
    }
    let said = desk.refused("bank lines OPS --status paid", 2, "usage.invalid");
    assert!(
        said.contains("matched_group") && !said.contains("paid_not_on_bank"),
        "{said}"
    );
    desk.refused("bank lines NONE", 1, "bank.unknown");
}

#[test]
fn the_same_bytes_again_are_answered_and_write_nothing() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.write("renamed.txt", &statement(100_000, &THREE));
    let again = desk.ok("bank import OPS renamed.txt --as bola");
    assert!(
        again.stderr.contains("already imported as S-000001"),
        "{}",
        again.stderr
    );
    assert!(
        again.stderr.contains("nothing was written"),
        "{}",
        again.stderr
    );
    let json = desk.json("bank import OPS renamed.txt --as bola");
    assert_eq!(
        (&json["already_imported"], &json["statement"]),
        (&json!(true), &json!("S-000001"))
    );
    assert_eq!(
        (&json["lines_new"], &json["lines_known"]),
        (&json!(0), &json!(3))
    );
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "nothing is written"
    );
    // Another account has not seen this file; the file says that it is not of that account, and
    // that account is not ours.
    desk.ok(
        "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola",
    );
    desk.refused(
        "bank import SPARE renamed.txt --as bola",
        1,
        "bank.other_account",
    );
}

#[test]
fn the_input_can_come_through_a_pipe() {
    let desk = Desk::with_bank();
    let ran = desk.piped(
        "bank import OPS - --as bola -f json",
        &statement(100_000, &THREE),
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    desk.statement("june.csv", 100_000, &THREE);
    assert_eq!(
        desk.json("bank import OPS june.csv --as bola")["already_imported"],
        true
    );
}

#[test]
fn a_file_of_several_statements_is_an_array() {
    let desk = Desk::with_bank();
    desk.write("two.sta", TWO_DAYS);
    let once = Once::done(&desk, "bank import OPS two.sta --as bola");
    let both = once.json();
    assert_eq!(each(&both, "statement"), ["S-000001", "S-000002"]);
    for statement in both.as_array().unwrap() {
        fields(statement, IMPORT);
        assert_eq!(
            (&statement["balance_ok"], &statement["lines_new"]),
            (&json!(true), &json!(1)),
            "{statement}"
        );
        assert_eq!(statement["findings"], json!([]), "one follows the other");
    }
    assert_eq!(
        (&both[0]["debits"], &both[1]["credits"]),
        (&json!("30.00"), &json!("50.00"))
    );
    let ran = desk.ok("bank import OPS two.sta --as bola");
    assert!(
        ran.stderr.contains("already imported as S-000001"),
        "{}",
        ran.stderr
    );
    desk.sound();
}

#[test]
fn one_refused_statement_of_a_file_refuses_the_file() {
    let desk = Desk::with_bank();
    desk.write(
        "two.sta",
        &TWO_DAYS
            .replace(
                "C260624NGN970,00\n:61:2606250625",
                "C260624USD970,00\n:61:2606250625",
            )
            .replace("C260625NGN1020,00", "C260625USD1020,00"),
    );
    let said = unchanged(&desk, || {
        desk.refused("bank import OPS two.sta --as bola", 1, "bank.currency")
    });
    assert!(said.contains("`OPS` is in NGN, not in USD"), "{said}");
    assert_eq!(desk.json("bank lines OPS"), json!([]));
}

#[test]
fn a_statement_of_another_account_of_the_ledger_is_refused_with_its_name() {
    let desk = Desk::with_bank();
    desk.ok(
        "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola",
    );
    desk.write(
        "spare.csv",
        &statement(100_000, &THREE).replace("0000014579", "0123456101"),
    );
    let said = unchanged(&desk, || {
        desk.refused(
            "bank import OPS spare.csv --as bola",
            1,
            "bank.other_account",
        )
    });
    assert!(
        said.contains("`SPARE`") && !said.contains("0123456101"),
        "{said}"
    );
    desk.ok("bank import SPARE spare.csv --as bola");
}

#[test]
fn a_file_that_names_an_account_that_is_not_ours_is_a_finding() {
    let desk = Desk::with_bank();
    desk.write(
        "other.csv",
        &statement(100_000, &THREE).replace("0000014579", "0123456132"),
    );
    let imported = desk.json("bank import OPS other.csv --as bola");
    assert_eq!(findings(&imported), ["account_differs"]);
    assert!(!imported.to_string().contains("0123456132"), "{imported}");
    assert!(
        imported["findings"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("******6132"),
        "{imported}"
    );
}

#[test]
fn balances_that_do_not_add_up_are_a_finding_with_the_difference() {
    let desk = Desk::with_bank();
    // MT940 states both balances; the closing one is 2.00 too high.
    let one = TWO_DAYS
        .split(":20:B")
        .next()
        .unwrap()
        .replace(":62F:C260624NGN970,00", ":62F:C260624NGN972,00");
    desk.write("break.sta", &one);
    let imported = desk.json("bank import OPS break.sta --as bola");
    assert_eq!(imported["balance_ok"], false);
    assert_eq!(findings(&imported), ["balance_break"]);
    assert_eq!(imported["findings"][0]["difference"], "2.00", "{imported}");
    assert_eq!(
        imported["lines_new"], 1,
        "the lines are imported all the same"
    );
    let ran = desk.run("bank reconcile OPS --as bola -f json");
    let run: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &run["balance_break"]), (3, &json!("2.00")));
}

#[test]
fn a_gap_of_balances_and_one_of_days_are_findings() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    desk.statement(
        "later.csv",
        100_000,
        &[("2026-06-28", "S9", -100, "POS PURCHASE Z")],
    );
    let later = desk.json("bank import OPS later.csv --as bola");
    assert_eq!(findings(&later), ["gap"]);
    assert_eq!(
        later["findings"][0]["difference"], "-9.50",
        "it opens with 1,000.00 after 1,009.50: {later}"
    );
    let bare = |date: &str, text: &str| format!("Date,Narration,Amount\n{date},{text},-1.00\n");
    let desk = Desk::with_bank();
    desk.write("a.csv", &bare("2026-06-01", "A"));
    desk.write("b.csv", &bare("2026-06-05", "B"));
    desk.ok("bank import OPS a.csv --as bola");
    let later = desk.json("bank import OPS b.csv --as bola");
    assert_eq!(findings(&later), ["gap"]);
    assert!(
        later["findings"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("3 days"),
        "{later}"
    );
    desk.write("c.csv", &bare("2026-06-06", "C"));
    assert_eq!(
        desk.json("bank import OPS c.csv --as bola")["findings"],
        json!([]),
        "the next day is not a gap"
    );
}

#[test]
fn an_overlap_is_a_finding_with_what_was_known() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    let lines = [
        THREE[1],
        THREE[2],
        ("2026-06-27", "S4", -100, "POS PURCHASE D"),
    ];
    desk.statement("more.csv", 97_000, &lines);
    let more = desk.json("bank import OPS more.csv --as bola");
    assert_eq!(
        (&more["lines_new"], &more["lines_known"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(findings(&more), ["overlap"]);
    let detail = more["findings"][0]["detail"].as_str().unwrap();
    assert!(
        detail.contains("S-000001") && detail.contains("known lines: 2, new lines: 1"),
        "{detail}"
    );
    let ran = desk.run("bank import OPS more.csv --as bola");
    assert_eq!(ran.code, 0);
}

#[test]
fn findings_are_warnings_for_people() {
    let desk = Desk::with_bank();
    desk.write(
        "other.csv",
        &statement(100_000, &THREE).replace("0000014579", "0123456132"),
    );
    let ran = desk.ok("bank import OPS other.csv --as bola");
    assert!(
        ran.stderr.contains("warning: S-000001: account_differs: "),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("imported 3 new lines, 0 known"),
        "{}",
        ran.stderr
    );
}

#[test]
fn rows_that_are_not_booked_lines_are_skipped_counted_and_listed() {
    let desk = Desk::with_bank();
    desk.write(
        "status.csv",
        "Date,Narration,Amount,Status\n2026-06-24,A,-30.00,Successful\n2026-06-25,B,-5.00,Pending\n2026-06-25,C,-6.00,Failed\n",
    );
    let ran = desk.ok("bank import OPS status.csv --as bola --dry-run");
    assert_eq!(
        ran.stderr
            .lines()
            .filter(|line| line.starts_with("skipped: line "))
            .count(),
        2,
        "{}",
        ran.stderr
    );
    let imported = desk.json("bank import OPS status.csv --as bola");
    assert_eq!(
        (&imported["lines_new"], &imported["lines_skipped"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(imported["debits"], "30.00");
}

#[test]
fn a_text_of_more_than_four_thousand_letters_is_cut_and_that_is_reported() {
    let desk = Desk::with_bank();
    let text = "A".repeat(4_500);
    desk.statement("long.csv", 100_000, &[("2026-06-24", "S1", -3_000, &text)]);
    let imported = desk.json("bank import OPS long.csv --as bola");
    assert_eq!(
        each(&imported["findings"], "detail"),
        ["the text has 4500 letters; the first 4000 were kept"]
    );
    assert_eq!(
        desk.line("L-000001")["description"].as_str().unwrap().len(),
        4_000
    );
    desk.sound();
}

/// Workbooks that openpyxl, xlwt and odfpy wrote.
#[test]
fn workbooks_of_other_programs_hold_the_same_lines() {
    let mut desk = Desk::with_bank();
    desk.at("2026-07-01T09:00:00.000000Z");
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/workbook");
    for (name, new) in [
        ("statement.xls", 3),
        ("statement.ods", 0),
        ("statement.xlsx", 0),
    ] {
        std::fs::copy(seeds.join(name), desk.path().join(name)).unwrap();
        let imported = desk.json(&format!("bank import OPS {name} --as bola"));
        let counts = (&imported["lines_new"], &imported["lines_known"]);
        assert_eq!(counts, (&json!(new), &json!(3 - new)), "{name}: {imported}");
    }
    let lines = desk.json("bank lines OPS");
    let read = |line: &Value| {
        let fields = ["booking_date", "amount", "reference", "description"];
        fields.map(|field| line[field].as_str().unwrap().to_owned())
    };
    let read: Vec<_> = lines.as_array().unwrap().iter().map(read).collect();
    assert_eq!(
        read,
        [
            ["2026-06-01", "1000000.00", "R-1", "Rent collected"],
            ["2026-06-24", "-3000.50", "S1", "NIP TRF TO OKORO ADAEZE"],
            ["2026-06-30", "-0.25", "S2", "Café & sons"],
        ]
    );
    desk.sound();
}
