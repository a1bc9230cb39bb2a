//! `event approve`: by a second person, of what was seen, while the register still gives it.

use super::*;

#[test]
fn who_created_or_calculated_does_not_approve() {
    let desk = Desk::with_register();
    desk.ok("user add efe --role admin --as ada");
    desk.ok("user acknowledge efe --as chi");
    desk.ok("user acknowledge chi --as efe");
    desk.ok(&CREATE.replace("create", "create E1").replace("bola", "ada"));
    desk.ok("event calculate E1 --as efe");
    for user in ["ada", "efe"] {
        let said = unchanged(&desk, || {
            desk.refused(
                &format!("event approve E1 --as {user}"),
                1,
                "event.same_actor",
            )
        });
        assert!(
            said.contains(&format!("`{user}`")) && said.contains("four eyes"),
            "{said}"
        );
    }
    for user in ["bola", "dayo"] {
        unchanged(&desk, || {
            desk.refused(
                &format!("event approve E1 --as {user}"),
                1,
                "user.forbidden",
            )
        });
    }
    // Who calculated first and was replaced by another's calculation approves: the approval is of
    // the later one.
    desk.ok("event calculate E1 --as bola");
    desk.ok("event approve E1 --as efe");
    desk.sound();
}

#[test]
fn without_four_eyes_one_person_does_all_of_it() {
    let desk = Desk::empty();
    desk.ok("init --user ada --four-eyes off");
    for line in [
        "project add LAGOS --name Lagos --as ada",
        "holder add h1 --name Adaeze --bank-name GTBank --account-number 0123456789 --as ada",
        "token issue h1 1 --project LAGOS --date 2026-01-01 --as ada",
        "event create E1 --project LAGOS --type exit --title Q1 --amount 100 --date 2026-03-31 --as ada",
        "event calculate E1 --as ada",
        "event approve E1 --as ada",
        "withdrawal request --event E1 --holder h1 --all --as ada",
        "withdrawal approve W-000001 --as ada",
        "withdrawal pay W-000001 --reference R --date 2026-04-01 --yes --as ada",
    ] {
        desk.ok(line);
    }
    assert_eq!(desk.json("event show E1")["status"], "completed");
    let listed = desk.ok("event list");
    assert!(listed.stderr.contains("four eyes off"), "{}", listed.stderr);
    desk.sound();
}

#[test]
fn an_approval_happens_once_and_only_of_the_hash_that_was_seen() {
    let desk = Desk::with_register();
    desk.ok(&CREATE.replace("create", "create E1"));
    unchanged(&desk, || {
        desk.refused("event approve E1 --as chi", 1, "event.wrong_state")
    });
    let hash = desk.json("event calculate E1 --as bola")["calculation_hash"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = if hash.starts_with('0') { "1" } else { "0" }.repeat(8);
    let said = unchanged(&desk, || {
        desk.refused(
            &format!("event approve E1 --hash {other} --as chi"),
            1,
            "event.hash_mismatch",
        )
    });
    assert!(said.contains(&hash), "{said}");
    for (given, exit) in [(&hash[..7], 2), ("xyzxyzxyz", 2)] {
        assert_eq!(
            desk.run(&format!("event approve E1 --hash {given} --as chi"))
                .code,
            exit,
            "{given}"
        );
    }
    let line = format!(
        "event approve E1 --hash {} --as chi",
        hash[..8].to_uppercase()
    );
    let approved = Once::done(&desk, &line);
    let event = approved.json();
    fields(&event, EVENT);
    assert_eq!(
        (&event["status"], &event["approved_by"]),
        (&json!("active"), &json!("chi"))
    );
    assert_eq!(event["calculation_hash"], hash.as_str());
    assert_eq!(event["approved_at"], event["updated_at"]);
    desk.ok("event cancel E1 --reason typo --as bola");
    approved.repeats(&desk);
    approved.conflicts(&desk, "event approve E1 --as chi");
    desk.sound();
}

#[test]
fn what_changed_since_the_calculation_makes_it_stale() {
    for change in [
        "token issue h1 1 --project LAGOS --date 2026-03-31 --as bola",
        "token transfer h1 h2 0.0000001 --project LAGOS --date 2026-01-01 --as bola",
        "token redeem h3 1 --project LAGOS --date 2026-02-01 --as bola",
        "nav set LAGOS 500 --date 2026-03-31 --as bola",
        "nav set LAGOS 400.00 --date 2026-03-01 --as bola",
    ] {
        let desk = Desk::with_register();
        desk.ok("nav set LAGOS 300 --date 2026-03-01 --as bola");
        desk.ok(&CREATE.replace("create", "create E1"));
        desk.ok("event calculate E1 --as bola");
        desk.ok(change);
        unchanged(&desk, || {
            desk.refused("event approve E1 --as chi", 1, "event.stale")
        });
        desk.ok("event calculate E1 --as bola");
        desk.ok("event approve E1 --as chi");
    }
}

#[test]
fn what_changes_after_the_record_date_or_elsewhere_does_not_make_it_stale() {
    let desk = Desk::with_register();
    desk.ok("project add ABUJA --name Abuja --as bola");
    desk.ok(&CREATE.replace("create", "create E1"));
    desk.ok("event calculate E1 --as bola");
    desk.ok("token issue h1 1 --project LAGOS --date 2026-04-01 --as bola");
    desk.ok("nav set LAGOS 500 --date 2026-04-01 --as bola");
    desk.ok("token issue h1 1 --project ABUJA --date 2026-01-01 --as bola");
    desk.ok("holder set h1 --name Other --as bola");
    desk.ok("event approve E1 --as chi");
    // And once it is approved, nothing that is dated back changes it.
    desk.ok("token issue h1 7 --project LAGOS --date 2026-01-01 --as bola");
    assert_eq!(
        desk.json("event allocations E1")[0]["allocated_amount"],
        "33.34"
    );
    desk.sound();
}
