//! Who acts: `--as`, `PRORATA_AS`, or the operating system's user.

use crate::support::{Desk, Ran};

fn os_user() -> String {
    nix::unistd::User::from_uid(nix::unistd::Uid::effective())
        .unwrap()
        .unwrap()
        .name
}

#[test]
fn the_flag_goes_before_the_environment() {
    let desk = Desk::new();
    let add = |words: &str, variable: &str| {
        let ran = Ran::of(
            desk.command(words.split(' '))
                .env("PRORATA_AS", variable)
                .output()
                .unwrap(),
        );
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    };
    add("project add P1 --name P", "bola");
    add("project add P2 --name P --as ada", "bola");
    let entries = desk.json("audit log --type project_added");
    let by: Vec<&str> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["performed_by"].as_str().unwrap())
        .collect();
    assert_eq!(by, ["bola", "ada"]);
}

#[test]
fn an_unknown_actor_is_answered_with_the_users() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    insta::assert_snapshot!(
        "unknown_actor",
        desk.run("project add P --name P --as zoe").snapshot()
    );
    desk.refused("project add P --name P --as zoe", 1, "user.unknown");
    let ran = Ran::of(
        desk.command(["project", "add", "P", "--name", "P"])
            .env("PRORATA_AS", "zoe")
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("ada, bola, chi, dayo"),
        "{}",
        ran.stderr
    );
    assert!(before == std::fs::read(desk.ledger()).unwrap());
}

#[test]
fn without_a_claim_the_operating_system_user_acts_or_nobody() {
    let desk = Desk::new();
    let message = desk.refused("project add P --name P", 2, "usage.no_actor");
    assert!(
        message.contains(&format!("`{}` is not a user of this ledger", os_user())),
        "{message}"
    );
    let hint = desk.run("project add P --name P").stderr;
    assert!(
        hint.contains("hint: name one with `--as`: ada, bola, chi, dayo"),
        "{hint}"
    );
    desk.ok(&format!("user add {} --role operator --as ada", os_user()));
    assert_eq!(
        desk.json("project add P --name P")["created_by"],
        os_user().as_str()
    );
}

#[test]
fn the_actor_is_matched_without_regard_to_case() {
    let desk = Desk::new();
    assert_eq!(
        desk.json("project add P --name P --as BOLA")["created_by"],
        "bola"
    );
}
