//! The exit codes, the lock, and `--key`, `--dry-run`, `--as-of` on other commands.

use rusqlite::{Connection, TransactionBehavior};

use super::habits::wrong_usage;
use crate::support::Desk;

#[test]
fn zero_is_done_also_nothing_to_do_a_replay_help_and_version() {
    let desk = Desk::new();
    assert_eq!(
        desk.run("user set bola --name Bola --as ada --key k1").code,
        0
    );
    assert_eq!(
        desk.run("user set bola --name Bola --as ada --key k1").code,
        0,
        "a replay"
    );
    assert_eq!(
        desk.run("user set bola --name Bola --as ada").code,
        0,
        "nothing to do"
    );
    assert_eq!(desk.run("user list").code, 0);
    let version = desk.ok("--version");
    assert_eq!(
        version.stdout,
        format!("prorata {}\n", env!("CARGO_PKG_VERSION"))
    );
    for line in ["--help", "-h", "holder --help", "holder add --help"] {
        let help = desk.ok(line);
        assert!(
            help.stdout.contains("Usage: prorata") && help.stderr.is_empty(),
            "`{line}`"
        );
        assert!(
            !help.stdout.contains('\u{1b}'),
            "`{line}` goes into a pipe without escapes"
        );
    }
}

#[test]
fn one_is_refused_two_is_wrong_usage_three_is_differences_four_is_unusable() {
    let desk = Desk::new();
    assert_eq!(desk.run("user add bola --role auditor --as ada").code, 1);
    assert_eq!(desk.run("user add").code, 2);
    assert_eq!(desk.run("").code, 2, "no noun");
    assert_eq!(desk.run("user").code, 2, "no verb");
    assert_eq!(desk.run("user list -L nowhere.db").code, 4);
    desk.tamper("UPDATE users SET name = 'Mallory' WHERE code = 'bola'");
    assert_eq!(desk.run("check").code, 3);
    assert_eq!(desk.run("audit verify").code, 3);
}

#[test]
fn five_is_busy_and_nothing_was_written() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    let mut other = Connection::open(desk.ledger()).unwrap();
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .unwrap();
    insta::assert_snapshot!(
        "busy",
        desk.run("user add eve --role auditor --as ada --wait 0")
            .snapshot()
    );
    for wait in ["0", "1"] {
        let message = desk.refused(
            &format!("user add eve --role auditor --as ada --wait {wait}"),
            5,
            "ledger.busy",
        );
        assert!(message.ends_with("nothing was written"), "{message}");
    }
    assert_eq!(
        desk.json("user list --wait 0").as_array().unwrap().len(),
        4,
        "who reads does not wait for who writes"
    );
    lock.rollback().unwrap();
    assert!(before == std::fs::read(desk.ledger()).unwrap());
    desk.ok("user add eve --role auditor --as ada --wait 0");
}

#[test]
fn a_lock_that_is_freed_in_time_is_waited_for() {
    let desk = Desk::new();
    let mut other = Connection::open(desk.ledger()).unwrap();
    let lock = other
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .unwrap();
    let waiting = desk
        .command("user add eve --role auditor --as ada --wait 60".split(' '))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    lock.rollback().unwrap();
    assert_eq!(waiting.wait_with_output().unwrap().status.code(), Some(0));
    assert_eq!(desk.json("user show eve")["role"], "auditor");
    wrong_usage(&desk, "user list --wait soon", "write whole seconds");
    wrong_usage(&desk, "user list --wait 99999", "write whole seconds");
}

#[test]
fn global_flags_work_before_or_after_the_noun() {
    let desk = Desk::new();
    let listed = desk.ok("user list -f csv").stdout;
    for line in [
        "-f csv user list",
        "user -f csv list",
        "--format csv user list",
        "user list --format=csv",
        "-fcsv user list",
    ] {
        assert_eq!(desk.ok(line).stdout, listed, "`{line}`");
    }
    desk.ok("--as ada --key k1 user add eve --role auditor");
    desk.ok("user --as ada add fay --role auditor");
    assert_eq!(
        desk.json("user list -L ./prorata.db")
            .as_array()
            .unwrap()
            .len(),
        6
    );
}

