//! `prorata token import`: a cap table or entries, all of a file or nothing.

use serde_json::json;

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

const CAP: &str = "token import cap.csv --project LAGOS --date 2026-02-01 --as bola";

#[test]
fn a_cap_table_is_issued_on_its_date() {
    let desk = Desk::with_register();
    desk.write("cap.csv", "holder,tokens,name\nh1,1499,\nada,0.5,Ada Obi\n");
    insta::assert_snapshot!("token_import_unknown_holder", desk.run(CAP).snapshot());
    insta::assert_snapshot!(
        "token_import",
        desk.ok(&format!("{CAP} --create-holders")).snapshot()
    );
    assert_eq!(desk.json("holder show ada")["name"], "Ada Obi");
    let rows = desk.json("token register LAGOS --as-of 2026-02-01");
    assert_eq!(
        (&rows[0]["holder"], &rows[0]["lp_tokens_held"]),
        (&"ada".into(), &"0.5".into())
    );
    assert_eq!(rows[1]["lp_tokens_held"], "1500");
    desk.sound();
}

#[test]
fn the_json_of_an_import_says_what_was_read_and_written() {
    let desk = Desk::with_register();
    desk.write("cap.csv", "holder,tokens\nh1,10\nada,5.25\n");
    let done = desk.json(&format!("{CAP} --create-holders"));
    for (field, value) in [
        ("already_imported", json!(false)),
        ("rows", json!(2)),
        ("added", json!(2)),
        ("tokens", json!("15.25")),
        ("rows_cut", json!(0)),
        ("tokens_cut", json!("0")),
    ] {
        assert_eq!(done[field], value, "{field}");
    }
}

#[test]
fn the_same_file_again_is_already_imported_and_with_other_options_refused() {
    let desk = Desk::with_register();
    desk.write("cap.csv", "holder,tokens\nh1,10\nh2,5\n");
    desk.ok(CAP);
    let before = std::fs::read(desk.ledger()).unwrap();
    let again = desk.ok(CAP);
    insta::assert_snapshot!("token_import_again", again.snapshot());
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "nothing was written"
    );
    let done = desk.json(CAP);
    assert_eq!(
        (&done["already_imported"], &done["added"]),
        (&json!(true), &json!(0))
    );
    let message = desk.refused(
        &CAP.replace("2026-02-01", "2026-02-02"),
        1,
        "token.import_differs",
    );
    assert!(
        message.contains("was imported into `LAGOS` on 2026-06-30 with other options"),
        "{message}"
    );
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok(&CAP.replace("LAGOS", "ABUJA"));
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        5
    );
    desk.sound();
}

#[test]
fn a_file_of_entries_issues_transfers_and_redeems() {
    let desk = Desk::with_register();
    desk.write(
        "entries.csv",
        "kind,holder,to,tokens,date,reference\n\
         issue,h1,,100,2026-02-01,I-1\n\
         transfer,h1,h2,40,2026-03-01,T-1\n\
         redeem,h2,,1,2026-04-01,\n",
    );
    let done = desk.json("token import entries.csv --project LAGOS --as bola");
    assert_eq!(
        (&done["added"], &done["tokens"]),
        (&json!(3), &json!("141"))
    );
    let rows = desk.json("token register LAGOS");
    assert_eq!(
        (&rows[0]["lp_tokens_held"], &rows[1]["lp_tokens_held"]),
        (&json!("61"), &json!("40"))
    );
    let message = desk.refused(
        "token issue h1 1 --project LAGOS --date 2026-05-01 --reference T-1 --as bola",
        1,
        "token.reference_used",
    );
    assert!(message.contains("`T-1`"), "{message}");
    desk.sound();
}

#[test]
fn the_order_of_lines_within_a_file_does_not_matter_where_the_days_add_up() {
    let desk = Desk::with_register();
    desk.write(
        "entries.csv",
        "kind,holder,to,tokens,date\ntransfer,h1,h2,101,2026-03-01\nissue,h1,,100,2026-02-01\n",
    );
    desk.ok("token import entries.csv --project LAGOS --as bola");
    desk.write(
        "over.csv",
        "kind,holder,to,tokens,date\nissue,h3,,1,2026-02-01\nredeem,h1,,1,2026-02-15\n",
    );
    let ran = desk.run("token import over.csv --project LAGOS --as bola");
    insta::assert_snapshot!("token_import_overdrawn", ran.snapshot());
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        5,
        "all or nothing"
    );
    desk.sound();
}

