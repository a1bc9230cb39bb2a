//! Who takes part in an event: standing exclusions, those of one event, and lists of participants.

use serde_json::{Value, json};

use crate::support::Desk;

/// Holders with 50, 30, 15 and 5 tokens, and an event of 1,000.00.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.ok("project add LAGOS --name Lagos --as bola");
    desk.write("cap.csv", "holder,tokens\na,50\nb,30\nc,15\ntreasury,5\n");
    desk.ok(
        "token import cap.csv --project LAGOS --date 2026-01-01 --add --create-holders --as bola",
    );
    desk.ok("event create E1 --project LAGOS --type revenue --title Rent --amount 1000 --date 2026-03-31 --as bola");
    desk
}

/// What each holder is allocated.
fn allocated(desk: &Desk, event: &str) -> Vec<String> {
    let list = desk.json(&format!("event allocations {event}"));
    let rows = list.as_array().unwrap().iter();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    rows.map(|row| format!("{} {}", text(row, "holder"), text(row, "allocated_amount")))
        .collect()
}

#[test]
fn a_treasury_that_is_excluded_gets_nothing_and_the_event_says_so() {
    let desk = desk();
    let standing = desk.json("project exclude treasury --project LAGOS --policy retain --reason treasury --from 2026-03-31 --as bola");
    assert_eq!(standing["policy"], json!("retain"));
    assert_eq!(standing["assign_to"], Value::Null);
    assert_eq!(standing["from_date"], json!("2026-03-31"));
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1"), ["a 500.00", "b 300.00", "c 150.00"]);
    let event = desk.json("event show E1");
    assert_eq!(event["total_retained"], json!("50.00"));
    assert_eq!(event["total_allocated"], json!("950.00"));
    let excluded = &event["exclusions"][0];
    for (field, wanted) in [
        ("holder", json!("treasury")),
        ("tokens", json!("5")),
        ("policy", json!("retain")),
        ("reason", json!("treasury")),
        ("part", json!("50.00")),
    ] {
        assert_eq!(excluded[field], wanted, "{field}");
    }
    let approved = desk.ok("event approve E1 --as chi").stdout;
    assert!(approved.contains("treasury"), "{approved}");
    desk.sound();
}

#[test]
fn a_part_is_shared_by_the_others_or_assigned_to_one() {
    let desk = desk();
    desk.ok("event exclude E1 treasury --policy redistribute --reason treasury --as bola");
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1"), ["a 526.32", "b 315.79", "c 157.89"]);
    // A calculated event is a draft again, with nothing allocated.
    let changed =
        desk.json("event exclude E1 treasury --policy assign:a --reason treasury --as bola");
    assert_eq!(changed["status"], json!("draft"));
    assert!(allocated(&desk, "E1").is_empty());
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1"), ["a 550.00", "b 300.00", "c 150.00"]);
    desk.ok("event approve E1 --as chi");
    desk.refused(
        "event exclude E1 b --policy retain --reason unsold --as bola",
        1,
        "event.wrong_state",
    );
    desk.sound();
}

#[test]
fn an_exclusion_recorded_after_the_calculation_makes_it_stale() {
    let desk = desk();
    desk.ok("event calculate E1 --as bola");
    desk.ok("project exclude treasury --project LAGOS --policy retain --reason treasury --from 2026-01-01 --as bola");
    desk.refused("event approve E1 --as chi", 1, "event.stale");
    desk.ok("event calculate E1 --as bola");
    desk.ok("project include treasury --project LAGOS --until 2026-03-30 --as bola");
    desk.refused("event approve E1 --as chi", 1, "event.stale");
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1").len(), 4);
    desk.ok("event approve E1 --as chi");
    let list = desk.json("project exclusions LAGOS");
    assert_eq!(list[0]["until_date"], json!("2026-03-30"));
    desk.sound();
}

#[test]
fn who_recorded_an_exclusion_does_not_approve_what_follows_from_it() {
    let desk = desk();
    desk.ok("project exclude treasury --project LAGOS --policy redistribute --reason treasury --from 2026-01-01 --as ada");
    desk.ok("event calculate E1 --as bola");
    let approve = "event approve E1 --as ada";
    let message = desk.refused(approve, 1, "event.same_register_actor");
    let did = "`ada` recorded or ended exclusions that count for event `E1`";
    assert!(message.contains(did), "{message}");
    desk.ok("event approve E1 --as chi");
    // What the last event counted in the same way was approved with it, by somebody else.
    let next = |event: &str, amount: u32| {
        desk.ok(&format!("event create {event} --project LAGOS --type revenue --title Rent --amount {amount} --date 2026-03-31 --as bola"));
        desk.ok(&format!("event calculate {event} --as bola"));
        format!("event approve {event} --as ada")
    };
    desk.ok(&next("E2", 500));
    // An end counts as much as a beginning, and once.
    desk.ok("project include treasury --project LAGOS --until 2026-03-30 --as ada");
    desk.refused(&next("E3", 600), 1, "event.same_register_actor");
    desk.ok("event approve E3 --as chi");
    desk.ok(&next("E4", 700));
}

