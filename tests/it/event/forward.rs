//! What is below a bank's smallest amount or below the minimum waits for the holder's next event.

use serde_json::{Value, json};

use crate::{audit::populated, support::Desk};

/// Three holders with one token each.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos --as bola");
    desk.write("cap.csv", "holder,tokens\na,1\nb,1\nc,1\n");
    desk.ok(
        "token import cap.csv --project LAGOS --date 2026-01-01 --add --create-holders --as bola",
    );
    desk
}

/// Creates, calculates and approves an event; returns what the approval printed.
fn approved(desk: &Desk, event: &str, amount: &str, flags: &str) -> Value {
    desk.ok(&format!(
        "event create {event} --project LAGOS --type revenue --title {event} --amount {amount} --date 2026-03-31 {flags} --yes --as bola"
    ));
    desk.ok(&format!("event calculate {event} --as bola"));
    desk.json(&format!("event approve {event} --as chi"))
}

/// The balances of a holder's allocation: net, brought forward, available, carried forward, status.
fn of_holder(desk: &Desk, event: &str, holder: &str) -> [String; 5] {
    let list = desk.json(&format!("event allocations {event}"));
    let mut rows = list.as_array().unwrap().iter();
    let row = rows.find(|row| row["holder"] == json!(holder)).unwrap();
    [
        "net_amount",
        "brought_forward_amount",
        "available_amount",
        "carried_forward_amount",
        "status",
    ]
    .map(|field| row[field].as_str().unwrap().to_owned())
}

/// Nothing that a user types ends as a bug.
#[test]
fn what_waits_and_an_event_are_refused_if_they_do_not_fit_together() {
    let desk = desk();
    desk.ok("project set LAGOS --minimum-payout 9999999999999 --as bola");
    approved(&desk, "E1", "9999999999999", "");
    desk.ok("event create E2 --project LAGOS --type exit --title X --amount 2 --date 2026-03-31 --yes --as bola");
    let said = desk.refused("event calculate E2 --as bola", 1, "event.too_large");
    assert!(said.contains("more than 13 digits"), "{said}");
    desk.sound();
}

#[test]
fn the_kobo_arrives_with_the_third_event() {
    let desk = desk();
    let fine = "--unit 0.0000001";
    let first = approved(&desk, "E1", "100.0000001", fine);
    assert_eq!(
        of_holder(&desk, "E1", "a"),
        ["33.3333334", "0.00", "33.33", "0.0033334", "allocated"]
    );
    assert_eq!(first["total_carried_forward"], json!("0.0100001"));
    assert_eq!(first["total_available"], json!("99.99"));
    approved(&desk, "E2", "100.0000001", fine);
    assert_eq!(
        of_holder(&desk, "E2", "a"),
        ["33.3333334", "0.0033334", "33.33", "0.0066668", "allocated"]
    );
    approved(&desk, "E3", "100.0000001", fine);
    assert_eq!(
        of_holder(&desk, "E3", "a"),
        ["33.3333334", "0.0066668", "33.34", "0.0000002", "allocated"]
    );
    desk.sound();
}

#[test]
fn a_unit_below_the_kobo_leaves_no_event_open_for_ever() {
    let desk = desk();
    approved(&desk, "E1", "100.0000001", "--unit 0.0000001");
    for holder in ["a", "b", "c"] {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --all --by cash --as bola"
        ));
    }
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    for (number, reference) in [(1, "R-1"), (2, "R-2"), (3, "R-3")] {
        desk.ok(&format!(
            "withdrawal pay W-00000{number} --reference {reference} --date 2026-06-30 --yes --as bola"
        ));
    }
    let event = desk.json("event show E1");
    assert_eq!(event["status"], json!("completed"));
    assert_eq!(event["total_withdrawn"], json!("99.99"));
    assert_eq!(of_holder(&desk, "E1", "a")[4], "settled");
    desk.sound();
}

#[test]
fn an_event_below_the_minimum_is_completed_at_once_and_paid_with_a_later_one() {
    let desk = desk();
    desk.ok("project set LAGOS --minimum-payout 1000 --as bola");
    let first = approved(&desk, "E1", "1200", "");
    assert_eq!(
        (&first["status"], &first["total_carried_forward"]),
        (&json!("completed"), &json!("1200.00"))
    );
    assert_eq!(
        of_holder(&desk, "E1", "b"),
        ["400.00", "0.00", "0.00", "400.00", "settled"]
    );
    approved(&desk, "E2", "1200", "");
    let third = approved(&desk, "E3", "1200", "");
    assert_eq!(
        of_holder(&desk, "E3", "b"),
        ["400.00", "800.00", "1200.00", "0.00", "allocated"]
    );
    assert_eq!(
        (&third["total_brought_forward"], &third["total_available"]),
        (&json!("2400.00"), &json!("3600.00"))
    );
    // Nothing is counted twice: over all events what was allocated is owed once.
    let balances = desk.json("report balances");
    assert_eq!(balances[0]["allocated_amount"], json!("1200.00"));
    assert_eq!(balances[0]["available_amount"], json!("1200.00"));
    assert_eq!(balances[0]["carried_forward_amount"], json!("0.00"));
    desk.sound();
}

