//! What is said: errors as words and as JSON, `-q` and `-v`, colours.

use serde_json::Value;

use crate::support::{Desk, Ran};

fn error(ran: &Ran) -> Value {
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "one object on one line: {}", ran.stderr);
    let object: Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(ran.stdout, "");
    assert_eq!(object["error"]["exit"], ran.code);
    object["error"].clone()
}

#[test]
fn an_error_is_one_json_object_on_stderr_where_json_is_wanted() {
    let desk = Desk::with_register();
    let found = error(&desk.run("holder show h9 -f json"));
    assert_eq!(
        (&found["code"], &found["exit"]),
        (&"holder.unknown".into(), &1.into())
    );
    assert_eq!(
        (&found["message"], &found["hint"]),
        (
            &"there is no holder `h9`".into(),
            &"did you mean `h1`?".into()
        )
    );
    let found = error(&desk.run("user list -f json -L nowhere.db"));
    assert_eq!(
        (&found["code"], &found["exit"]),
        (&"ledger.missing".into(), &4.into())
    );
}

#[test]
fn a_wrong_usage_is_a_json_object_too() {
    let desk = Desk::with_register();
    for line in [
        "--bogus -f json",
        "-f json holder",
        "holder add -f json",
        "holder shw --format json",
        "holder list --format=json --wait soon",
        "-fjson holder block h1",
        "nav set LAGOS 1e3 --date 2026-01-01 -f json",
    ] {
        let found = error(&desk.run(line));
        assert_eq!(
            (&found["code"], &found["exit"]),
            (&"usage.invalid".into(), &2.into()),
            "`{line}`"
        );
        assert!(
            !found["message"].as_str().unwrap().contains('\n'),
            "`{line}`"
        );
    }
    let found = error(&desk.run("holder block h1 -f json --as bola"));
    assert!(
        found["message"]
            .as_str()
            .unwrap()
            .contains("--reason <TEXT>"),
        "{found}"
    );
    let found = error(&desk.run("holder list --key k -f json"));
    assert_eq!(found["code"], "usage.invalid");
}

#[test]
fn an_error_says_what_happened_whether_anything_was_written_and_what_to_do() {
    let desk = Desk::with_register();
    let ran = desk.run("token redeem h1 2 --project LAGOS --date 2026-02-01 --as bola");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(
        lines[0],
        "error: `h1` would lack 1 tokens on 2026-02-01; nothing was written"
    );
    assert!(
        lines[1].starts_with("hint: see `prorata token history"),
        "{}",
        ran.stderr
    );
    assert!(!lines[0].ends_with('.'));
}

#[test]
fn quiet_says_only_errors_and_verbose_explains() {
    let desk = Desk::with_register();
    assert_eq!(desk.ok("holder list -q").stderr, "");
    assert_eq!(
        desk.ok("holder set h1 --name N --as bola --quiet").stderr,
        ""
    );
    let refused = desk.run("holder show h9 -q");
    assert!(
        refused.code == 1 && refused.stderr.starts_with("error: "),
        "{}",
        refused.stderr
    );
    desk.write("holders.csv", "code,name\nx,X\n");
    let verbose = desk.ok("holder import holders.csv -v --as bola --dry-run");
    for step in [
        "opening prorata.db",
        "reading holders.csv",
        "acting as bola",
    ] {
        assert!(verbose.stderr.contains(step), "{}", verbose.stderr);
    }
    let plain = desk.ok("holder import holders.csv --as bola --dry-run");
    assert!(!plain.stderr.contains("reading"), "{}", plain.stderr);
    assert_eq!(desk.run("holder list -q -v").code, 2);
}

#[test]
fn colours_are_for_terminals_unless_they_are_asked_for() {
    let desk = Desk::with_register();
    assert!(!desk.ok("holder list").stdout.contains('\u{1b}'));
    assert!(
        !desk
            .ok("holder list --color never")
            .stdout
            .contains('\u{1b}')
    );
    assert!(
        desk.ok("holder list --color always")
            .stdout
            .contains("\u{1b}[")
    );
    for format in ["csv", "json"] {
        assert!(
            !desk
                .ok(&format!("holder list --color always -f {format}"))
                .stdout
                .contains('\u{1b}'),
            "{format}"
        );
    }
    assert_eq!(desk.run("holder list --color sometimes").code, 2);
}

#[test]
fn control_characters_are_refused_and_never_reach_a_terminal() {
    let desk = Desk::with_register();
    let hostile = "a\u{1b}[2J\u{7}\u{9b}b\u{202e}";
    for words in [
        vec!["holder", "add", "x", "--name", hostile, "--as", "bola"],
        vec!["holder", "set", "h1", "--country", hostile, "--as", "bola"],
        vec!["holder", "block", "h1", "--reason", hostile, "--as", "bola"],
        vec!["project", "add", "P", "--name", hostile, "--as", "bola"],
        vec![
            "user", "add", "u", "--role", "auditor", "--name", hostile, "--as", "ada",
        ],
        vec!["user", "add", hostile, "--role", "auditor", "--as", "ada"],
        vec!["holder", "show", hostile],
        vec!["project", "add", "P", "--name", "P", "--as", hostile],
        vec!["user", "list", "-L", hostile],
        vec!["user", "list", hostile],
        vec!["user", "list", "-o", hostile],
    ] {
        let ran = desk.words(&words);
        assert_ne!(ran.code, 0, "{words:?}");
        let clean = |text: &str| {
            !text
                .chars()
                .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}')
        };
        assert!(
            clean(&ran.stderr) && clean(&ran.stdout),
            "{words:?}: {:?}",
            ran.stderr
        );
        let mut json = words.clone();
        json.extend(["-f", "json"]);
        let ran = desk.words(&json);
        assert!(clean(&ran.stderr), "{words:?}: {:?}", ran.stderr);
    }
    assert_eq!(desk.json("holder list").as_array().unwrap().len(), 3);
}

#[test]
fn a_hostile_name_that_another_program_wrote_is_shown_harmless() {
    let desk = Desk::with_register();
    desk.tamper("UPDATE lp_token_holders SET name = 'a' || char(27) || '[2Jb' WHERE code = 'h1'");
    let table = desk.ok("holder list").stdout;
    assert!(
        table.contains("a\u{fffd}[2Jb") && !table.contains('\u{1b}'),
        "{table:?}"
    );
    assert!(!desk.ok("holder list -f json").stdout.contains('\u{1b}'));
    assert!(!desk.ok("holder show h1").stdout.contains('\u{1b}'));
}
