//! `prorata user …`: who acts, in which role.

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

#[test]
fn an_admin_adds_a_user_and_the_list_shows_everybody_by_code() {
    let desk = Desk::new();
    let added = desk.words(&[
        "user",
        "add",
        "Emeka",
        "--role",
        "operator",
        "--name",
        "Emeka Obi",
        "--as",
        "ada",
    ]);
    insta::assert_snapshot!("user_add", added.snapshot());
    insta::assert_snapshot!("user_list", desk.ok("user list").snapshot());
    desk.sound();
}

#[test]
fn the_json_of_a_user_has_its_role_and_status() {
    let desk = Desk::new();
    let users = desk.json("user list");
    let codes: Vec<&str> = users
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["ada", "bola", "chi", "dayo"]);
    let ada = desk.json("user show ADA");
    assert_eq!(ada, users[0], "a code is matched without regard to case");
    assert_eq!(
        (&ada["role"], &ada["status"], &ada["name"]),
        (&"admin".into(), &"active".into(), &"Ada".into())
    );
    assert_eq!(ada["created_at"], "2026-06-30T09:00:00.000000Z");
    assert!(users[1]["name"].is_null(), "absent is null");
    assert_eq!(
        desk.json(&format!("user show {}", ada["id"].as_str().unwrap())),
        ada,
        "the id names the user too"
    );
}

#[test]
fn only_an_admin_manages_users() {
    let desk = Desk::new();
    for actor in ["bola", "chi", "dayo"] {
        let message = desk.refused(
            &format!("user add eve --role admin --as {actor}"),
            1,
            "user.forbidden",
        );
        assert!(
            message.contains(actor) && message.contains("may not manage users"),
            "{message}"
        );
        desk.refused(
            &format!("user set {actor} --role admin --as {actor}"),
            1,
            "user.forbidden",
        );
    }
    assert_eq!(desk.json("user list").as_array().unwrap().len(), 4);
    desk.sound();
}

#[test]
fn a_code_is_given_once_whatever_its_case() {
    let desk = Desk::new();
    let ran = desk.run("user add BOLA --role auditor --as ada");
    insta::assert_snapshot!("user_add_again", ran.snapshot());
    desk.refused("user add bola --role operator --as ada", 1, "user.exists");
}

#[test]
fn adding_a_user_twice_with_one_key_adds_one() {
    let desk = Desk::new();
    keyed(
        &desk,
        "k1",
        "user add eve --role auditor --as ada",
        "user add eve --role approver --as ada",
    );
    assert_eq!(desk.json("user show eve")["role"], "auditor");
    desk.sound();
}

#[test]
fn a_dry_run_adds_and_changes_nobody() {
    let desk = Desk::new();
    let ran = dry(&desk, "user add eve --role auditor --as ada");
    insta::assert_snapshot!("user_add_dry_run", ran.snapshot());
    dry(&desk, "user set bola --status inactive --as ada");
    assert_eq!(desk.json("user show bola")["status"], "active");
    desk.refused("user show eve", 1, "user.unknown");
}

#[test]
fn role_name_and_status_change_one_by_one_and_are_in_the_trail() {
    let desk = Desk::new();
    desk.ok("user set bola --role approver --as ada");
    desk.ok("user set bola --name Bola --as ada");
    insta::assert_snapshot!(
        "user_set",
        desk.ok("user set bola --status inactive --as ada")
            .snapshot()
    );
    let bola = desk.json("user show bola");
    assert_eq!(
        (&bola["role"], &bola["name"]),
        (&"approver".into(), &"Bola".into()),
        "what was not given stays"
    );
    let entries = desk.json("audit log --type user_changed");
    assert_eq!(entries.as_array().unwrap().len(), 3);
    assert_eq!(
        entries[0]["changes_summary"]["role"],
        serde_json::json!(["operator", "approver"])
    );
    assert_eq!(
        entries[2]["changes_summary"]["status"],
        serde_json::json!(["active", "inactive"])
    );
    desk.sound();
}

