//! `prorata nav …`: dated net asset values.

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

#[test]
fn values_are_listed_by_date_and_the_last_recorded_counts() {
    let desk = Desk::with_register();
    desk.ok("nav set LAGOS 1500000 --date 2026-03-31 --as bola");
    insta::assert_snapshot!(
        "nav_set",
        desk.ok("nav set LAGOS 1250000.5 --date 2025-12-31 --as bola")
            .snapshot()
    );
    desk.ok("nav set LAGOS 1600000.1234567 --date 2026-03-31 --as bola");
    insta::assert_snapshot!("nav_list", desk.ok("nav list LAGOS").snapshot());
    let values = desk.json("nav list LAGOS");
    let first = &values[0];
    assert_eq!(first["project"], "LAGOS");
    assert_eq!(
        (&first["nav_date"], &first["amount"]),
        (&"2025-12-31".into(), &"1250000.50".into())
    );
    assert_eq!(
        (&first["currency"], &first["created_by"]),
        (&"NGN".into(), &"bola".into())
    );
    desk.ok("event create E1 --project LAGOS --type revenue --title Q1 --amount 3 --date 2026-03-31 --as bola");
    assert_eq!(
        desk.json("event calculate E1 --as bola")["snapshot_nav"],
        "1600000.1234567"
    );
    desk.sound();
}

#[test]
fn the_value_at_a_date_is_the_last_one_on_or_before_it() {
    let desk = Desk::with_register();
    desk.ok("nav set LAGOS 10 --date 2026-03-30 --as bola");
    desk.ok("nav set LAGOS 20 --date 2026-04-01 --as bola");
    desk.ok("event create E1 --project LAGOS --type revenue --title Q1 --amount 3 --date 2026-03-31 --as bola");
    assert_eq!(
        desk.json("event calculate E1 --as bola")["snapshot_nav"],
        "10.00"
    );
    desk.ok("event create E0 --project LAGOS --type revenue --title Q0 --amount 3 --date 2026-03-29 --as bola");
    assert!(
        desk.json("event calculate E0 --as bola")["snapshot_nav"].is_null(),
        "no value, no NAV"
    );
}

#[test]
fn who_does_not_record_sets_no_value() {
    let desk = Desk::with_register();
    for actor in ["chi", "dayo"] {
        desk.refused(
            &format!("nav set LAGOS 1 --date 2026-03-31 --as {actor}"),
            1,
            "user.forbidden",
        );
    }
    desk.refused(
        "nav set ABUJA 1 --date 2026-03-31 --as bola",
        1,
        "project.unknown",
    );
    desk.refused("nav list ABUJA", 1, "project.unknown");
    assert_eq!(desk.json("nav list LAGOS"), serde_json::json!([]));
}

#[test]
fn setting_a_value_twice_with_one_key_records_one() {
    let desk = Desk::with_register();
    keyed(
        &desk,
        "k1",
        "nav set LAGOS 10 --date 2026-03-31 --as bola",
        "nav set LAGOS 11 --date 2026-03-31 --as bola",
    );
    assert_eq!(desk.json("nav list LAGOS").as_array().unwrap().len(), 1);
    desk.sound();
}

#[test]
fn a_dry_run_records_no_value() {
    let desk = Desk::with_register();
    dry(&desk, "nav set LAGOS 10 --date 2026-03-31 --as bola");
    assert_eq!(desk.json("nav list LAGOS"), serde_json::json!([]));
}

#[test]
fn a_list_for_a_past_day_leaves_later_values_out() {
    let desk = Desk::with_register();
    desk.ok("nav set LAGOS 10 --date 2026-03-30 --as bola");
    desk.ok("nav set LAGOS 20 --date 2026-04-01 --as bola");
    let past = desk.json("nav list LAGOS --as-of 2026-03-31");
    assert_eq!(past.as_array().unwrap().len(), 1);
    assert_eq!(past[0]["amount"], "10.00");
    wrong_usage(
        &desk,
        "nav set LAGOS 1 --date 2026-03-31 --as bola --as-of 2026-03-31",
        "unexpected argument '--as-of'",
    );
}

#[test]
fn an_amount_of_another_form_says_what_to_write() {
    let desk = Desk::with_register();
    for (amount, wanted) in [
        ("1,000", "has a comma"),
        ("1e3", "has an exponent"),
        ("+5", "has a sign"),
        ("-5", "has a sign"),
        (".5", "write"),
        ("5.", "write"),
        ("0x1F", "write"),
        ("1.00000001", "more than 7 decimals"),
        ("12345678901234", "13 digits"),
    ] {
        wrong_usage(
            &desk,
            &format!("nav set LAGOS {amount} --date 2026-03-31 --as bola"),
            wanted,
        );
    }
    assert_eq!(
        desk.words(&[
            "nav",
            "set",
            "LAGOS",
            "1 000",
            "--date",
            "2026-03-31",
            "--as",
            "bola"
        ])
        .code,
        2
    );
    wrong_usage(
        &desk,
        "nav set LAGOS 1 --date 31.3.2026 --as bola",
        "did you mean 2026-03-31?",
    );
    wrong_usage(
        &desk,
        "nav set LAGOS 1 --date 2026-02-30 --as bola",
        "February 2026 has 28 days",
    );
    wrong_usage(&desk, "nav set LAGOS 1 --as bola", "--date <DATE>");
    let exact = desk.json("nav set LAGOS 9999999999999.99999990000 --date 2026-03-31 --as bola");
    assert_eq!(
        exact["amount"], "9999999999999.9999999",
        "further zeros lose nothing, and the whole range is exact"
    );
}
