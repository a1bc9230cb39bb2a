//! Corrections before approval: names, codes, notes and fields, and what a past day shows of them.

use serde_json::json;

use crate::{
    event::once::{Once, unchanged},
    support::Desk,
};

#[test]
fn the_banks_name_and_project_of_an_account_are_corrected_and_a_past_day_stays() {
    let mut desk = Desk::with_bank();
    let before = desk.ok("bank list --as-of 2026-06-22 -f csv").stdout;
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("project add KIGALI --name Kigali --currency USD --as bola");
    let changed = Once::done(
        &desk,
        "bank set OPS --bank-name First-Bank --project ABUJA --as bola",
    );
    let account = changed.json();
    let told = (&account["bank_name"], &account["project"]);
    assert_eq!(told, (&json!("First-Bank"), &json!("ABUJA")));
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("bank set OPS --no-project --as bola");
    assert_eq!(desk.json("bank show OPS")["project"], json!(null));
    changed.repeats(&desk);
    assert_eq!(
        desk.ok("bank list --as-of 2026-06-22 -f csv").stdout,
        before
    );
    let then = desk.json("bank list --as-of 2026-06-30");
    assert_eq!(then[0]["project"], "ABUJA");
    unchanged(&desk, || {
        desk.refused(
            "bank set OPS --project KIGALI --as bola",
            1,
            "bank.project_currency",
        )
    });
    unchanged(&desk, || {
        desk.refused("bank set OPS --project LAGOS --as chi", 1, "user.forbidden")
    });
    desk.refused("bank set OPS --as bola", 2, "usage.invalid");
    desk.ok("bank add SPARE --bank-name Spare --account-number 0000014579 --as bola");
    unchanged(&desk, || {
        desk.refused(
            "bank set SPARE --bank-name First-Bank --as bola",
            1,
            "bank.account_known",
        )
    });
    desk.sound();
}

#[test]
fn an_account_that_pays_a_project_is_not_made_that_of_another() {
    let desk = Desk::with_bank();
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok("payment file create W-1 --account OPS --profile generic --as bola");
    let line = "bank set OPS --project ABUJA --as bola";
    let said = unchanged(&desk, || desk.refused(line, 1, "bank.other_project"));
    assert!(said.contains("LAGOS"), "{said}");
    desk.ok("payment file cancel F-1 --reason typo --as bola");
    desk.ok(line);
    desk.sound();
}

#[test]
fn the_returns_of_a_file_are_recorded_together_or_not_at_all() {
    let desk = Desk::with_bank();
    for number in 1..=2 {
        desk.ok(&format!(
            "withdrawal pay W-{number} --reference HAND-{number} --date 2026-06-23 --yes --as bola"
        ));
    }
    desk.ok("withdrawal pay W-3 --reference HAND-3 --date 2026-06-23 --yes --as ada");
    desk.write(
        "bad.csv",
        "payment,date,reason\nP-1,2026-06-24,Closed\nP-2,2026-06-20,Closed\nP-9,2026-06-24,Closed\nP-3,2026-06-24,Closed\n",
    );
    let line = "payment return --from bad.csv --as ada";
    unchanged(&desk, || desk.refused(line, 1, "file.bad_lines"));
    let said = desk.run(line).stderr;
    for bad in ["bad.csv:3", "bad.csv:4: payment", "bad.csv:5"] {
        assert!(said.contains(bad), "{bad}: {said}");
    }
    assert!(
        said.contains("four eyes"),
        "who recorded P-3 may not: {said}"
    );
    desk.write(
        "good.csv",
        "payment,date,reason\nP-1,2026-06-24,Closed\nP-2,2026-06-24,Wrong number\n",
    );
    let returned = Once::done(&desk, "payment return --from good.csv --as chi");
    let payments = returned.json();
    assert_eq!(payments.as_array().unwrap().len(), 2);
    assert_eq!(payments[1]["status"], "returned");
    assert_eq!(payments[1]["return_reason"], "Wrong number");
    returned.repeats(&desk);
    desk.refused(
        "payment return --from good.csv --as bola",
        1,
        "file.bad_lines",
    );
    desk.refused(
        "payment return P-3 --from good.csv --as chi",
        2,
        "usage.invalid",
    );
    desk.refused("payment return P-3 --as chi", 2, "usage.invalid");
    desk.sound();
}