#[test]
fn commands_are_written_out_and_have_no_aliases() {
    let desk = Desk::new();
    for line in ["users list", "use list", "user lis", "user ls", "user help"] {
        wrong_usage(&desk, line, "unrecognized subcommand");
    }
    insta::assert_snapshot!("unknown_verb", desk.run("user lisst").snapshot());
}

#[test]
fn the_ledger_is_the_flag_then_the_environment_then_this_folder() {
    let desk = Desk::new();
    desk.ok("init --user kim --ledger kim.db");
    let first = |line: &str, variable: Option<&str>| {
        let mut command = desk.command(line.split(' '));
        if let Some(file) = variable {
            command.env("PRORATA_LEDGER", file);
        }
        let ran = crate::support::Ran::of(command.output().unwrap());
        (
            ran.code,
            ran.stdout
                .lines()
                .nth(1)
                .unwrap_or_default()
                .split(',')
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    assert_eq!(first("user list -f csv", None), (0, "ada".to_owned()));
    assert_eq!(
        first("user list -f csv", Some("kim.db")),
        (0, "kim".to_owned())
    );
    assert_eq!(
        first("user list -f csv -L prorata.db", Some("kim.db")),
        (0, "ada".to_owned())
    );
    std::fs::create_dir(desk.path().join("below")).unwrap();
    let mut command = desk.command(["user", "list"]);
    let ran = crate::support::Ran::of(
        command
            .current_dir(desk.path().join("below"))
            .output()
            .unwrap(),
    );
    assert_eq!(
        ran.code, 4,
        "no ledger is searched for upwards: {}",
        ran.stdout
    );
}

#[test]
fn commands_that_read_take_no_key_and_no_dry_run() {
    let desk = Desk::with_event();
    for line in [
        "user list",
        "holder show h1",
        "token register LAGOS",
        "event list",
        "audit log",
        "status",
        "check",
    ] {
        wrong_usage(
            &desk,
            &format!("{line} --key k"),
            "unexpected argument '--key'",
        );
        wrong_usage(
            &desk,
            &format!("{line} --dry-run"),
            "unexpected argument '--dry-run'",
        );
    }
    for line in [
        "holder block h1 --reason R --as bola",
        "event cancel E1 --reason R --as ada",
    ] {
        wrong_usage(
            &desk,
            &format!("{line} --as-of 2026-06-01"),
            "unexpected argument '--as-of'",
        );
    }
    for key in ["", "k k", "k\u{7}"] {
        assert_eq!(
            desk.words(&[
                "holder", "block", "h1", "--reason", "R", "--as", "bola", "--key", key
            ])
            .code,
            2,
            "{key:?}"
        );
    }
}

#[test]
fn as_of_is_a_day_that_is_over_or_today() {
    let desk = Desk::with_event();
    for line in [
        "user list",
        "project list",
        "holder list",
        "token register LAGOS",
        "event list",
        "nav list LAGOS",
        "audit log",
    ] {
        assert_eq!(
            desk.json(&format!("{line} --as-of 2020-01-01")),
            serde_json::json!([]),
            "`{line}` before all"
        );
        let today = desk.ok(&format!("{line} --as-of 2026-06-30 -f csv")).stdout;
        assert_eq!(
            today,
            desk.ok(&format!("{line} -f csv")).stdout,
            "`{line}` today"
        );
        let message = desk.refused(
            &format!("{line} --as-of 2026-07-01"),
            2,
            "usage.as_of_in_future",
        );
        assert!(message.contains("2026-07-01"), "{message}");
        wrong_usage(&desk, &format!("{line} --as-of soon"), "write YYYY-MM-DD");
    }
    let footer = desk.ok("holder list --as-of 2026-06-29").stderr;
    assert!(
        footer.starts_with("0 holders · as of 2026-06-29 · four eyes on · audit head 0 "),
        "{footer}"
    );
}
