//! What was reviewed is what is approved, rejected, cancelled and paid.

use crate::{event::once::unchanged, support::Desk};

const ALL: &str = "withdrawal approve --event E1 --all --as chi";

fn desk() -> Desk {
    let desk = Desk::with_event();
    for (holder, amount) in [("h1", 30), ("h2", 20)] {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --amount {amount} --as bola"
        ));
    }
    desk
}

/// Returns the hash that a dry run prints.
fn hash(desk: &Desk, line: &str) -> String {
    let said = desk.ok(&format!("{line} --dry-run")).stderr;
    let hash = said
        .split(": hash ")
        .nth(1)
        .unwrap_or_else(|| panic!("{said}"));
    hash.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn what_came_in_after_the_review_is_not_approved() {
    let desk = desk();
    let reviewed = hash(&desk, ALL);
    assert_eq!(reviewed.len(), 64);
    // Another request as large as one that is gone: the number and the sum are the same.
    desk.ok("withdrawal reject W-2 --reason wrong --as chi");
    desk.ok("withdrawal request --event E1 --holder h3 --amount 20 --as bola");
    let line = format!("{ALL} --hash {}", &reviewed[..12]);
    let message = unchanged(&desk, || {
        desk.refused(&line, 1, "withdrawal.selection_changed")
    });
    for part in [
        "; added: W-000003",
        "; gone: W-000002",
        "nothing was written",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    desk.ok(&format!("{ALL} --expect 2:50"));
    desk.sound();
}

#[test]
fn a_yes_alone_does_not_approve_all_of_an_event_without_a_terminal() {
    let desk = desk();
    let reviewed = hash(&desk, ALL);
    for line in [ALL.to_owned(), format!("{ALL} --yes")] {
        let message = unchanged(&desk, || desk.refused(&line, 2, "usage.needs_review"));
        let both = format!("`--hash {reviewed}` or `--expect 2:50.00`");
        assert!(message.contains(&both), "{message}");
    }
    let message = desk.refused(
        &format!("{ALL} --yes --expect 2:50.01"),
        1,
        "withdrawal.selection_changed",
    );
    assert!(
        message.contains("2 for 50.01 was reviewed, and 2 withdrawals"),
        "{message}"
    );
    desk.refused(
        &format!("{ALL} --expect 3:50"),
        1,
        "withdrawal.selection_changed",
    );
    desk.refused(&format!("{ALL} --hash 0123456"), 2, "usage.invalid");
    desk.refused(&format!("{ALL} --expect 50"), 2, "usage.invalid");
    // A replay is answered before the hash is looked at.
    let first = desk.ok(&format!("{ALL} --hash {reviewed} --key k"));
    assert_eq!(desk.ok(&format!("{ALL} --key k")).stdout, first.stdout);
    assert_eq!(
        desk.ok(&format!("{ALL} --expect 9:9 --key k")).stdout,
        first.stdout
    );
    // Nothing waits, so nothing needs to be reviewed.
    desk.ok(&format!("{ALL} --yes"));
    // What is listed is its own selection.
    desk.ok("withdrawal request --event E1 --holder h1 --amount 1 --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 1 --as bola");
    desk.ok("withdrawal approve W-3 W-4 --yes --as chi");
    desk.sound();
}

#[test]
fn every_bulk_command_takes_what_was_reviewed() {
    let desk = desk();
    let none = "--hash 0123456789abcdef";
    let reject = "withdrawal reject --event E1 --all --reason wrong --as chi";
    desk.refused(
        &format!("{reject} {none}"),
        1,
        "withdrawal.selection_changed",
    );
    desk.ok(&format!("{reject} --hash {}", hash(&desk, reject)));
    for (holder, amount) in [("h1", 30), ("h2", 20), ("h3", 5)] {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder {holder} --amount {amount} --as bola"
        ));
    }
    desk.ok(&format!("{ALL} --expect 3:55.00"));
    let cancel = "withdrawal cancel W-3 --as bola";
    desk.refused(
        &format!("{cancel} {none}"),
        1,
        "withdrawal.selection_changed",
    );
    desk.ok(&format!("{cancel} --hash {}", hash(&desk, cancel)));
    desk.write(
        "paid.csv",
        "withdrawal,reference,date\nW-4,R-4,2026-06-30\nW-5,R-5,2026-06-30\n",
    );
    let pay = "withdrawal pay --from paid.csv --as bola";
    desk.refused(
        &format!("{pay} {none} --yes"),
        1,
        "withdrawal.selection_changed",
    );
    desk.ok(&format!("{pay} --hash {}", hash(&desk, pay)));
    desk.sound();
}
