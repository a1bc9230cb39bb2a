//! The ledger as a whole: `init`, `status`, `check`, `backup`, `completions`, `man`.

mod companions;
mod damaged;
mod derived;
mod kinds;
pub(crate) mod migrate;
mod opening;
mod status;

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::{global::habits::wrong_usage, support::Desk};

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn files(desk: &Desk) -> Vec<String> {
    let entries = std::fs::read_dir(desk.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn init_creates_a_ledger_that_only_its_owner_reads() {
    let desk = Desk::empty();
    insta::assert_snapshot!("init", desk.ok("init --user ada --name Ada").snapshot());
    assert_eq!(mode(&desk.ledger()), 0o600);
    assert_eq!(files(&desk), ["prorata.db"], "nothing is next to it");
    let ada = desk.json("user show ada");
    assert_eq!(
        (&ada["role"], &ada["name"]),
        (&json!("admin"), &json!("Ada"))
    );
    let entries = desk.json("audit log");
    assert_eq!(entries.as_array().unwrap().len(), 1);
    assert_eq!(
        (&entries[0]["activity_type"], &entries[0]["performed_by"]),
        (&json!("ledger_created"), &json!("ada"))
    );
    desk.sound();
}

#[test]
fn init_makes_the_operating_system_user_the_first_admin() {
    let desk = Desk::empty();
    let user = nix::unistd::User::from_uid(nix::unistd::Uid::effective())
        .unwrap()
        .unwrap()
        .name;
    let done = desk.json("init");
    assert_eq!(
        (&done["code"], &done["role"]),
        (&json!(user), &json!("admin"))
    );
    assert_eq!(
        desk.json("project add P --name P")["created_by"],
        json!(user),
        "and the fallback for who acts"
    );
    let other = desk.json("init --as kim -L kim.db");
    assert_eq!(other["code"], "kim");
}

#[test]
fn init_refuses_what_exists_and_leaves_it_alone() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    insta::assert_snapshot!("init_again", desk.run("init --user ada").snapshot());
    desk.refused("init --user ada", 1, "ledger.exists");
    assert!(before == std::fs::read(desk.ledger()).unwrap());
    desk.write("notes.txt", "mine");
    desk.refused("init --user ada --ledger notes.txt", 1, "ledger.exists");
    assert_eq!(
        std::fs::read_to_string(desk.path().join("notes.txt")).unwrap(),
        "mine"
    );
    desk.refused("init --user ada --ledger no/where.db", 4, "ledger.unusable");
}

#[test]
fn a_dry_run_of_init_leaves_no_file() {
    let desk = Desk::empty();
    let ran = desk.ok("init --user ada --dry-run");
    assert!(
        ran.stdout.starts_with("dry run\n") && ran.stderr.contains("nothing was written"),
        "{ran:?}"
    );
    assert_eq!(files(&desk), Vec::<String>::new());
    wrong_usage(&desk, "init --user a/b", "`a/b` is not a code");
    wrong_usage(
        &desk,
        "init --user ada --four-eyes maybe",
        "[possible values: on, off]",
    );
    assert_eq!(files(&desk), Vec::<String>::new());
}

#[test]
fn four_eyes_are_on_unless_the_ledger_was_created_without() {
    let desk = Desk::empty();
    desk.ok("init --user ada");
    assert_eq!(desk.json("status")["four_eyes"], "on");
    let desk = Desk::empty();
    let ran = desk.ok("init --user ada --four-eyes off");
    assert!(ran.stderr.contains("four eyes off"), "{}", ran.stderr);
    assert_eq!(desk.json("status")["four_eyes"], "off");
    assert!(
        desk.ok("user list").stderr.contains("four eyes off"),
        "every footer says so"
    );
    desk.ok("project add P --name P --as ada");
    desk.ok("holder add h --name H --as ada");
    desk.ok("token issue h 1 --project P --date 2026-01-01 --as ada");
    desk.ok(
        "event create E --project P --type exit --title X --amount 1 --date 2026-02-01 --as ada",
    );
    desk.ok("event calculate E --as ada");
    assert_eq!(desk.json("event approve E --as ada")["status"], "active");
}

#[test]
fn status_shows_what_there_is_and_what_waits_for_whom() {
    let desk = Desk::with_event();
    desk.ok("event create E2 --project LAGOS --type exit --title Exit --amount 30 --date 2026-05-31 --as bola");
    desk.ok("event create E3 --project LAGOS --type exit --title Exit --amount 30 --date 2026-04-30 --as bola");
    desk.ok("event calculate E3 --as bola");
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve W-000001 --as chi");
    insta::assert_snapshot!("status", desk.ok("status").snapshot());
    let status = desk.json("status");
    let waits = status["waiting"].as_array().unwrap();
    let row = waits.iter().find(|row| row["about"] == "E1").unwrap();
    assert_eq!(
        *row,
        json!({
            "what": "withdrawals to approve", "about": "E1", "count": 2, "extent": null, "currency": "NGN",
            "amount": "66.66", "oldest_days": 0, "role": "approver", "users": ["ada", "chi"],
            "command": "prorata withdrawal approve --event E1 --all"
        })
    );
    assert_eq!(
        (&status["users"], &status["holders"], &status["open_events"]),
        (&json!(4), &json!(3), &json!(3))
    );
    assert!(status["last_backup"].is_null());
    let head = desk.json("audit head");
    assert_eq!(
        (&status["audit_seq"], &status["audit_head"]),
        (&head["seq"], &head["hash"])
    );
    wrong_usage(
        &desk,
        "status --as-of 2026-06-01",
        "unexpected argument '--as-of'",
    );
    wrong_usage(&desk, "status --dry-run", "unexpected argument '--dry-run'");
}

#[test]
fn check_re_derives_everything_and_lists_what_it_looked_at() {
    let desk = Desk::with_event();
    insta::assert_snapshot!("check", desk.ok("check").snapshot());
    let check = desk.json("check");
    assert_eq!(check["ok"], json!(true));
    let names: Vec<&str> = check["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "file_integrity",
            "foreign_keys",
            "audit_trail",
            "register",
            "sums",
            "balances",
            "forward",
            "reserves",
            "tax",
            "payments",
            "bank",
            "proposals",
            "counts",
            "clock",
        ]
    );
    assert!(
        check["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["ok"] == json!(true))
    );
    wrong_usage(&desk, "check --as-of 2026-06-01", "'--as-of'");
    wrong_usage(&desk, "check --key k", "'--key'");
    let empty = Desk::empty();
    empty.refused("check", 4, "ledger.missing");
}

#[test]
fn check_finds_what_another_program_changed_and_ends_with_3() {
    for (sql, check, named) in [
        (
            "UPDATE distribution_allocations SET allocated_amount = '33.3500000', available_amount = '33.3500000'
             WHERE allocated_amount = '33.3400000'",
            "sums",
            "E1",
        ),
        ("UPDATE token_supplies SET issued = '4.0000000'", "register", "LAGOS"),
        ("UPDATE holder_accounts SET account_number = '6666666666' WHERE number = (SELECT number FROM lp_token_holders WHERE code = 'h2')", "audit_trail", "holder_accounts"),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM users WHERE code = 'dayo';
             UPDATE lp_token_holders SET created_by = '019f17c1-ba80-7000-8000-000000000000' WHERE code = 'h3'",
            "foreign_keys",
            "lp_token_holders",
        ),
    ] {
        let desk = Desk::with_event();
        desk.tamper(sql);
        let before = std::fs::read(desk.ledger()).unwrap();
        let ran = desk.run("check -f json");
        assert_eq!(ran.code, 3, "{check}: {}{}", ran.stdout, ran.stderr);
        let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(found["ok"], json!(false));
        let checks = found["checks"].as_array().unwrap();
        let finding = checks.iter().find(|found| found["name"] == check).unwrap();
        assert_eq!(finding["ok"], json!(false), "{check}: {}", ran.stdout);
        assert!(finding["detail"].as_str().unwrap().contains(named), "{check} names {named}: {}", ran.stdout);
        assert_eq!(desk.run("check").code, 3);
        assert!(!ran.stdout.contains("6666666666"), "no account number is in a finding");
        assert!(before == std::fs::read(desk.ledger()).unwrap(), "looking changes nothing");
    }
}

