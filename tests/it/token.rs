//! `prorata token …`: the register of LP tokens.

mod import;
mod samples;
mod undo;

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

/// A register where h1 has 100 tokens since January.
fn desk() -> Desk {
    let desk = Desk::with_register();
    desk.ok("token issue h1 99 --project LAGOS --date 2026-01-01 --as bola");
    desk
}

#[test]
fn tokens_are_issued_transferred_and_redeemed() {
    let desk = Desk::with_register();
    let issued = desk
        .ok("token issue h1 1499.5 --project LAGOS --date 2026-01-15 --reference R-1 --as bola");
    insta::assert_snapshot!("token_issue", issued.snapshot());
    let moved = desk.ok("token transfer h1 h2 500.25 --project LAGOS --date 2026-02-01 --as bola");
    insta::assert_snapshot!("token_transfer", moved.snapshot());
    let redeemed = desk.ok("token redeem h3 1 --project LAGOS --date 2026-03-01 --as bola");
    insta::assert_snapshot!("token_redeem", redeemed.snapshot());
    insta::assert_snapshot!("token_register", desk.ok("token register LAGOS").snapshot());
    insta::assert_snapshot!("token_history", desk.ok("token history LAGOS").snapshot());
    desk.sound();
}

#[test]
fn a_register_row_has_holding_and_percentage_as_strings() {
    let desk = Desk::with_register();
    let rows = desk.json("token register LAGOS");
    let first = &rows[0];
    assert_eq!(
        (&first["holder"], &first["holder_name"]),
        (&"h1".into(), &"Name-h1".into())
    );
    assert_eq!(first["lp_tokens_held"], "1");
    let parts: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["ownership_percentage"].as_str().unwrap())
        .collect();
    assert_eq!(
        parts,
        ["33.3333334", "33.3333333", "33.3333333"],
        "exactly 100, the odd unit to the first code"
    );
}

