//! Account numbers: masked everywhere, whole only on request, and the trail says who asked.

use serde_json::json;

use crate::support::Desk;

const NUMBERS: [&str; 3] = ["0123456101", "0123456132", "0123456163"];

/// A ledger with requests, a payment and a paid event.
fn paid() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --yes --as chi");
    desk.ok("withdrawal pay W-000001 --reference R-1 --date 2026-06-30 --as bola");
    desk
}

const READING: [&str; 12] = [
    "holder list",
    "holder show h1",
    "withdrawal list",
    "withdrawal show W-000001",
    "payment list",
    "payment show P-000001",
    "event show E1",
    "event allocations E1",
    "event explain E1 h1",
    "token history LAGOS",
    "audit log",
    "status",
];

#[test]
fn no_command_shows_an_account_number_unasked() {
    let desk = paid();
    for line in READING {
        for format in ["table", "csv", "json"] {
            let ran = desk.ok(&format!("{line} -f {format}"));
            for number in NUMBERS {
                assert!(!ran.stdout.contains(number) && !ran.stderr.contains(number), "`{line}` -f {format}");
            }
        }
        for extension in ["csv", "json", "html", "md"] {
            desk.ok(&format!("{line} -o out.{extension} --force"));
            let file = std::fs::read_to_string(desk.path().join(format!("out.{extension}"))).unwrap();
            assert!(NUMBERS.iter().all(|number| !file.contains(number)), "`{line}` -o out.{extension}");
        }
    }
    assert!(desk.ok("holder list").stdout.contains("******6101"));
}

#[test]
fn writing_commands_mask_what_they_print() {
    let desk = Desk::with_event();
    for line in [
        "holder set h1 --name N --as bola",
        "holder block h1 --reason R --as bola",
        "holder unblock h1 --reason R --as bola",
        "withdrawal request --event E1 --all-holders --as bola",
        "withdrawal approve W-000001 --as chi",
        "withdrawal reject W-000002 --reason R --as chi",
        "withdrawal pay W-000001 --reference R-1 --date 2026-06-30 --as bola",
        "payment return P-000001 --date 2026-06-30 --reason Closed --as bola",
    ] {
        let ran = desk.ok(&format!("{line} -f json"));
        assert!(line.starts_with("payment") || ran.stdout.contains("******61"), "`{line}` shows it masked: {}", ran.stdout);
        assert!(NUMBERS.iter().all(|number| !ran.stdout.contains(number) && !ran.stderr.contains(number)), "`{line}`");
    }
}

#[test]
fn show_pii_unmasks_and_the_trail_says_who_asked_for_what() {
    let desk = paid();
    let ran = desk.ok("holder list --show-pii --as dayo -f json");
    assert!(NUMBERS.iter().all(|number| ran.stdout.contains(number)), "{}", ran.stdout);
    let shown = desk.ok("withdrawal show W-000001 --show-pii --as chi").stdout;
    assert!(NUMBERS.iter().any(|number| shown.contains(number)) && !shown.contains("****"), "{shown}");
    let entries = desk.json("audit log --type pii_shown");
    let noted: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["performed_by"].clone(), entry["changes_summary"]["command"].clone()))
        .collect();
    assert_eq!(noted, [(json!("dayo"), json!("holder list")), (json!("chi"), json!("withdrawal show"))]);
    desk.sound();
}

#[test]
fn noting_that_numbers_were_shown_never_stops_the_command_but_is_warned_of() {
    let desk = Desk::with_register();
    let other = rusqlite::Connection::open(desk.ledger()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = desk.ok("holder show h1 --show-pii --as dayo --wait 0");
    assert!(ran.stdout.contains(NUMBERS[0]), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("warning: the audit trail could not note that account numbers were shown"),
        "{}",
        ran.stderr
    );
}

#[test]
fn no_account_number_stands_in_the_trail_or_in_a_refusal() {
    let desk = paid();
    desk.ok("holder set h1 --account-number 7777766664 --as bola");
    desk.refused("holder add h1 --name N --account-number 7777766664 --as bola", 1, "holder.exists");
    desk.write("requests.csv", "holder,amount,bank_name,account_number\nh9,1,GTBank,7777766664\nh1,0,GTBank,7777766664\n");
    let ran = desk.run("withdrawal request --event E1 --from requests.csv --as bola");
    assert_eq!(ran.code, 1);
    assert!(!ran.stderr.contains("7777766664"), "{}", ran.stderr);
    let trail = desk.ok("audit log -f json --show-pii --as ada").stdout;
    assert!(!trail.contains("7777766664") && NUMBERS.iter().all(|number| !trail.contains(number)));
}