#[test]
fn a_backup_is_a_whole_ledger_that_only_its_owner_reads() {
    let desk = Desk::with_event();
    insta::assert_snapshot!("backup", desk.ok("backup copy.db --as dayo").snapshot());
    let copy = desk.path().join("copy.db");
    assert_eq!(mode(&copy), 0o600);
    assert_eq!(desk.json("check -L copy.db")["ok"], json!(true));
    assert_eq!(
        desk.json("event allocations E1 -L copy.db"),
        desk.json("event allocations E1")
    );
    assert_eq!(
        desk.json("status")["last_backup"],
        desk.json("audit log --type backup_made")[0]["created_at"]
    );
    assert_eq!(files(&desk), ["copy.db", "prorata.db"]);
    desk.sound();
}

#[test]
fn a_backup_is_never_written_over_a_file() {
    let desk = Desk::new();
    desk.write("copy.db", "mine");
    insta::assert_snapshot!(
        "backup_exists",
        desk.run("backup copy.db --as ada").snapshot()
    );
    desk.refused("backup copy.db --as ada", 1, "ledger.exists");
    desk.refused("backup copy.db --as ada --force", 2, "usage.invalid");
    desk.refused("backup prorata.db --as ada", 1, "ledger.exists");
    assert_eq!(
        std::fs::read_to_string(desk.path().join("copy.db")).unwrap(),
        "mine"
    );
    desk.refused("backup no/where.db --as ada", 4, "ledger.unusable");
    assert_eq!(files(&desk), ["copy.db", "prorata.db"]);
    assert!(desk.json("status")["last_backup"].is_null());
}

