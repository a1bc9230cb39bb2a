//! `prorata token import`: a cap table or entries, all of a file or nothing.

use serde_json::json;

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

const CAP: &str = "token import cap.csv --project LAGOS --date 2026-02-01 --add --as bola";

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

#[test]
fn a_second_register_does_not_double_the_holdings_of_the_first() {
    let desk = Desk::new();
    desk.ok("project add LEKKI --name Lekki --as bola");
    desk.write("q1.csv", "holder,tokens\nada,100\nbayo,100\nchidi,200\n");
    desk.write("q2.csv", "holder,tokens\nada,100\nchidi,200\ndayo,100\n");
    let import = |file: &str, date: &str| {
        format!("token import {file} --project LEKKI --date {date} --create-holders --as bola")
    };
    // Chidi has as many as the others together, which is asked about.
    desk.ok(&format!("{} --yes", import("q1.csv", "2026-01-01")));
    let again = import("q2.csv", "2026-06-30");
    let message = desk.refused(&again, 1, "token.register_not_empty");
    for part in [
        "`LEKKI` already has holdings on 2026-06-30: 3 holders with 400 tokens",
        "the file has 3 holders with 400 tokens",
        "it would make 4 holders with 800 tokens; nothing was written",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    insta::assert_snapshot!(
        "token_import_register_not_empty",
        desk.run(&again).snapshot()
    );
    desk.refused("holder show dayo", 1, "holder.unknown");
    insta::assert_snapshot!(
        "token_import_replace",
        desk.ok(&format!("{again} --replace")).snapshot()
    );
    let held = |day: &str| -> Vec<(String, String)> {
        let rows = desk.json(&format!("token register LEKKI --as-of {day}"));
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| (text(&row["holder"]), text(&row["lp_tokens_held"])))
            .collect()
    };
    let pair = |holder: &str, tokens: &str| (holder.to_owned(), tokens.to_owned());
    assert_eq!(
        held("2026-06-30"),
        [
            pair("ada", "100"),
            pair("chidi", "200"),
            pair("dayo", "100")
        ]
    );
    assert_eq!(
        held("2026-06-29").len(),
        3,
        "the day before has its holders"
    );
    let history = desk.json("token history LEKKI");
    let last = history.as_array().unwrap().last().unwrap();
    let reference = last["reference"].as_str().unwrap();
    assert_eq!(
        reference.split('-').count(),
        3,
        "hash, import, number: {reference}"
    );
    desk.event_on("E1", "LEKKI", "400000", "2026-06-30");
    let shares = desk.json("event allocations E1");
    let amounts: Vec<&str> = shares
        .as_array()
        .unwrap()
        .iter()
        .map(|share| share["allocated_amount"].as_str().unwrap())
        .collect();
    assert_eq!(amounts, ["100000.00", "200000.00", "100000.00"]);
    let done = desk.json(&format!("{again} --replace"));
    assert_eq!(done["already_imported"], true);
    desk.sound();
}

#[test]
fn holdings_on_top_of_others_are_issued_only_if_that_is_said() {
    let desk = Desk::with_register();
    desk.write("more.csv", "holder,tokens\nh1,10\nh2,5\n");
    let import = "token import more.csv --project LAGOS --date 2026-02-01 --as bola";
    desk.refused(import, 1, "token.register_not_empty");
    let done = desk.json(&format!("{import} --add"));
    assert_eq!(
        (&done["tokens_issued"], &done["added"]),
        (&json!("15"), &json!(2))
    );
    // Holdings that begin later are doubled just as well, with `--replace` too.
    let earlier = import
        .replace("2026-02-01", "2025-12-31")
        .replace("more", "old");
    desk.write("old.csv", "holder,tokens\nh1,1\nh2,1\n");
    for line in [earlier.clone(), format!("{earlier} --replace")] {
        let message = desk.refused(&line, 1, "token.register_not_empty");
        assert!(
            message.contains("already has holdings after 2025-12-31"),
            "{message}"
        );
    }
    wrong_usage(
        &desk,
        &format!("{import} --add --replace"),
        "cannot be used with",
    );
    desk.sound();
}