#[test]
fn changing_a_user_to_the_same_values_is_nothing_to_do() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    let ran = desk.ok("user set bola --role operator --as ada");
    assert!(ran.stderr.contains("nothing to do"), "{}", ran.stderr);
    assert!(before == std::fs::read(desk.ledger()).unwrap());
}

#[test]
fn changing_a_user_twice_with_one_key_answers_the_first_result() {
    let desk = Desk::new();
    keyed(
        &desk,
        "k1",
        "user set bola --name Bola --as ada",
        "user set bola --name Bolaji --as ada",
    );
    desk.ok("user set bola --name Later --as ada");
    let replay = desk.json("user set bola --name Bola --as ada --key k1");
    assert_eq!(
        replay["name"], "Bola",
        "the first result, not the state of today"
    );
    assert_eq!(desk.json("user show bola")["name"], "Later");
}

#[test]
fn the_last_active_admin_stays_one() {
    let desk = Desk::new();
    let message = desk.refused("user set ada --role auditor --as ada", 1, "user.last_admin");
    assert!(
        message.contains("`ada` is the last active admin"),
        "{message}"
    );
    desk.refused(
        "user set ada --status inactive --as ada",
        1,
        "user.last_admin",
    );
    desk.ok("user set chi --role admin --as ada");
    desk.ok("user set ada --status inactive --as chi");
    desk.refused(
        "user set chi --role operator --as chi",
        1,
        "user.last_admin",
    );
    assert_eq!(desk.json("user show chi")["role"], "admin");
}

#[test]
fn an_inactive_user_may_not_act() {
    let desk = Desk::new();
    desk.ok("user set bola --status inactive --as ada");
    let message = desk.refused("project add P --name P --as bola", 1, "user.inactive");
    assert!(message.contains("`bola` is inactive"), "{message}");
    assert_eq!(desk.json("status")["users"], 3);
}

#[test]
fn an_unknown_user_is_answered_with_the_nearest_code() {
    let desk = Desk::new();
    desk.refused("user show bolla", 1, "user.unknown");
    insta::assert_snapshot!("user_unknown", desk.run("user show bolla").snapshot());
    desk.refused("user set nobody --role auditor --as ada", 1, "user.unknown");
}

#[test]
fn the_list_of_a_past_day_shows_the_users_of_that_day() {
    let mut desk = Desk::new();
    desk.at("2026-07-05T10:00:00.000000Z");
    desk.ok("user add eve --role auditor --as ada");
    desk.ok("user set bola --role approver --as ada");
    let past = desk.json("user list --as-of 2026-06-30");
    assert_eq!(past.as_array().unwrap().len(), 4);
    assert_eq!(past[1]["role"], "operator", "the role of that day");
    assert_eq!(desk.json("user list")[1]["role"], "approver");
    wrong_usage(
        &desk,
        "user show bola --as-of 2026-06-30",
        "unexpected argument '--as-of'",
    );
}

#[test]
fn a_role_that_is_none_and_a_change_of_nothing_are_wrong_usage() {
    let desk = Desk::new();
    wrong_usage(
        &desk,
        "user add eve --role boss --as ada",
        "admin, operator, approver, auditor",
    );
    wrong_usage(&desk, "user set bola --as ada", "--role");
    wrong_usage(&desk, "user add eve --as ada", "--role <ROLE>");
    wrong_usage(
        &desk,
        "user add a/b --role auditor --as ada",
        "`a/b` is not a code",
    );
}

