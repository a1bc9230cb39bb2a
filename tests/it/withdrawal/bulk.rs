//! Many at once: all, or none, and every refusal told.

use serde_json::{Value, json};

use super::{balance, status};
use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

/// The event E1 with a pending request of each holder.
fn with_requests() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk
}

fn statuses(desk: &Desk) -> [String; 3] {
    ["W-000001", "W-000002", "W-000003"].map(|withdrawal| status(desk, withdrawal))
}

#[test]
fn all_of_an_event_are_approved_once() {
    let desk = with_requests();
    let approved = Once::done(
        &desk,
        "withdrawal approve --event E1 --all --expect 3:100.00 --as chi",
    );
    assert_eq!(approved.json().as_array().unwrap().len(), 3);
    assert_eq!(statuses(&desk), ["approved"; 3]);
    desk.ok("withdrawal cancel W-000001 W-000003 --yes --as bola");
    approved.repeats(&desk);
    approved.conflicts(
        &desk,
        "withdrawal approve W-000001 W-000002 W-000003 --yes --as chi",
    );
    let nothing = unchanged(&desk, || {
        desk.ok("withdrawal approve --event E1 --all --as chi")
    });
    assert!(
        nothing.stderr.contains("nothing to do"),
        "{}",
        nothing.stderr
    );
    desk.sound();
}

#[test]
fn all_of_an_event_are_rejected_or_cancelled_once() {
    let desk = with_requests();
    let rejected = Once::done(
        &desk,
        "withdrawal reject --event E1 --all --reason no --as chi",
    );
    assert_eq!(rejected.json().as_array().unwrap().len(), 3);
    assert_eq!(balance(&desk, "h2"), ["0.00", "0.00", "33.33"]);
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve W-000005 --as chi");
    let cancelled = Once::done(&desk, "withdrawal cancel --event E1 --all --yes --as bola");
    let list = cancelled.json();
    let mut codes: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        ["W-000004", "W-000005", "W-000006"],
        "pending and approved ones"
    );
    rejected.repeats(&desk);
    cancelled.repeats(&desk);
    assert_eq!(desk.json("event show E1")["total_pending"], "0.00");
    desk.sound();
}

#[test]
fn the_repetition_of_a_cancellation_shows_the_same_order() {
    let desk = with_requests();
    desk.ok("withdrawal approve W-000001 --as chi");
    // Pending ones come first, then approved ones; the first result and its repetition agree.
    Once::done(&desk, "withdrawal cancel --event E1 --all --yes --as bola");
    let other = with_requests();
    Once::done(
        &other,
        "withdrawal approve W-000003 W-000001 --yes --as chi",
    );
}

#[test]
fn a_role_that_may_not_is_refused_also_if_nothing_waits() {
    let desk = Desk::with_event();
    for line in [
        "withdrawal approve --event E1 --all --key k1 --as dayo",
        "withdrawal approve --event E1 --all --as bola",
        "withdrawal reject --event E1 --all --reason no --key k1 --as bola",
        "withdrawal cancel --event E1 --all --key k1 --as chi",
        "withdrawal cancel --event E1 --all --as dayo",
    ] {
        unchanged(&desk, || desk.refused(line, 1, "user.forbidden"));
    }
    desk.sound();
}

#[test]
fn more_than_one_needs_a_yes_without_a_terminal() {
    let desk = with_requests();
    for line in [
        "withdrawal approve W-000001 W-000002 --as chi",
        "withdrawal cancel W-000001 W-000002 --as bola",
        "withdrawal cancel --event E1 --all --as bola",
    ] {
        let said = unchanged(&desk, || desk.refused(line, 2, "usage.needs_yes"));
        assert!(said.contains("`--yes`") && said.contains("NGN"), "{said}");
        desk.ok(&format!("{line} --dry-run"));
    }
    let one = desk.json("withdrawal approve W-000001 w-1 --as chi");
    assert_eq!(
        one.as_array().unwrap().len(),
        1,
        "one that is named twice is one, and needs no yes"
    );
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-000001,R1,2026-04-01\nW-000002,R2,2026-04-01\n",
    );
    unchanged(&desk, || {
        desk.refused(
            "withdrawal pay --from pay.csv --as bola",
            2,
            "usage.needs_yes",
        )
    });
}