#[test]
fn the_register_of_an_earlier_quarter_can_be_put_back() {
    let desk = Desk::with_register();
    desk.write("one.csv", "holder,tokens\nh1,5\nh2,2\n");
    desk.write("two.csv", "holder,tokens\nh2,7\n");
    let replace = |file: &str, date: &str| {
        format!("token import {file} --project LAGOS --date {date} --replace --as bola")
    };
    let done = desk.json(&replace("one.csv", "2026-02-01"));
    assert_eq!(
        (
            &done["tokens_issued"],
            &done["tokens_redeemed"],
            &done["tokens"]
        ),
        (&json!("5"), &json!("1"), &json!("7"))
    );
    assert_eq!(done["changes"].as_array().unwrap().len(), 3);
    desk.ok(&replace("two.csv", "2026-03-01"));
    desk.ok(&replace("one.csv", "2026-04-01"));
    let rows = desk.json("token register LAGOS");
    assert_eq!(
        (
            &rows[0]["lp_tokens_held"],
            &rows[1]["lp_tokens_held"],
            &rows[2]
        ),
        (&json!("5"), &json!("2"), &json!(null))
    );
    let message = desk.refused(
        &replace("two.csv", "2026-01-15"),
        1,
        "token.negative_balance",
    );
    assert!(
        message.contains("`h1` would lack 1 tokens on 2026-03-01"),
        "{message}"
    );
    dry(&desk, &replace("two.csv", "2026-05-01"));
    keyed(
        &desk,
        "k1",
        &replace("two.csv", "2026-05-01"),
        &replace("one.csv", "2026-05-01"),
    );
    desk.sound();
}

#[test]
fn a_row_of_totals_does_not_become_a_holder() {
    let desk = Desk::new();
    desk.ok("project add LEKKI --name Lekki --as bola");
    let import =
        "token import total.csv --project LEKKI --date 2026-01-01 --create-holders --as bola";
    desk.write(
        "total.csv",
        "holder,tokens\nada,100\nbayo,100\nchidi,200\nTotal,400\n",
    );
    desk.refused(import, 1, "file.bad_lines");
    let ran = desk.run(import);
    let named = "total.csv:5: holder: `Total` is a row of totals, not a holder; remove this row";
    assert!(ran.stderr.contains(named), "{}", ran.stderr);
    desk.write(
        "total.csv",
        "holder,tokens\nada,100\nbayo,100\nchidi,200\neverybody,400\n",
    );
    let message = desk.refused(import, 2, "token.last_row_is_sum");
    assert!(
        message.contains("(line 5, `everybody`) has 400 tokens"),
        "{message}"
    );
    assert_eq!(desk.json("token register LEKKI"), json!([]));
    let entries = |desk: &Desk| desk.json("audit log").as_array().unwrap().len();
    let before = entries(&desk);
    desk.refused(import, 2, "token.last_row_is_sum");
    assert_eq!(
        entries(&desk),
        before,
        "a question is not a refused attempt"
    );
    desk.ok(&format!("{import} --yes"));
    let log = desk.json("audit log --type tokens_imported");
    assert_eq!(
        log[0]["changes_summary"]["confirmed"],
        json!(["token.last_row_is_sum"])
    );
    desk.write("holders.csv", "code,name\nada2,Ada\nsum-1,Grand Total:\n");
    desk.refused("holder import holders.csv --as bola", 1, "file.bad_lines");
    desk.sound();
}

#[test]
fn rows_without_tokens_are_left_out_and_counted() {
    let desk = Desk::with_register();
    desk.write("zero.csv", "holder,tokens\nh1,10\nh2,0\nh3,0.0\n");
    let import = "token import zero.csv --project LAGOS --date 2026-02-01 --add --as bola";
    let done = desk.json(import);
    assert_eq!(
        (&done["rows"], &done["added"], &done["rows_left_out"]),
        (&json!(3), &json!(1), &json!(2))
    );
    desk.write("zero.csv", "holder,tokens\nh2,0\nh3,0\n");
    desk.refused(import, 1, "file.bad_lines");
    // Ten digits are a quantity here, and are shown.
    desk.write(
        "zero.csv",
        "kind,holder,to,tokens,date\nredeem,h1,,1234567890,2026-02-01\n",
    );
    let ran = desk.run("token import zero.csv --project LAGOS --as bola");
    assert!(
        ran.stderr.contains("would lack 1,234,567,879 tokens"),
        "{}",
        ran.stderr
    );
}