#[test]
fn the_notes_of_a_request_are_corrected_before_its_review() {
    let mut desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 3 --notes phonde --as bola");
    let before = desk.ok("withdrawal list -f csv --as-of 2026-06-30").stdout;
    desk.at("2026-07-02T09:00:00.000000Z");
    let changed = Once::done(&desk, "withdrawal set W-1 --notes phoned --as bola");
    assert_eq!(changed.json()["request_notes"], "phoned");
    desk.ok("withdrawal set W-1 --no-notes --as bola");
    assert_eq!(
        desk.json("withdrawal show W-1")["request_notes"],
        json!(null)
    );
    changed.repeats(&desk);
    assert_eq!(
        desk.ok("withdrawal list -f csv --as-of 2026-06-30").stdout,
        before,
        "a past day shows the notes of then"
    );
    desk.ok("withdrawal approve W-1 --as chi");
    let said = unchanged(&desk, || {
        desk.refused(
            "withdrawal set W-1 --notes late --as bola",
            1,
            "withdrawal.wrong_state",
        )
    });
    assert!(said.contains("approved"), "{said}");
    desk.refused("withdrawal set W-1 --as bola", 2, "usage.invalid");
    desk.sound();
}

#[test]
fn fields_that_a_holder_need_not_have_are_cleared() {
    let mut desk = Desk::with_register();
    desk.ok("holder set h1 --email h1@example.org --country NG --kind company --as bola");
    let before = desk.ok("holder list --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-02T09:00:00.000000Z");
    let cleared = Once::done(
        &desk,
        "holder set h1 --clear email,country,kind,account-name --as bola",
    );
    let holder = cleared.json();
    for field in ["email", "country", "kind", "account_name"] {
        assert_eq!(holder[field], json!(null), "{field}: {holder}");
    }
    assert_eq!(holder["bank_changed_by"], "bola");
    cleared.repeats(&desk);
    assert_eq!(
        desk.ok("holder list --as-of 2026-06-30 -f csv").stdout,
        before
    );
    desk.refused(
        "holder set h1 --clear email --email x@y.org --as bola",
        2,
        "usage.invalid",
    );
    desk.refused("holder set h1 --clear name --as bola", 2, "usage.invalid");
    // The number is checked without the bank's code, as if it was new.
    desk.ok("holder set h1 --clear bank-code --as bola");
    desk.sound();
}

#[test]
fn the_code_of_a_holder_that_no_event_is_about_is_corrected() {
    let mut desk = Desk::with_register();
    let before = desk.ok("holder list --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-02T09:00:00.000000Z");
    let renamed = Once::done(&desk, "holder rename h1 obi --as bola");
    assert_eq!(renamed.json()["code"], "obi");
    desk.refused("holder show h1", 1, "holder.unknown");
    assert_eq!(desk.json("token register LAGOS")[2]["holder"], "obi");
    // The old code is free, and a past day knows whose it was.
    desk.ok("holder add h1 --name Another --as bola");
    assert_eq!(
        desk.ok("holder list --as-of 2026-06-30 -f csv").stdout,
        before
    );
    let past = |holder: &str| format!("holder account list {holder} --as-of 2026-06-30");
    assert_eq!(desk.json(&past("h1")).as_array().unwrap().len(), 1);
    assert_eq!(desk.json("holder account list h1"), json!([]));
    desk.refused(&past("obi"), 1, "holder.unknown");
    unchanged(&desk, || {
        desk.refused("holder rename obi h2 --as bola", 1, "holder.exists")
    });
    desk.event("E1", "100");
    unchanged(&desk, || {
        desk.refused("holder rename obi h7 --as bola", 1, "holder.in_use")
    });
    renamed.repeats(&desk);
    desk.sound();
}

#[test]
fn the_code_of_a_draft_that_was_cancelled_is_free_again() {
    let mut desk = Desk::with_register();
    let create = "event create E1 --project LAGOS --type revenue --title First --amount 100 --date 2026-03-31 --yes --as bola";
    desk.ok(create);
    desk.ok("event calculate E1 --as bola");
    desk.refused(create, 1, "event.exists");
    let then = |desk: &Desk| {
        let event = desk
            .ok("event allocations E1 --as-of 2026-06-30 -f csv")
            .stdout;
        (
            event,
            desk.ok("event list --as-of 2026-06-30 -f csv").stdout,
        )
    };
    let before = then(&desk);
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("event cancel E1 --reason Wrong --yes --as bola");
    assert_eq!(desk.json("event show E1")["status"], "cancelled");
    desk.at("2026-07-03T09:00:00.000000Z");
    desk.ok(&create.replace("First", "Second").replace("100", "90"));
    desk.ok("event calculate E1 --as bola");
    assert_eq!(desk.json("event show E1")["title"], "Second");
    assert_eq!(then(&desk), before, "the code means the draft of that day");
    assert_eq!(desk.json("event list").as_array().unwrap().len(), 2);
    desk.ok("event approve E1 --as chi");
    desk.ok("event cancel E1 --reason Off --yes --as bola");
    let said = desk.refused(create, 1, "event.exists");
    assert!(
        said.contains("E1"),
        "an approved event keeps its code: {said}"
    );
    // A made code was never used.
    desk.ok(&create.replace("create E1", "create"));
    desk.sound();
}