#[test]
fn who_chose_or_removed_the_tax_profile_does_not_approve_the_next_event() {
    let desk = desk();
    for holder in ["a", "b", "c", "treasury"] {
        desk.ok(&format!(
            "holder set {holder} --kind company --tax-residence NG --as bola"
        ));
    }
    desk.ok("project set LAGOS --tax-profile ng-2026 --as ada");
    desk.ok("event calculate E1 --as bola");
    desk.refused("event approve E1 --as ada", 1, "event.same_register_actor");
    desk.ok("event approve E1 --as chi");
    let next = |event: &str, amount: u32| {
        desk.ok(&format!("event create {event} --project LAGOS --type revenue --title Rent --amount {amount} --date 2026-03-31 --as bola"));
        desk.ok(&format!("event calculate {event} --as bola"));
        format!("event approve {event} --as ada")
    };
    desk.ok(&next("E2", 500));
    desk.ok("project set LAGOS --tax-profile none --as ada");
    desk.refused(&next("E3", 600), 1, "event.same_register_actor");
    desk.ok("event approve E3 --as chi");
    desk.ok(&next("E4", 700));
}

#[test]
fn an_event_overrides_the_project_for_one_holder() {
    let desk = desk();
    desk.ok("project exclude treasury --project LAGOS --policy retain --reason treasury --from 2026-01-01 --as bola");
    desk.ok("event include E1 treasury --as bola");
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1").len(), 4);
}

#[test]
fn only_the_holders_of_a_list_take_part() {
    let desk = desk();
    desk.write("list.csv", "holder\nb\nc\n");
    desk.ok("event participants E1 list.csv --policy redistribute --reason unsold --as bola");
    desk.ok("event calculate E1 --as bola");
    assert_eq!(allocated(&desk, "E1"), ["b 666.67", "c 333.33"]);
    desk.write("bad.csv", "holder\nb\nnobody\nB\n\"\"\n");
    let refused =
        desk.run("event participants E1 bad.csv --policy retain --reason unsold --as bola");
    assert_ne!(refused.code, 0);
    for line in ["3: holder", "4: holder", "5: holder"] {
        assert!(refused.stderr.contains(line), "{line}: {}", refused.stderr);
    }
    desk.sound();
}

#[test]
fn a_sanctioned_holder_is_blocked_and_not_excluded() {
    let desk = desk();
    for command in [
        "event exclude E1 b --policy retain --reason sanctioned --as bola",
        "project exclude b --project LAGOS --policy retain --reason other:sanctions-list --from 2026-01-01 --as bola",
    ] {
        desk.refused(command, 1, "event.sanctioned_excluded");
    }
    desk.refused(
        "event exclude E1 b --policy assign:b --reason unsold --as bola",
        1,
        "event.assign_excluded",
    );
    desk.ok("event exclude E1 a b c treasury --policy redistribute --reason unsold --as bola");
    desk.refused("event calculate E1 --as bola", 1, "event.no_participants");
    desk.ok("event exclude E1 a b c treasury --policy retain --reason unsold --as bola");
    desk.refused("event calculate E1 --as bola", 1, "event.nothing_allocated");
}

#[test]
fn an_excluded_holder_without_tokens_is_warned_of() {
    let desk = desk();
    desk.ok("holder add z --name Z --as bola");
    desk.ok("event exclude E1 z --policy retain --reason unsold --as bola");
    let said = desk.ok("event calculate E1 --as bola -f json").stderr;
    assert!(said.contains("event.exclusion_unused"), "{said}");
}

#[test]
fn a_changed_event_is_a_draft_and_an_approved_one_never_changes() {
    let desk = desk();
    desk.ok("event calculate E1 --as bola");
    let changed = desk.json("event set E1 --amount 2000 --title Rents --as bola");
    assert_eq!(changed["total_amount"], json!("2000.00"));
    assert_eq!(changed["title"], json!("Rents"));
    assert_eq!(changed["status"], json!("draft"));
    assert_eq!(changed["calculation_hash"], Value::Null);
    desk.refused(
        "event set E1 --amount 0.001 --as bola",
        1,
        "event.not_a_multiple",
    );
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as chi");
    desk.refused(
        "event set E1 --amount 3000 --as bola",
        1,
        "event.wrong_state",
    );
    desk.sound();
}