#[test]
fn several_that_are_named_are_done_together() {
    let desk = with_requests();
    Once::done(&desk, "withdrawal approve W-000001 W-000003 --yes --as chi");
    assert_eq!(statuses(&desk), ["approved", "pending", "approved"]);
    Once::done(&desk, "withdrawal cancel W-000001 W-000002 --yes --as bola");
    assert_eq!(statuses(&desk), ["cancelled", "cancelled", "approved"]);
    desk.sound();
}

#[test]
fn if_some_are_refused_none_is_done_and_each_refusal_is_listed() {
    let desk = with_requests();
    desk.ok("holder block h2 --reason court-order --as bola");
    desk.ok("withdrawal reject W-000003 --reason no --as chi");
    let line = "withdrawal approve W-000001 W-000002 W-000003 --yes --as chi";
    let ran = unchanged(&desk, || desk.run(&format!("{line} -f json")));
    let error: Value = serde_json::from_str(ran.stderr.trim()).unwrap();
    assert_eq!(
        (ran.code, &error["error"]["code"]),
        (1, &json!("holder.blocked"))
    );
    let told: Vec<_> = error["error"]["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["name"].clone(), line["code"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("W-000002"), json!("holder.blocked")),
            (json!("W-000003"), json!("withdrawal.wrong_state"))
        ]
    );
    let ran = desk.run(line);
    assert!(
        ran.stderr
            .starts_with("error: 2 of 3 are refused; nothing was written\n"),
        "{}",
        ran.stderr
    );
    for words in [
        "W-000002: holder `h2` is blocked",
        "W-000003: withdrawal W-000003 is rejected",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert_eq!(status(&desk, "W-000001"), "pending");
    // The other bulk commands hold to it too.
    for line in [
        "withdrawal reject W-000001 W-000003 --reason no --as chi",
        "withdrawal cancel W-000001 W-000003 --yes --as bola",
    ] {
        unchanged(&desk, || desk.refused(line, 1, "withdrawal.wrong_state"));
    }
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve W-000001 W-000009 --yes --as chi",
            1,
            "withdrawal.unknown",
        )
    });
    desk.sound();
}

#[test]
fn the_entry_of_a_refused_bulk_names_the_withdrawal_that_was_refused() {
    let desk = with_requests();
    desk.ok("holder block h2 --reason court-order --as bola");
    desk.run("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    let log = desk.json("audit log --type withdrawal_approved");
    let entry = log.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&entry["outcome"], &entry["changes_summary"]["code"]),
        (&json!("refused"), &json!("holder.blocked"))
    );
    assert_eq!(entry["withdrawal"], "W-000002");
    // So it is for a file: the entry is about the line that was refused first.
    desk.ok("withdrawal approve W-000001 W-000003 --yes --as chi");
    desk.write(
        "pay.csv",
        "withdrawal,reference,date\nW-000001,R1,2026-04-01\nW-000002,R2,2026-04-01\nW-000003,R3,2026-04-01\n",
    );
    unchanged(&desk, || {
        desk.refused(
            "withdrawal pay --from pay.csv --yes --as bola",
            1,
            "file.bad_lines",
        )
    });
    let log = desk.json("audit log --type payment_recorded");
    let entry = log.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&entry["withdrawal"], &entry["changes_summary"]["code"]),
        (&json!("W-000002"), &json!("withdrawal.wrong_state"))
    );
}

#[test]
fn four_eyes_hold_for_each_of_many() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as ada");
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    unchanged(&desk, || {
        desk.refused(
            "withdrawal approve --event E1 --all --hash REVIEWED --as ada",
            1,
            "withdrawal.same_actor",
        )
    });
    desk.ok("withdrawal approve W-000002 --as ada");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    assert_eq!(
        desk.json("withdrawal list --status approved")
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn the_words_for_all_go_together() {
    let desk = with_requests();
    for line in [
        "withdrawal approve --as chi",
        "withdrawal approve --event E1 --as chi",
        "withdrawal approve --all --as chi",
        "withdrawal approve W-000001 --event E1 --all --as chi",
    ] {
        desk.refused(line, 2, "usage.invalid");
    }
    desk.refused(
        "withdrawal approve --event E9 --all --as chi",
        1,
        "event.unknown",
    );
}
