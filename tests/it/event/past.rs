//! A past day is shown as it was shown on that day.

use crate::support::Desk;

/// Lists that take `--as-of`, each with what it lists.
const LISTS: [&str; 8] = [
    "event list",
    "event list --status active",
    "event allocations E1",
    "event allocations E2",
    "withdrawal list",
    "withdrawal list --status pending",
    "payment list",
    "payment list --status returned",
];

/// The commands of each day.
const DAYS: [(&str, &[&str]); 9] = [
    ("2026-07-01", &["event calculate E1 --as bola"]),
    (
        "2026-07-02",
        &[
            "token issue h1 1 --project LAGOS --date 2026-03-31 --as bola",
            "event calculate E1 --as bola",
        ],
    ),
    (
        "2026-07-03",
        &[
            "event approve E1 --as chi",
            "withdrawal request --event E1 --all-holders --as bola",
        ],
    ),
    (
        "2026-07-04",
        &[
            "withdrawal approve W-000001 W-000002 --yes --as chi",
            "withdrawal reject W-000003 --reason no --as chi",
        ],
    ),
    (
        "2026-07-05",
        &[
            "withdrawal pay W-000001 --reference R1 --date 2026-07-05 --yes --as bola",
            "withdrawal cancel W-000002 --as bola",
        ],
    ),
    (
        "2026-07-06",
        &[
            "withdrawal request --event E1 --holder h2 --all --as bola",
            "withdrawal request --event E1 --holder h3 --all --as bola",
            "withdrawal approve W-000004 W-000005 --yes --as chi",
        ],
    ),
    (
        "2026-07-07",
        &[
            "withdrawal pay W-000004 --reference R4 --date 2026-07-07 --yes --as bola",
            "withdrawal pay W-000005 --reference R5 --date 2026-07-07 --yes --as bola",
        ],
    ),
    (
        "2026-07-08",
        &[
            "payment return P-000001 --date 2026-07-08 --reason closed --as chi",
            "event calculate E2 --as bola",
            "event cancel E2 --reason typo --as bola",
        ],
    ),
    (
        "2026-07-09",
        &[
            "withdrawal request --event E1 --holder h1 --all --as bola",
            "withdrawal approve W-000006 --as chi",
            "withdrawal pay W-000006 --reference R6 --date 2026-07-09 --yes --as bola",
        ],
    ),
];

#[test]
fn every_list_shows_a_past_day_as_it_was_shown_on_that_day() {
    let mut desk = Desk::with_register();
    desk.ok("event create E1 --project LAGOS --type exit --title Q1 --amount 100 --date 2026-03-31 --as bola");
    desk.ok("event create E2 --project LAGOS --type exit --title Q2 --amount 50 --date 2026-04-30 --as bola");
    let mut shown = Vec::new();
    for (day, lines) in DAYS {
        desk.at(&format!("{day}T10:00:00.000000Z"));
        for line in lines {
            desk.ok(line);
        }
        let lists = LISTS.map(|list| desk.ok(&format!("{list} -f json")).stdout);
        let footer = desk.ok("event list").stderr;
        shown.push((day, lists, footer));
    }
    let different: std::collections::BTreeSet<_> =
        shown.iter().map(|(_, lists, _)| lists).collect();
    assert_eq!(different.len(), shown.len(), "every day looks different");
    desk.at("2026-07-31T10:00:00.000000Z");
    for (day, lists, footer) in shown {
        for (list, expected) in LISTS.iter().zip(lists) {
            assert_eq!(
                desk.ok(&format!("{list} --as-of {day} -f json")).stdout,
                expected,
                "{list} as of {day}"
            );
        }
        assert_eq!(
            desk.ok(&format!("event list --as-of {day}")).stderr,
            footer,
            "with the audit head of that day"
        );
    }
    let long_ago = desk.ok("event list --as-of 2026-01-01 -f json").stdout;
    assert_eq!(long_ago.trim(), "[]");
    desk.refused("event list --as-of 2026-08-01", 2, "usage.as_of_in_future");
    for line in [
        "event show E1",
        "event explain E1 h1",
        "event calculate E1 --as bola",
        "withdrawal show W-000001",
    ] {
        desk.refused(&format!("{line} --as-of 2026-07-01"), 2, "usage.invalid");
    }
    desk.sound();
}

#[test]
fn what_a_list_is_of_must_have_been_in_the_ledger_on_its_day() {
    let mut desk = Desk::with_event();
    desk.ok("bank add OPS --bank-name GTBank --bank-code 058 --account-number 0123456785 --currency NGN --as bola");
    desk.at("2026-07-31T10:00:00.000000Z");
    for (list, code) in [
        ("event list --project LAGOS", "project.unknown"),
        ("withdrawal list --event E1", "event.unknown"),
        ("withdrawal list --project LAGOS", "project.unknown"),
        ("withdrawal list --holder h1", "holder.unknown"),
        ("payment list --event E1", "event.unknown"),
        ("payment list --holder h1", "holder.unknown"),
        ("bank lines OPS", "bank.unknown"),
        ("bank proposals OPS", "bank.unknown"),
        ("bank statements OPS", "bank.unknown"),
    ] {
        desk.ok(&format!("{list} --as-of 2026-06-30"));
        desk.refused(&format!("{list} --as-of 2026-06-29"), 1, code);
    }
}