#[test]
fn every_bad_line_is_listed_and_nothing_is_written() {
    let desk = Desk::with_register();
    desk.write(
        "cap.csv",
        "holder,tokens\nh1,10\nh2,\"1,000\"\nh h,5\nh3,0\nh1,3\nh2,1.00000001\nh3,1,2\n",
    );
    insta::assert_snapshot!("token_import_bad_lines", desk.run(CAP).snapshot());
    desk.refused(CAP, 1, "file.bad_lines");
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        3
    );
}

#[test]
fn a_file_of_which_no_row_can_be_read_is_bad_lines_and_no_bug() {
    let desk = Desk::with_register();
    for (text, line) in [
        ("holder,tokens\nh1,much\n", "cap.csv:2: tokens: "),
        ("holder,tokens\nh 1,1\nh2,\n", "cap.csv:2: holder: "),
        (
            "holder,tokens\n",
            "cap.csv:1: the file has a header and no rows",
        ),
    ] {
        desk.write("cap.csv", text);
        desk.refused(CAP, 1, "file.bad_lines");
        let ran = desk.run(CAP);
        assert!(
            ran.stderr.lines().any(|told| told.starts_with(line)),
            "{text:?}: {}",
            ran.stderr
        );
    }
    desk.sound();
}

#[test]
fn foreign_headers_are_named_and_excess_decimals_cut_on_request() {
    let desk = Desk::with_register();
    desk.write(
        "cap.csv",
        "rank,address,balance\n1,0xAB,10.123456789\n2,0xCD,0.00000009\n3,0xEF,7\n",
    );
    let named = format!("{CAP} --create-holders --columns holder=address,tokens=balance");
    desk.refused(&named, 1, "file.bad_lines");
    insta::assert_snapshot!(
        "token_import_cut",
        desk.ok(&format!("{named} --round down")).snapshot()
    );
    let done = desk.json(&format!("{named} --round down"));
    assert_eq!(
        (&done["rows_cut"], &done["tokens_cut"]),
        (&json!(2), &json!("0.000000179"))
    );
    assert_eq!(done["tokens"], "17.1234567");
    assert_eq!(
        desk.json("holder show 0xab")["name"],
        "0xAB",
        "without a name the code stands for it"
    );
    desk.refused("holder show 0xCD", 1, "holder.unknown");
    desk.sound();
}

#[test]
fn a_cap_table_needs_its_date_and_columns_that_exist() {
    let desk = Desk::with_register();
    desk.write("cap.csv", "holder,tokens\nh1,10\n");
    wrong_usage(
        &desk,
        "token import cap.csv --project LAGOS --as bola",
        "a cap table needs the date it counts from: use `--date DATE`",
    );
    wrong_usage(
        &desk,
        &format!("{CAP} --columns shoe=size"),
        "`shoe` is not a column that `--columns` can name",
    );
    wrong_usage(
        &desk,
        &format!("{CAP} --columns holder"),
        "like tokens=balance",
    );
    wrong_usage(&desk, &format!("{CAP} --round up"), "down");
    desk.refused(
        "token import nowhere.csv --project LAGOS --as bola",
        4,
        "file.unreadable",
    );
}

#[test]
fn an_import_happens_once_with_one_key_and_never_in_a_dry_run() {
    let desk = Desk::with_register();
    desk.write("cap.csv", "holder,tokens\nh1,10\nnew,1\n");
    desk.write("other.csv", "holder,tokens\nh1,11\n");
    dry(&desk, &format!("{CAP} --create-holders"));
    desk.refused("holder show new", 1, "holder.unknown");
    keyed(
        &desk,
        "k1",
        &format!("{CAP} --create-holders"),
        &CAP.replace("cap.csv", "other.csv"),
    );
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        5
    );
    desk.sound();
}