#[test]
fn the_minimum_reached_exactly_is_paid_and_one_of_the_event_wins() {
    let desk = desk();
    desk.ok("project set LAGOS --minimum-payout 1000 --as bola");
    approved(&desk, "E1", "300", "--minimum 100");
    assert_eq!(of_holder(&desk, "E1", "a")[2], "100.00");
    approved(&desk, "E2", "299.97", "--minimum 100");
    assert_eq!(
        of_holder(&desk, "E2", "a"),
        ["99.99", "0.00", "0.00", "99.99", "settled"]
    );
    desk.sound();
}

#[test]
fn a_holder_without_money_in_an_event_gets_what_was_carried_forward() {
    let desk = desk();
    approved(&desk, "E1", "0.03", "--minimum 1");
    // The only kobo goes to the first code; the others come in with nothing but what waits.
    approved(&desk, "E2", "0.01", "");
    assert_eq!(
        of_holder(&desk, "E2", "c"),
        ["0.00", "0.01", "0.01", "0.00", "allocated"]
    );
    let statement = desk.json("report statement --holder c");
    assert_eq!(statement["balances"][0]["closing_balance"], json!("0.01"));
    desk.sound();
}

#[test]
fn a_cancelled_event_gives_the_forward_balance_back() {
    let desk = desk();
    approved(&desk, "E1", "300", "--minimum 1000");
    approved(&desk, "E2", "300", "--minimum 150");
    assert_eq!(
        of_holder(&desk, "E2", "a"),
        ["100.00", "100.00", "200.00", "0.00", "allocated"]
    );
    let cancelled = desk.json("event cancel E2 --reason typo --as bola");
    assert_eq!(cancelled["total_brought_forward"], json!("0.00"));
    assert_eq!(
        of_holder(&desk, "E2", "a"),
        ["100.00", "0.00", "100.00", "0.00", "allocated"]
    );
    desk.sound();
    approved(&desk, "E3", "300", "");
    assert_eq!(
        of_holder(&desk, "E3", "a"),
        ["100.00", "100.00", "200.00", "0.00", "allocated"]
    );
    desk.sound();
}

#[test]
fn what_a_later_event_took_is_not_taken_back() {
    let desk = desk();
    // With a residue of its own each event stays active.
    approved(&desk, "E1", "100.0000001", "--unit 0.0000001");
    approved(&desk, "E2", "100.0000001", "--unit 0.0000001");
    approved(&desk, "E3", "300", "");
    desk.refused(
        "event cancel E1 --reason typo --as bola",
        1,
        "event.forward_taken",
    );
    desk.ok("event cancel E3 --reason typo --as bola");
    desk.ok("event cancel E2 --reason typo --as bola");
    desk.ok("event cancel E1 --reason typo --as bola");
    desk.sound();
    let balances = desk.json("report balances");
    assert_eq!(balances, json!([]));
}

#[test]
fn a_plain_event_moves_nothing() {
    let desk = desk();
    approved(&desk, "E1", "100", "");
    assert_eq!(
        of_holder(&desk, "E1", "a"),
        ["33.34", "0.00", "33.34", "0.00", "allocated"]
    );
    let count = "SELECT count(*) FROM allocation_movements";
    let movements: i64 = populated::open(&desk)
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    assert_eq!(movements, 0);
    desk.sound();
}

