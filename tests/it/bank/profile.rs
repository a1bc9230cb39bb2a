//! Layouts of statement files: built in, in a file of the user's own, or columns on the command
//! line.

use serde_json::json;

use super::{THREE, each};
use crate::support::Desk;

const POSB: &str = "27 Feb 2026,ICT,7.80, ,MCDONALDS\n";

#[test]
fn the_built_in_layouts_are_listed_and_shown() {
    let desk = Desk::empty();
    let list = desk.json("bank profile list");
    let names = each(&list, "name");
    for name in ["gtbank", "zenith", "access", "uba", "posb"] {
        assert!(names.contains(&name), "{names:?}");
        let shown = desk.ok(&format!("bank profile show {name}")).stdout;
        assert!(shown.contains(&format!("name = \"{name}\"")), "{shown}");
        assert_eq!(
            std::fs::read_dir(desk.path()).unwrap().count(),
            0,
            "no ledger is needed, and none made"
        );
    }
    let said = desk.refused("bank profile show nobank", 2, "usage.invalid");
    assert!(said.contains("gtbank"), "{said}");
    assert_eq!(
        desk.run("bank profile list --dry-run").code,
        2,
        "it writes nothing"
    );
}

#[test]
fn a_test_shows_what_would_be_imported_and_what_the_file_proves() {
    let desk = Desk::with_bank();
    desk.statement("june.csv", 100_000, &THREE);
    let before = std::fs::read(desk.ledger()).unwrap();
    let read = desk.json("bank profile test june.csv");
    assert_eq!(
        (&read["format"], &read["encoding"]),
        (&json!("csv"), &json!("UTF-8"))
    );
    assert_eq!(
        each(&read["lines"], "amount"),
        ["-30.00", "50.00", "-10.50"]
    );
    let statement = &read["statements"][0];
    assert_eq!(
        (
            &statement["opening_balance"],
            &statement["closing_balance"],
            &statement["balance_ok"]
        ),
        (&json!("1000.00"), &json!("1009.50"), &json!(true))
    );
    assert!(read["proofs"].as_array().unwrap().len() > 2, "{read}");
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "nothing is imported"
    );
    desk.write("bad.csv", "Date,Narration,Amount\n2026-06-31,B,5.00\n");
    desk.refused("bank profile test bad.csv", 1, "file.bad_lines");
    desk.write("page.xls", "<html></html>");
    desk.refused("bank profile test page.xls", 1, "statement.not_a_statement");
}

#[test]
fn a_file_without_a_header_is_read_by_name_by_a_file_of_ones_own_or_by_columns() {
    for (how, named) in [
        ("--profile posb", json!("posb")),
        ("--profile mine.toml", json!("posb")),
        (
            "--columns date=1,reference=2,debit=3,credit=4,description=5",
            json!("columns"),
        ),
    ] {
        let desk = Desk::with_bank();
        desk.ok("bank add POSB --bank-name POSB --account-number 1234567 --currency SGD --as bola");
        desk.write("posb.csv", POSB);
        desk.write("mine.toml", &desk.ok("bank profile show posb").stdout);
        desk.refused(
            "bank import POSB posb.csv --as bola",
            1,
            "statement.undecided",
        );
        let imported = desk.json(&format!("bank import POSB posb.csv {how} --as bola"));
        assert_eq!(
            (&imported["debits"], &imported["profile"]),
            (&json!("7.80"), &named),
            "{how}"
        );
        let line = &desk.json("bank lines POSB")[0];
        assert_eq!(
            (&line["amount"], &line["description"]),
            (&json!("-7.80"), &json!("MCDONALDS")),
            "{how}"
        );
        assert_eq!(line["booking_date"], "2026-02-27", "{how}");
    }
}

#[test]
fn a_profile_that_does_not_exist_or_cannot_be_read_is_wrong_usage() {
    let desk = Desk::with_bank();
    desk.statement("june.csv", 100_000, &THREE);
    desk.write("bad.toml", "name = \"x\"\nwrong_key = 1\n");
    for flags in [
        "--profile nobank",
        "--profile bad.toml",
        "--columns nothing=1",
        "--profile gtbank --columns date=1",
    ] {
        desk.refused(
            &format!("bank import OPS june.csv {flags} --as bola"),
            2,
            "usage.invalid",
        );
    }
    desk.refused(
        "bank import OPS june.csv --profile missing.toml --as bola",
        4,
        "file.unreadable",
    );
    assert_eq!(desk.json("bank statements OPS"), json!([]));
}
