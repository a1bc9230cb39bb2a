//! Settings of people and of ledgers.

use std::{os::unix::fs::PermissionsExt, process::Command};

use crate::support::{Desk, Ran};

/// Runs a command line with the settings of a person.
fn with(desk: &Desk, line: &str, change: impl FnOnce(&mut Command)) -> Ran {
    let mut command = desk.command(line.split_whitespace());
    command.env("XDG_CONFIG_HOME", desk.path().join("settings"));
    change(&mut command);
    Ran::of(command.output().unwrap())
}

fn settings(desk: &Desk, text: &str) {
    std::fs::create_dir_all(desk.path().join("settings/prorata")).unwrap();
    desk.write("settings/prorata/config.toml", text);
}

fn run(desk: &Desk, line: &str) -> Ran {
    with(desk, line, |_| {})
}

/// The value and the source of a setting.
fn shown(ran: &Ran, name: &str) -> (String, String) {
    let rows: Vec<serde_json::Value> = serde_json::from_str(&ran.stdout).unwrap();
    let row = rows.iter().find(|row| row["setting"] == name).unwrap();
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    (text("value"), text("source"))
}

#[test]
fn flags_beat_the_environment_and_the_environment_beats_files() {
    let desk = Desk::with_event();
    settings(&desk, "as = \"bola\"\nformat = \"csv\"\nwait = 3\n");
    let show = "config show --format json";
    let own = desk
        .path()
        .join("settings/prorata/config.toml")
        .display()
        .to_string();
    let ran = run(&desk, show);
    assert_eq!(shown(&ran, "as"), ("bola".to_owned(), own.clone()));
    assert_eq!(shown(&ran, "format"), ("csv".to_owned(), own.clone()));
    assert_eq!(shown(&ran, "wait"), ("3".to_owned(), own));
    assert_eq!(
        shown(&ran, "color"),
        ("auto".to_owned(), "default".to_owned())
    );
    let ran = with(&desk, show, |command| {
        command.env("PRORATA_AS", "chi");
    });
    assert_eq!(
        shown(&ran, "as"),
        ("chi".to_owned(), "environment PRORATA_AS".to_owned())
    );
    let ran = with(&desk, &format!("{show} --as ada --wait 5"), |command| {
        command.env("PRORATA_AS", "chi");
    });
    assert_eq!(shown(&ran, "as"), ("ada".to_owned(), "flag".to_owned()));
    assert_eq!(shown(&ran, "wait"), ("5".to_owned(), "flag".to_owned()));
    // A result in the format of the settings; a file's name says its own.
    assert!(run(&desk, "event list").stdout.starts_with("id,"));
    assert!(
        run(&desk, "event list --format table")
            .stdout
            .starts_with("event ")
    );
    assert_eq!(run(&desk, "event list --output e.json").code, 0);
    assert!(
        std::fs::read_to_string(desk.path().join("e.json"))
            .unwrap()
            .starts_with('[')
    );
}

#[test]
fn an_entry_says_that_the_user_was_named_by_settings() {
    let desk = Desk::with_register();
    settings(&desk, "as = \"bola\"\n");
    assert_eq!(run(&desk, "nav set LAGOS 500 --date 2026-03-31").code, 0);
    let entries = desk.json("audit log --type nav_set --fields claimed_by,performed_by");
    assert_eq!(entries[0]["claimed_by"], "config");
    assert_eq!(entries[0]["performed_by"], "bola");
    desk.sound();
}

#[test]
fn an_alias_stands_for_its_words() {
    let desk = Desk::with_event();
    settings(
        &desk,
        "[alias]\nq = \"event list --status active --fields code\"\n",
    );
    let ran = run(&desk, "-q q --format csv");
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "code\nE1\n"),
        "{}",
        ran.stderr
    );
    for (alias, answer) in [
        (
            "event = \"status\"",
            "line 2: alias `event` has the name of a command",
        ),
        (
            "ok = \"withdrawal approve --yes\"",
            "has `--yes`, which is only for the command line",
        ),
        ("ok = \"withdrawal approve -ny\"", "has `-ny`"),
        ("ok = \"holder list --show-pii\"", "has `--show-pii`"),
        ("ok = \"withdrawal pay --key=k\"", "has `--key=k`"),
        ("ok = \"status 'x\"", "a quote without its end"),
    ] {
        settings(&desk, &format!("[alias]\n{alias}\n"));
        let ran = run(&desk, "status");
        assert_eq!(ran.code, 2, "{alias}");
        assert!(ran.stderr.contains(answer), "{alias}: {}", ran.stderr);
    }
}

#[test]
fn an_unknown_setting_is_refused_with_its_place() {
    let desk = Desk::with_register();
    for (text, line, word) in [
        ("wait = 3\nyes = true\n", "line 2", "yes"),
        ("key = \"k\"\n", "line 1", "key"),
        ("show_pii = true\n", "line 1", "show_pii"),
        ("format = \"xml\"\n", "line 1", "xml"),
    ] {
        settings(&desk, text);
        let ran = run(&desk, "user list");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{text}");
        assert!(
            ran.stderr.contains("settings/prorata/config.toml`, ") && ran.stderr.contains(line),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains(word), "{}", ran.stderr);
    }
    let ran = run(&desk, "user list --format json");
    assert!(
        ran.stderr.contains("\"code\":\"usage.settings\""),
        "{}",
        ran.stderr
    );
    // Help does not need them.
    assert_eq!(run(&desk, "--version").code, 0);
}

#[test]
fn settings_next_to_a_ledger_say_only_how_things_look() {
    let desk = Desk::with_event();
    for key in [
        "as = \"ada\"",
        "ledger = \"x.db\"",
        "yes = true",
        "alias = {}",
    ] {
        desk.write(".prorata.toml", key);
        let ran = desk.run("event list");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{key}");
        assert!(
            ran.stderr.contains(".prorata.toml`, line 1"),
            "{key}: {}",
            ran.stderr
        );
    }
    desk.write(".prorata.toml", "format = \"csv\"\npager = \"more\"\n");
    assert!(desk.run("event list").stdout.starts_with("id,"));
    let ran = desk.ok("config show --format json");
    assert_eq!(shown(&ran, "pager").0, "more");
    // A command of a file that others can write is not run.
    let path = desk.path().join(".prorata.toml");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o666)).unwrap();
    let ran = desk.ok("config show --format json");
    assert_eq!(shown(&ran, "pager").0, "less -FRX");
    // The desk of others reads no settings.
    let ran = with(&desk, "event list", |command| {
        command.env("PRORATA_NO_CONFIG", "1");
    });
    assert!(ran.stdout.starts_with("event "), "{}", ran.stdout);
}
