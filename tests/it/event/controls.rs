//! Who approves an event, and what is asked before one is created.

use serde_json::json;

use super::{CREATE, once::unchanged};
use crate::support::Desk;

#[test]
fn whoever_issued_tokens_does_not_approve_the_event_that_pays_them() {
    let desk = Desk::with_register();
    desk.ok("user add efe --role admin --as ada");
    desk.ok("user acknowledge efe --as chi");
    desk.ok("user acknowledge chi --as efe");
    desk.ok("token issue h3 97 --project LAGOS --date 2026-03-31 --as ada");
    let create = |code: &str| CREATE.replace("create", &format!("create {code}"));
    desk.ok(&create("E1"));
    desk.ok("event calculate E1 --as bola");
    let approve = "event approve E1 --as ada";
    let message = desk.refused(approve, 1, "event.same_register_actor");
    assert_eq!(
        message,
        "`ada` recorded register entries that count for event `E1` and may not approve it (four eyes); nothing was written"
    );
    let hint = desk.run(approve).stderr;
    assert!(hint.contains("hint: approvers: chi, efe"), "{hint}");
    desk.ok("event approve E1 --as efe");
    // What was recorded before the last approval was seen by the one who approved it then.
    desk.ok(&create("E2").replace("100", "50"));
    desk.ok("event calculate E2 --as bola");
    desk.ok("event approve E2 --as ada");
    // An entry after the record date does not count; one before it does.
    desk.ok("token issue h1 1 --project LAGOS --date 2026-04-01 --as efe");
    desk.ok(&create("E3").replace("100", "30"));
    desk.ok("event calculate E3 --as bola");
    desk.ok("event approve E3 --as efe");
    desk.sound();
}

#[test]
fn if_everybody_had_a_hand_in_an_event_the_refusal_says_what_to_do() {
    let desk = Desk::with_register();
    desk.ok("user set chi --status inactive --as ada");
    desk.ok(CREATE);
    desk.ok("event calculate LAGOS-2026-Q1 --as ada");
    let ran = desk.run("event approve LAGOS-2026-Q1 --as ada");
    for part in [
        "nobody may: every user who reviews had a hand in it",
        "hint: add an approver: `prorata user add CODE --role approver`",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
}

#[test]
fn a_calculation_says_who_gets_nothing_what_a_token_gets_and_how_the_tokens_changed() {
    let desk = Desk::new();
    desk.ok("project add YEN --name Yen --currency JPY --as bola");
    for holder in ["a", "b", "c", "d", "e"] {
        desk.ok(&format!("holder add {holder} --name {holder} --as bola"));
        desk.ok(&format!(
            "token issue {holder} 1 --project YEN --date 2026-01-01 --as bola"
        ));
    }
    let create = "event create Y1 --project YEN --type revenue --title T --amount 2 --date 2026-02-01 --as bola";
    desk.ok(create);
    let said = desk.ok("event calculate Y1 --as bola").stderr;
    assert!(
        said.contains("allocated to 5 holders; 3 of them get 0; JPY 0.40 a token; next"),
        "{said}"
    );
    let done = desk.json("event approve Y1 --as chi");
    assert_eq!(
        (
            &done["holders"],
            &done["holders_without_money"],
            &done["amount_per_token"]
        ),
        (&json!(5), &json!(3), &json!("0.4"))
    );
    assert_eq!(done["last_event"], json!(null));
    desk.ok("token redeem a 1 --project YEN --date 2026-02-02 --as bola");
    desk.ok(&create
        .replace("Y1", "Y2")
        .replace("2026-02-01", "2026-03-01"));
    let said = desk.ok("event calculate Y2 --as bola").stderr;
    assert!(
        said.contains("JPY 0.50 a token; 1 fewer tokens than for Y1; next"),
        "{said}"
    );
    let said = desk.ok("event approve Y2 --as chi").stderr;
    assert!(
        said.contains("approved Y2, allocated to 4 holders; 2 of them get 0"),
        "{said}"
    );
}

#[test]
fn the_same_event_is_not_created_twice_by_mistake() {
    let desk = Desk::with_register();
    desk.ok(CREATE);
    let message = desk.refused(CREATE, 2, "event.duplicate");
    assert_eq!(
        message,
        "event `LAGOS-2026-Q1` of `LAGOS` has the same type, amount and distribution date: revenue, NGN 100.00, 2026-03-31"
    );
    unchanged(&desk, || desk.refused(CREATE, 2, "event.duplicate"));
    for other in [
        CREATE.replace("revenue", "exit"),
        CREATE.replace("100", "100.01"),
        CREATE.replace("2026-03-31", "2026-03-30"),
    ] {
        desk.ok(&other);
    }
    let dry = desk.ok(&format!("{CREATE} --dry-run"));
    assert!(
        dry.stderr.contains("will ask: event `LAGOS-2026-Q1`"),
        "{}",
        dry.stderr
    );
    desk.ok(&format!("{CREATE} --yes --key k"));
    // A replay asks nothing, and a key is not bound to the answer.
    desk.ok(&format!("{CREATE} --key k"));
    let log = desk.json("audit log --type event_created");
    let confirmed = |entry: &&serde_json::Value| !entry["changes_summary"]["confirmed"].is_null();
    let marked: Vec<_> = log.as_array().unwrap().iter().filter(confirmed).collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(
        marked[0]["changes_summary"]["confirmed"],
        json!(["event.duplicate"])
    );
    for code in ["LAGOS-2026-Q1", "LAGOS-2026-Q1-5"] {
        desk.ok(&format!("event cancel {code} --reason typo --as bola"));
    }
    desk.ok(CREATE);
}