#[test]
fn init_and_backup_with_a_key_happen_once() {
    let desk = Desk::empty();
    let first = desk.ok("init --user ada --key k1");
    let again = desk.ok("init --user ada --key k1");
    assert!(
        again.stdout == first.stdout && again.stderr.contains("nothing was written"),
        "{again:?}"
    );
    desk.refused(
        "init --user ada --four-eyes off --key k1",
        1,
        "key.conflict",
    );
    desk.refused("init --user ada --key k2", 1, "ledger.exists");
    desk.ok("backup copy.db --as ada --key k2");
    let copy = std::fs::read(desk.path().join("copy.db")).unwrap();
    let again = desk.ok("backup copy.db --as ada --key k2");
    assert!(
        again.stderr.contains("nothing was written"),
        "{}",
        again.stderr
    );
    desk.refused("backup other.db --as ada --key k2", 1, "key.conflict");
    assert_eq!(std::fs::read(desk.path().join("copy.db")).unwrap(), copy);
    assert_eq!(
        desk.json("audit log --type backup_made")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    desk.sound();
}

#[test]
fn a_dry_run_of_backup_writes_no_file() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    let ran = desk.ok("backup copy.db --as ada --dry-run");
    assert!(
        ran.stderr.contains("dry run: nothing was written"),
        "{}",
        ran.stderr
    );
    assert_eq!(files(&desk), ["prorata.db"]);
    assert!(before == std::fs::read(desk.ledger()).unwrap());
    desk.write("copy.db", "mine");
    desk.refused("backup copy.db --as ada --dry-run", 1, "ledger.exists");
}

#[test]
fn who_may_not_act_makes_no_backup() {
    let desk = Desk::new();
    desk.ok("user set dayo --status inactive --as ada");
    for (line, exit, code) in [
        ("backup copy.db --as zoe", 1, "user.unknown"),
        ("backup copy.db --as zoe --dry-run", 1, "user.unknown"),
        ("backup copy.db --as dayo", 1, "user.inactive"),
        ("backup copy.db", 2, "usage.no_actor"),
    ] {
        desk.refused(line, exit, code);
        assert_eq!(files(&desk), ["prorata.db"], "`{line}` copied nothing");
    }
}

#[test]
fn a_ledger_that_does_not_verify_is_not_backed_up() {
    let desk = Desk::with_event();
    desk.tamper("UPDATE lp_token_holders SET name = 'Mallory' WHERE code = 'h2'");
    let message = desk.refused("backup copy.db --as ada", 4, "ledger.damaged");
    assert!(
        message.contains("the audit trail of the copy does not verify"),
        "{message}"
    );
    assert_eq!(files(&desk), ["prorata.db"]);
}

#[test]
fn completions_are_a_script_for_every_shell() {
    let desk = Desk::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = desk.ok(&format!("completions {shell}"));
        for word in ["prorata", "PRORATA_COMPLETE"] {
            assert!(ran.stdout.contains(word), "{shell} asks {word}");
        }
        assert_eq!(ran.stderr, "");
    }
    desk.ok("completions bash -o prorata.bash");
    assert!(
        std::fs::read_to_string(desk.path().join("prorata.bash"))
            .unwrap()
            .contains("_clap_complete_prorata")
    );
    desk.refused("completions bash -o prorata.bash", 1, "output.exists");
    wrong_usage(
        &desk,
        "completions tcsh",
        "bash, elvish, fish, powershell, zsh",
    );
    wrong_usage(&desk, "completions", "<SHELL>");
    wrong_usage(
        &desk,
        "completions bash --dry-run",
        "unexpected argument '--dry-run'",
    );
}

#[test]
fn man_writes_a_page_for_every_command() {
    let desk = Desk::empty();
    let ran = desk.ok("man pages/deep");
    assert!(
        ran.stderr.contains("wrote the manual pages to pages/deep"),
        "{}",
        ran.stderr
    );
    let page =
        |name: &str| std::fs::read_to_string(desk.path().join("pages/deep").join(name)).unwrap();
    assert!(page("prorata.1").contains("distribution events"));
    assert!(page("prorata-withdrawal-approve.1").contains("Approve pending withdrawals"));
    assert_eq!(
        desk.ok("man pages/deep").code,
        0,
        "again writes the same pages"
    );
    desk.write("file", "");
    let ran = desk.run("man file");
    assert!(
        ran.code == 4 && ran.stderr.contains("cannot create the folder `file`"),
        "{}",
        ran.stderr
    );
    wrong_usage(&desk, "man", "<DIR>");
    wrong_usage(
        &desk,
        "man pages2 --dry-run",
        "unexpected argument '--dry-run'",
    );
    assert!(!desk.path().join("pages2").exists());
}