#[test]
fn a_new_approver_does_not_approve_work_of_who_added_the_user_until_acknowledged() {
    let desk = Desk::with_event();
    desk.ok("user add efe --role approver --as ada");
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as ada");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 10 --as bola");
    let approve = "withdrawal approve W-1 --as efe";
    let message = desk.refused(approve, 1, "user.not_acknowledged");
    assert!(
        message.contains("`efe` was added or changed by `ada`, nobody else has acknowledged that"),
        "{message}"
    );
    let ran = desk.run(approve);
    assert!(
        ran.stderr
            .contains("one of chi acknowledges the user: `prorata user acknowledge efe`"),
        "{}",
        ran.stderr
    );
    desk.ok("withdrawal approve W-2 --as efe");
    let status = desk.ok("status --as chi").stderr;
    assert!(
        status.contains("new or changed on 2026-06-30: efe is approver, by ada; if that is right: `prorata user acknowledge efe`"),
        "{status}"
    );
    assert!(
        !desk
            .ok("status --as efe")
            .stderr
            .contains("efe is approver")
    );
    assert!(
        !desk
            .ok("status --as ada")
            .stderr
            .contains("efe is approver")
    );
    for (actor, code) in [
        ("efe", "user.same_actor"),
        ("ada", "user.same_actor"),
        ("bola", "user.forbidden"),
    ] {
        desk.refused(&format!("user acknowledge efe --as {actor}"), 1, code);
    }
    dry(&desk, "user acknowledge efe --as chi");
    keyed(
        &desk,
        "k1",
        "user acknowledge efe --as chi",
        "user acknowledge bola --as chi",
    );
    assert_eq!(desk.json("user show efe")["acknowledged_by"], "chi");
    desk.ok(approve);
    // Another role, or another start, is to be acknowledged again.
    desk.ok("user set efe --role admin --as ada");
    assert!(desk.json("user show efe")["acknowledged_by"].is_null());
    desk.ok("withdrawal request --event E1 --holder h3 --amount 10 --as ada");
    desk.refused(
        "withdrawal approve W-3 --as efe",
        1,
        "user.not_acknowledged",
    );
    desk.ok("user acknowledge efe --as chi");
    desk.ok("user set efe --status inactive --as ada");
    desk.ok("user set efe --status active --as ada");
    desk.refused(
        "withdrawal approve W-3 --as efe",
        1,
        "user.not_acknowledged",
    );
    desk.sound();
}

#[test]
fn if_nobody_else_could_acknowledge_the_approval_goes_on_and_is_an_exception() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 10 --as ada");
    desk.ok("withdrawal approve W-1 --as chi");
    let report = desk.json("report controls");
    let exceptions = report["exceptions"].as_array().unwrap();
    let one = exceptions
        .iter()
        .find(|one| one["kind"] == "not_acknowledged")
        .unwrap();
    assert_eq!(
        (&one["subject"], &one["by"], &one["other_user"]),
        (&"W-000001".into(), &"chi".into(), &"ada".into())
    );
}

#[test]
fn a_desk_without_an_approver_is_warned() {
    const SAID: &str = "four eyes: no user only reviews; add an approver with `prorata user add CODE --role approver`";
    let desk = Desk::empty();
    let said = |line: &str| desk.ok(line).stderr.contains(SAID);
    assert!(said("init --user ada"));
    assert!(said("user add bola --role operator --as ada"));
    assert!(said("status"));
    assert!(!said("user add chi --role approver --as ada"));
    assert!(!said("status"));
    assert!(said("user set chi --status inactive --as ada"));
    desk.refused(
        "user set ada --role operator --as ada",
        1,
        "user.last_admin",
    );
    let off = Desk::empty();
    assert!(
        !off.ok("init --user ada --four-eyes off")
            .stderr
            .contains(SAID)
    );
    assert!(!off.ok("status").stderr.contains(SAID));
}

