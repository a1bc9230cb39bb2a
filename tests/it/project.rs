//! `prorata project …`: what earns the money.

use crate::{
    global::habits::{dry, keyed, wrong_usage},
    support::Desk,
};

#[test]
fn a_project_is_added_in_naira_unless_another_currency_is_given() {
    let desk = Desk::new();
    let added = desk.words(&[
        "project",
        "add",
        "LAGOS",
        "--name",
        "Lagos Tower",
        "--as",
        "bola",
    ]);
    insta::assert_snapshot!("project_add", added.snapshot());
    desk.ok("project add KUWAIT --name Kuwait --currency KWD --as bola");
    insta::assert_snapshot!("project_list", desk.ok("project list").snapshot());
    let projects = desk.json("project list");
    let shown: Vec<_> = projects
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["code"].as_str().unwrap(),
                row["currency"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("KUWAIT", "KWD"), ("LAGOS", "NGN")],
        "in order of their codes"
    );
    assert_eq!(projects[1]["created_by"], "bola");
    desk.sound();
}

#[test]
fn a_project_shows_what_its_register_issued_and_redeemed() {
    let desk = Desk::with_register();
    desk.ok("token redeem h1 0.25 --project LAGOS --date 2026-02-01 --as bola");
    insta::assert_snapshot!("project_show", desk.ok("project show lagos").snapshot());
    let project = desk.json("project show LAGOS");
    assert_eq!(
        (&project["tokens_issued"], &project["tokens_redeemed"]),
        (&"3".into(), &"0.25".into())
    );
    assert_eq!(
        desk.json(&format!("project show {}", project["id"].as_str().unwrap())),
        project
    );
}

#[test]
fn who_does_not_record_adds_and_renames_no_project() {
    let desk = Desk::with_register();
    for actor in ["chi", "dayo"] {
        desk.refused(
            &format!("project add P --name P --as {actor}"),
            1,
            "user.forbidden",
        );
        desk.refused(
            &format!("project set LAGOS --name P --as {actor}"),
            1,
            "user.forbidden",
        );
    }
    assert_eq!(desk.json("project list").as_array().unwrap().len(), 1);
    assert_eq!(desk.json("project show LAGOS")["name"], "Lagos-Tower");
}

#[test]
fn a_project_code_is_given_once_whatever_its_case() {
    let desk = Desk::with_register();
    insta::assert_snapshot!(
        "project_add_again",
        desk.run("project add lagos --name Other --as bola")
            .snapshot()
    );
    desk.refused(
        "project add LAGOS --name Lagos-Tower --as bola",
        1,
        "project.exists",
    );
}

#[test]
fn adding_a_project_twice_with_one_key_adds_one() {
    let desk = Desk::new();
    keyed(
        &desk,
        "k1",
        "project add P --name One --as bola",
        "project add P --name Two --as bola",
    );
    assert_eq!(desk.json("project list").as_array().unwrap().len(), 1);
    desk.sound();
}

#[test]
fn renaming_a_project_keeps_its_code_and_currency() {
    let desk = Desk::with_register();
    insta::assert_snapshot!(
        "project_set",
        desk.ok("project set LAGOS --name Tower --as bola")
            .snapshot()
    );
    let entries = desk.json("audit log --type project_changed");
    assert_eq!(
        entries[0]["changes_summary"]["name"],
        serde_json::json!(["Lagos-Tower", "Tower"])
    );
    let again = desk.ok("project set LAGOS --name Tower --as bola");
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    assert_eq!(
        desk.json("audit log --type project_changed")
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn renaming_a_project_twice_with_one_key_answers_the_first_result() {
    let desk = Desk::with_register();
    keyed(
        &desk,
        "k1",
        "project set LAGOS --name One --as bola",
        "project set LAGOS --name Two --as bola",
    );
    assert_eq!(desk.json("project show LAGOS")["name"], "One");
    desk.sound();
}

#[test]
fn a_dry_run_adds_and_renames_no_project() {
    let desk = Desk::with_register();
    dry(&desk, "project add P --name P --as bola");
    dry(&desk, "project set LAGOS --name P --as bola");
    assert_eq!(desk.json("project list").as_array().unwrap().len(), 1);
    assert_eq!(desk.json("project show LAGOS")["name"], "Lagos-Tower");
}

#[test]
fn an_unknown_project_is_answered_with_the_nearest_code() {
    let desk = Desk::with_register();
    insta::assert_snapshot!("project_unknown", desk.run("project show LAGSO").snapshot());
    desk.refused("project show LAGSO", 1, "project.unknown");
    desk.refused("project set X --name Y --as bola", 1, "project.unknown");
}

#[test]
fn the_name_of_a_past_day_is_shown_for_that_day() {
    let mut desk = Desk::with_register();
    desk.at("2026-07-05T10:00:00.000000Z");
    desk.ok("project set LAGOS --name Tower --as bola");
    desk.ok("project add ABUJA --name Abuja --as bola");
    let past = desk.json("project list --as-of 2026-07-04");
    assert_eq!(past.as_array().unwrap().len(), 1);
    assert_eq!(past[0]["name"], "Lagos-Tower");
    wrong_usage(
        &desk,
        "project show LAGOS --as-of 2026-07-04",
        "unexpected argument '--as-of'",
    );
}

#[test]
fn a_currency_that_no_bank_pays_is_wrong_usage() {
    let desk = Desk::new();
    wrong_usage(
        &desk,
        "project add P --name P --currency XXQ --as bola",
        "`XXQ` is not an ISO 4217 currency",
    );
    wrong_usage(&desk, "project add P --as bola", "--name <NAME>");
    wrong_usage(&desk, "project set P --as bola", "--name <NAME>");
}