#[test]
fn what_is_carried_forward_is_in_the_statement_and_the_books() {
    let desk = desk();
    approved(&desk, "E1", "1200", "--minimum 1000");
    approved(&desk, "E2", "1800", "--minimum 1000");
    let statement = desk.json("report statement --holder a");
    let movements: Vec<_> = statement["movements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            ["movement", "amount", "forward_amount", "balance"]
                .map(|field| row[field].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        movements,
        [
            ["allocated", "400.00", "0.00", "400.00"],
            ["carried_forward", "0.00", "400.00", "400.00"],
            ["allocated", "600.00", "0.00", "1000.00"],
            ["brought_forward", "0.00", "-400.00", "1000.00"],
        ]
    );
    assert_eq!(
        statement["balances"][0]["carried_forward_amount"],
        json!("0.00")
    );
    let books = desk.ok("export hledger").stdout;
    assert!(
        books.contains("liabilities:holders:LAGOS:a:carried forward"),
        "{books}"
    );
    desk.sound();
}

#[test]
fn a_forward_balance_is_released_into_an_approved_event_whatever_the_minimum() {
    let desk = desk();
    approved(&desk, "E1", "1200", "--minimum 1000");
    let list = desk.json("forward list --project LAGOS");
    assert_eq!(list[0]["holder"], json!("a"));
    assert_eq!(list[0]["balance"], json!("400.00"));
    assert_eq!(list[0]["movements"], json!(1));
    assert_eq!(list[0]["events"], json!("E1"));
    assert_eq!(desk.json("event show E1")["status"], json!("completed"));
    let released =
        desk.json("forward release a --project LAGOS --event E1 --reason Left --as bola");
    assert_eq!(released["available_amount"], json!("400.00"));
    assert_eq!(desk.json("event show E1")["status"], json!("active"));
    desk.refused(
        "forward release a --project LAGOS --event E1 --reason Left --as bola",
        1,
        "forward.nothing",
    );
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.refused(
        "forward release b --project ABUJA --event E1 --reason Left --as bola",
        1,
        "forward.other_project",
    );
    desk.refused(
        "forward release b --project LAGOS --event E1 --reason Left --as chi",
        1,
        "user.forbidden",
    );
    assert_eq!(desk.json("forward list --holder a"), json!([]));
    desk.sound();
}

#[test]
fn what_no_bank_can_pay_is_written_off_by_a_second_person() {
    let desk = desk();
    approved(&desk, "E1", "100.0000001", "--unit 0.0000001");
    desk.refused(
        "forward write-off --project LAGOS --below 0.02 --reason Ended --as bola",
        1,
        "forward.payable",
    );
    let proposed =
        desk.json("forward write-off --project LAGOS --below 0.01 --reason Ended --as bola");
    assert_eq!(proposed["kind"], json!("forward_write_off"));
    assert_eq!(proposed["amount"], json!("0.0100001"));
    desk.refused("proposal approve Q-000001 --as bola", 1, "user.forbidden");
    desk.ok("proposal approve Q-000001 --as chi");
    assert_eq!(desk.json("forward list"), json!([]));
    desk.refused(
        "forward write-off --project LAGOS --below 0.01 --reason Ended --as bola",
        1,
        "forward.nothing",
    );
    desk.refused(
        "event cancel E1 --reason typo --yes --as bola",
        1,
        "event.forward_taken",
    );
    let books = desk.ok("export hledger").stdout;
    assert!(books.contains("income:written off:LAGOS"), "{books}");
    let statement = desk.json("report statement --holder a");
    assert_eq!(
        statement["balances"][0]["written_off_amount"],
        json!("0.0033334")
    );
    let balance = desk.json("report balances")[0].clone();
    assert_eq!(
        (
            &balance["carried_forward_amount"],
            &balance["written_off_amount"]
        ),
        (&json!("0.00"), &json!("0.0033334")),
        "what was given up does not wait any more"
    );
    desk.sound();
}

#[test]
fn a_write_off_of_balances_that_changed_is_refused() {
    let desk = desk();
    approved(&desk, "E1", "100.0000001", "--unit 0.0000001");
    desk.ok("forward write-off --project LAGOS --below 0.01 --reason Ended --as bola");
    approved(&desk, "E2", "100.0000001", "--unit 0.0000001");
    desk.refused("proposal approve Q-000001 --as chi", 1, "forward.changed");
}

#[test]
fn what_waits_for_longer_than_the_project_says_is_pointed_out() {
    let mut desk = desk();
    approved(&desk, "E1", "100.0000001", "--unit 0.0000001");
    let warned = |desk: &Desk| {
        let said = desk.ok("forward list --project LAGOS -f json").stderr;
        said.contains(r#""code":"forward.stale""#)
    };
    let show = |desk: &Desk| desk.json("project show LAGOS")["stale_after"].clone();
    assert_eq!((show(&desk), warned(&desk)), (json!(365), false));
    // The balance is of 2026-06-30: after 30 days it is old enough, on the 30th not yet.
    desk.ok("project set LAGOS --stale-after 30 --as bola");
    desk.at("2026-07-30T09:00:00.000000Z");
    assert_eq!((show(&desk), warned(&desk)), (json!(30), false));
    desk.at("2026-07-31T09:00:00.000000Z");
    assert!(warned(&desk));
    desk.refused(
        "project set LAGOS --stale-after 0 --as bola",
        2,
        "usage.invalid",
    );
    desk.sound();
}

#[test]
fn an_event_that_was_completed_without_a_payment_can_be_cancelled() {
    let desk = desk();
    approved(&desk, "E1", "300", "--minimum 1000");
    assert_eq!(desk.json("event show E1")["status"], "completed");
    approved(&desk, "E2", "300", "--minimum 1000");
    // What it put into the forward balances was taken by the next event: that one comes first.
    let message = desk.refused(
        "event cancel E1 --reason typo --as bola",
        1,
        "event.forward_taken",
    );
    assert!(message.contains("E2"), "{message}");
    desk.ok("event cancel E2 --reason typo --as bola");
    let waits = |desk: &Desk| {
        let list = desk.json("forward list");
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["balance"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(waits(&desk), ["100.00", "100.00", "100.00"]);
    let cancelled = desk.json("event cancel E1 --reason typo --as bola");
    assert_eq!(cancelled["status"], "cancelled");
    assert!(waits(&desk).is_empty());
    desk.sound();
}