/// A desk at which everything was done by ada and waits for a second person: eve, whom ada added, or
/// chi.
fn work_of_ada() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("user acknowledge bola --as chi");
    desk.ok("user add eve --role admin --as ada");
    desk.ok("user acknowledge chi --as eve");
    for line in [
        "withdrawal request --event E1 --holder h1 --amount 3 --as bola",
        "withdrawal request --event E1 --holder h2 --amount 4 --as bola",
        "withdrawal approve W-4 --as ada",
        "withdrawal pay W-1 --reference RETURNED --date 2026-06-30 --as ada",
        "withdrawal pay W-2 --reference SETTLED --date 2026-06-30 --as ada",
        "payment settle P-2 --reason lost --as chi",
        "withdrawal pay W-3 --reference TRX-7788 --date 2026-06-30 --as ada",
        "withdrawal request --event E1 --holder h3 --amount 2 --as bola",
        "withdrawal approve W-5 W-6 --yes --as chi",
        "payment file create --account OPS W-5 W-6 --profile generic --as bola",
        "payment file export F-1 -o out.csv --as ada",
    ] {
        desk.ok(line);
    }
    let text = "TRX-7788 TRF TO MALLAM CRONY/0099887766";
    desk.statement("june.csv", 100_000, &[("2026-06-30", "B1", -1_000, text)]);
    desk.ok("bank import OPS june.csv --as ada");
    let ran = desk.run("bank reconcile OPS --as bola");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert_eq!(desk.line("L-000001")["class"], "ambiguous");
    desk
}

/// Every act of a second person, on work of ada.
const SECOND_PERSON: [&str; 9] = [
    "payment return P-1 --date 2026-06-30 --reason closed",
    "payment correct P-1 --reference OTHER --reason typo",
    "payment settle P-1 --reason lost",
    "payment settle P-2 --undo",
    "withdrawal pay W-4 --reference MINE --date 2026-06-30",
    "payment file drop F-1 W-5 --reason refused",
    "payment file cancel F-1 --reason refused",
    "bank statement void S-1 --reason wrong",
    "bank match L-1 P-3",
];

#[test]
fn no_act_of_a_second_person_is_for_a_user_whom_its_maker_added_and_nobody_acknowledged() {
    let desk = work_of_ada();
    for line in SECOND_PERSON {
        let message = desk.refused(&format!("{line} --as eve"), 1, "user.not_acknowledged");
        assert!(
            message.contains("`eve` was added or changed by `ada`"),
            "{message}"
        );
    }
    desk.ok("user acknowledge eve --as chi");
    for line in SECOND_PERSON {
        desk.ok(&format!("{line} --dry-run --as eve"));
    }
    desk.sound();
}

#[test]
fn every_refusal_of_four_eyes_names_who_may() {
    let desk = work_of_ada();
    for (line, may) in [
        (SECOND_PERSON[0], "chi"),
        (SECOND_PERSON[1], "bola, chi"),
        (SECOND_PERSON[2], "chi"),
        (SECOND_PERSON[3], "chi"),
        (SECOND_PERSON[4], "bola"),
        (SECOND_PERSON[6], "chi"),
        (SECOND_PERSON[7], "chi"),
        (SECOND_PERSON[8], "chi"),
    ] {
        let ran = desk.run(&format!("{line} --as ada"));
        assert_eq!(ran.code, 1, "{line}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("(four eyes)") && ran.stderr.contains(&format!(": {may}\n")),
            "{line}: {}",
            ran.stderr
        );
    }
}

/// Returns what second persons did for whoever is behind them: by whom, what, and the detail.
fn for_makers(desk: &Desk) -> Vec<[String; 3]> {
    let report = desk.json("report controls");
    let exceptions = report["exceptions"].as_array().unwrap().iter();
    let text = |one: &serde_json::Value, field: &str| one[field].as_str().unwrap().to_owned();
    let mut found: Vec<[String; 3]> = exceptions
        .filter(|one| one["kind"] == "added_by_maker")
        .map(|one| ["by", "subject", "detail"].map(|field| text(one, field)))
        .collect();
    found.sort();
    found
}