#[test]
fn the_register_of_a_day_counts_what_was_effective_by_then() {
    let desk = desk();
    desk.ok("token transfer h1 h2 40 --project LAGOS --date 2026-02-01 --as bola");
    desk.ok("token redeem h3 1 --project LAGOS --date 2026-03-01 --as bola");
    let held = |day: &str| {
        let rows = desk.json(&format!("token register LAGOS --as-of {day}"));
        let rows = rows.as_array().unwrap().clone();
        rows.iter()
            .map(|row| {
                format!(
                    "{} {}",
                    row["holder"].as_str().unwrap(),
                    row["lp_tokens_held"].as_str().unwrap()
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(held("2025-12-31"), Vec::<String>::new());
    assert_eq!(held("2026-01-31"), ["h1 100", "h2 1", "h3 1"]);
    assert_eq!(held("2026-02-01"), ["h1 60", "h2 41", "h3 1"]);
    assert_eq!(
        held("2026-06-30"),
        ["h1 60", "h2 41"],
        "a holder without tokens has no row"
    );
    desk.refused(
        "token register LAGOS --as-of 2026-07-01",
        2,
        "usage.as_of_in_future",
    );
    let history = desk.json("token history LAGOS --as-of 2026-01-31");
    assert!(
        history
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| entry["kind"] == "issue"),
        "{history}"
    );
}

#[test]
fn a_history_can_be_of_one_holder_and_reads_like_an_import_file() {
    let desk = desk();
    desk.ok("token transfer h1 h2 40 --project LAGOS --date 2026-02-01 --reference T-1 --as bola");
    let entries = desk.json("token history LAGOS --holder H2");
    assert_eq!(entries.as_array().unwrap().len(), 2);
    let entry = &entries[1];
    for (field, value) in [
        ("date", "2026-02-01"),
        ("kind", "transfer"),
        ("holder", "h1"),
        ("to", "h2"),
        ("tokens", "40"),
        ("reference", "T-1"),
        ("created_by", "bola"),
        ("project", "LAGOS"),
    ] {
        assert_eq!(entry[field], value, "{field}");
    }
    desk.refused("token history LAGOS --holder h9", 1, "holder.unknown");
    desk.refused("token history ABUJA", 1, "project.unknown");
    desk.refused("token register ABUJA", 1, "project.unknown");
}

#[test]
fn more_than_a_holder_has_is_neither_transferred_nor_redeemed() {
    let desk = desk();
    for line in [
        "token transfer h1 h2 100.0000001",
        "token redeem h1 100.0000001",
    ] {
        let message = desk.refused(
            &format!("{line} --project LAGOS --date 2026-06-30 --as bola"),
            1,
            "token.negative_balance",
        );
        assert_eq!(
            message,
            "`h1` would lack 0.0000001 tokens on 2026-06-30; nothing was written"
        );
    }
    assert_eq!(
        desk.json("token register LAGOS")[0]["lp_tokens_held"],
        "100"
    );
    desk.ok("token redeem h1 100 --project LAGOS --date 2026-06-30 --as bola");
    desk.sound();
}

#[test]
fn a_back_dated_transfer_that_overdraws_is_refused_with_the_day() {
    let desk = desk();
    desk.ok("token transfer h1 h2 80 --project LAGOS --date 2026-03-01 --as bola");
    let ran = desk.run("token transfer h1 h3 30 --project LAGOS --date 2026-02-01 --as bola");
    insta::assert_snapshot!("token_transfer_overdrawn", ran.snapshot());
    desk.refused(
        "token redeem h1 21 --project LAGOS --date 2026-02-01 --as bola",
        1,
        "token.negative_balance",
    );
    desk.refused(
        "token redeem h1 1 --project LAGOS --date 2025-12-31 --as bola",
        1,
        "token.negative_balance",
    );
    desk.ok("token transfer h1 h3 20 --project LAGOS --date 2026-02-01 --as bola");
    desk.sound();
}

#[test]
fn an_entry_needs_tokens_and_two_different_holders() {
    let desk = desk();
    desk.refused(
        "token issue h1 0 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "token.zero",
    );
    desk.refused(
        "token redeem h1 0.0000000 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "token.zero",
    );
    desk.refused(
        "token transfer h1 H1 1 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "token.self_transfer",
    );
    desk.refused(
        "token issue h9 1 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "holder.unknown",
    );
    desk.refused(
        "token transfer h1 h9 1 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "holder.unknown",
    );
    desk.refused(
        "token issue h1 1 --project ABUJA --date 2026-01-01 --as bola",
        1,
        "project.unknown",
    );
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        4
    );
}

#[test]
fn a_reference_is_once_in_the_register_of_a_project() {
    let desk = desk();
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("token issue h1 1 --project LAGOS --date 2026-01-01 --reference R-1 --as bola");
    let message = desk.refused(
        "token transfer h1 h2 1 --project LAGOS --date 2026-01-02 --reference R-1 --as bola",
        1,
        "token.reference_used",
    );
    assert!(
        message.contains("`R-1` is already in the register of `LAGOS`"),
        "{message}"
    );
    desk.ok("token issue h1 1 --project ABUJA --date 2026-01-01 --reference R-1 --as bola");
}

#[test]
fn more_tokens_than_the_range_holds_are_refused() {
    let desk = Desk::with_register();
    let message = desk.refused(
        "token issue h1 9999999999999.9999999 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "token.too_many",
    );
    assert!(
        message.contains("would be outstanding in `LAGOS`"),
        "{message}"
    );
    desk.ok("token issue h1 9999999999996.9999999 --project LAGOS --date 2026-01-01 --as bola");
    desk.refused(
        "token issue h2 0.0000001 --project LAGOS --date 2026-01-01 --as bola",
        1,
        "token.too_many",
    );
    // What is redeemed later was outstanding until then.
    desk.ok("token redeem h1 9999999999996.9999999 --project LAGOS --date 2026-03-01 --as bola");
    let message = desk.refused(
        "token issue h2 0.0000001 --project LAGOS --date 2026-02-01 --as bola",
        1,
        "token.too_many",
    );
    assert!(
        message.contains("outstanding in `LAGOS` on 2026-02-01"),
        "{message}"
    );
    desk.write("cap.csv", "holder,tokens\nh2,1\n");
    desk.refused(
        "token import cap.csv --project LAGOS --date 2026-02-28 --add --as bola",
        1,
        "token.too_many",
    );
    desk.ok("token issue h2 9999999999996.9999999 --project LAGOS --date 2026-03-01 --as bola");
    desk.event_on("E1", "LAGOS", "100", "2026-02-28");
    desk.sound();
}

#[test]
fn who_does_not_record_moves_no_tokens() {
    let desk = desk();
    desk.write("cap.csv", "holder,tokens\nh1,1\n");
    for actor in ["chi", "dayo"] {
        for line in [
            "token issue h1 1 --project LAGOS --date 2026-01-01",
            "token transfer h1 h2 1 --project LAGOS --date 2026-01-01",
            "token redeem h1 1 --project LAGOS --date 2026-01-01",
            "token import cap.csv --project LAGOS --date 2026-01-01 --add",
        ] {
            desk.refused(&format!("{line} --as {actor}"), 1, "user.forbidden");
        }
    }
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        4
    );
}

#[test]
fn each_entry_is_recorded_once_with_one_key() {
    let desk = desk();
    for (key, line) in [
        ("k1", "token issue h1"),
        ("k2", "token transfer h1 h2"),
        ("k3", "token redeem h1"),
    ] {
        let rest = "--project LAGOS --date 2026-02-01 --as bola";
        keyed(
            &desk,
            key,
            &format!("{line} 10 {rest}"),
            &format!("{line} 11 {rest}"),
        );
    }
    let rows = desk.json("token register LAGOS");
    assert_eq!(
        (&rows[0]["lp_tokens_held"], &rows[1]["lp_tokens_held"]),
        (&"90".into(), &"11".into())
    );
    desk.sound();
}

#[test]
fn a_dry_run_records_no_entry() {
    let desk = desk();
    for line in [
        "token issue h1 10",
        "token transfer h1 h2 10",
        "token redeem h1 10",
    ] {
        dry(
            &desk,
            &format!("{line} --project LAGOS --date 2026-02-01 --as bola"),
        );
    }
    assert_eq!(
        desk.json("token history LAGOS").as_array().unwrap().len(),
        4
    );
}

#[test]
fn a_number_or_date_of_another_form_is_wrong_usage() {
    let desk = desk();
    for (tokens, answer) in [
        ("1,000", "did you mean 1000?"),
        ("1e3", "write"),
        ("-5", "write"),
        ("+5", "write"),
        (".5", "write"),
        ("5.", "write"),
        ("1.00000001", "write"),
    ] {
        wrong_usage(
            &desk,
            &format!("token issue h1 {tokens} --project LAGOS --date 2026-01-01 --as bola"),
            answer,
        );
    }
    wrong_usage(
        &desk,
        "token issue h1 12345678901234 --project LAGOS --date 2026-01-01 --as bola",
        "at most 13 digits",
    );
    wrong_usage(
        &desk,
        "token issue h1 1 --project LAGOS --date 1.1.2026 --as bola",
        "did you mean 2026-01-01?",
    );
    wrong_usage(
        &desk,
        "token issue h1 1 --date 2026-01-01 --as bola",
        "--project <PROJECT>",
    );
    wrong_usage(
        &desk,
        "token transfer h1 h2 1 --project LAGOS --as bola",
        "--date <DATE>",
    );
    wrong_usage(
        &desk,
        "token redeem h1 --project LAGOS --date 2026-01-01 --as bola",
        "<TOKENS>",
    );
}