#[test]
fn the_report_says_who_is_behind_a_second_person_in_every_act() {
    let desk = work_of_ada();
    desk.ok("user acknowledge eve --as chi");
    let text = "BANK CHARGES OF JUNE";
    desk.statement("july.csv", 99_000, &[("2026-06-30", "B2", -5_678, text)]);
    desk.ok("bank import OPS july.csv --as ada");
    assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
    for line in [
        "payment correct P-1 --reference OTHER --reason typo",
        "payment return P-1 --date 2026-06-30 --reason closed",
        "payment settle P-2 --undo",
        "payment settle P-2 --reason lost",
        "withdrawal pay W-4 --reference MINE --date 2026-06-30",
        "payment file drop F-1 W-5 --reason refused",
        "payment file cancel F-1 --reason refused",
        "bank match L-1 P-3",
        "bank statement void S-2 --reason wrong",
    ] {
        desk.ok(&format!("{line} --as eve"));
    }
    let eve = |what: &str| {
        let detail = "once for ada, who added or changed eve";
        ["eve", what, detail].map(str::to_owned)
    };
    let found = for_makers(&desk);
    let by_eve: Vec<_> = found
        .iter()
        .filter(|one| one[0] == "eve")
        .cloned()
        .collect();
    assert_eq!(
        by_eve,
        [
            "line_matched",
            "payment_corrected",
            "payment_file_cancelled",
            "payment_file_items_dropped",
            "payment_recorded",
            "payment_returned",
            "payment_settled",
            "settlement_undone",
            "statement_voided",
            "user_acknowledged",
        ]
        .map(eve)
    );
    // Users whom one admin added can acknowledge each other, which is shown too.
    let chi = |what: &str, times: &str| {
        let detail = format!("{times} for ada, who added or changed chi");
        ["chi".to_owned(), what.to_owned(), detail]
    };
    let by_chi: Vec<_> = found
        .iter()
        .filter(|one| one[0] == "chi")
        .cloned()
        .collect();
    assert_eq!(
        by_chi,
        [
            chi("payment_settled", "once"),
            chi("user_acknowledged", "2 times")
        ]
    );
    desk.sound();
}

#[test]
fn a_statement_that_nobody_had_reconciled_is_taken_back_without_a_second_person() {
    let desk = Desk::with_bank();
    desk.statement("june.csv", 100_000, &[("2026-06-30", "B1", -1_000, "TEXT")]);
    desk.ok("bank import OPS june.csv --as ada");
    desk.ok("bank statement void S-1 --reason wrong --as bola");
    let voided = |one: &[String; 3]| one[1] == "statement_voided";
    assert!(!for_makers(&desk).iter().any(voided));
}

#[test]
fn who_is_behind_a_new_user_is_behind_the_users_whom_that_one_added() {
    let mut desk = Desk::with_bank();
    desk.ok("withdrawal request --event E1 --holder h1 --amount 3 --as ada");
    desk.ok("user add eve --role admin --as ada");
    desk.ok("user add fred --role approver --as eve");
    let approve = "withdrawal approve W-4 --as fred";
    let message = desk.refused(approve, 1, "user.not_acknowledged");
    assert!(
        message.contains("`ada` had a hand in W-000004"),
        "{message}"
    );
    // Nobody who is behind the new user says that the user is right.
    for who in ["fred", "eve", "ada"] {
        let ran = desk.run(&format!("user acknowledge fred --as {who}"));
        assert!(ran.stderr.contains("approvers: chi\n"), "{}", ran.stderr);
        desk.refused(
            &format!("user acknowledge fred --as {who}"),
            1,
            "user.same_actor",
        );
    }
    desk.at("2026-07-01T09:00:00.000000Z");
    desk.ok("user acknowledge fred --as chi");
    desk.ok(approve);
    let fred = [
        "fred",
        "withdrawal_approved",
        "once for ada, who added or changed who added or changed fred",
    ];
    assert_eq!(for_makers(&desk).last().unwrap(), &fred.map(str::to_owned));
    // Once somebody else has acknowledged eve, whom she adds is hers alone.
    desk.ok("user acknowledge eve --as chi");
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("user add gil --role approver --as eve");
    desk.ok("withdrawal request --event E1 --holder h2 --amount 4 --as ada");
    desk.ok("withdrawal approve W-5 --as gil");
    assert!(!for_makers(&desk).iter().any(|one| one[0] == "gil"));
    desk.sound();
}
