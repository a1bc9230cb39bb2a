//! Every file that leaves the program goes through one writer: it follows no link, and takes neither
//! a ledger's name nor one that SQLite uses next to it.

use std::{
    fs,
    os::unix::fs::symlink,
    time::{Duration, SystemTime},
};

use crate::support::Desk;

/// The ledger's companions, written in ways that lead to the same name.
const COMPANIONS: [&str; 5] = [
    "prorata.db-wal",
    "./prorata.db-shm",
    "sub/../prorata.db-journal",
    "link/prorata.db-wal",
    "other.db-wal",
];

/// A ledger, another one next to it, a folder, and a link to the folder of the ledger.
fn desk() -> Desk {
    let desk = Desk::with_event();
    fs::create_dir(desk.path().join("sub")).unwrap();
    symlink(".", desk.path().join("link")).unwrap();
    desk.ok("backup other.db --as ada");
    desk
}

#[test]
fn man_follows_no_link_and_cannot_overwrite_the_ledger() {
    let desk = desk();
    let before = fs::read(desk.ledger()).unwrap();
    desk.write("mine", "mine");
    for (page, to) in [
        ("prorata.1", "../prorata.db"),
        ("prorata-check.1", "../mine"),
    ] {
        symlink(to, desk.path().join("sub").join(page)).unwrap();
    }
    desk.refused_text("man sub", 1, "`sub/prorata.1` is the ledger itself");
    assert!(before == fs::read(desk.ledger()).unwrap());
    assert_eq!(
        fs::read_to_string(desk.path().join("mine")).unwrap(),
        "mine"
    );
    fs::remove_file(desk.path().join("sub/prorata.1")).unwrap();
    symlink("../new", desk.path().join("sub/prorata.1")).unwrap();
    desk.ok("man sub");
    assert!(!desk.path().join("new").exists(), "a link is replaced");
    let page = fs::symlink_metadata(desk.path().join("sub/prorata.1")).unwrap();
    assert!(page.is_file());
}

#[test]
fn no_result_takes_a_name_that_sqlite_uses_next_to_a_ledger() {
    let desk = desk();
    for name in COMPANIONS {
        for line in [
            format!("holder list -f csv --force -o {name}"),
            format!("completions bash --force -o {name}"),
            format!("completions bash -L missing.db -o {name}"),
            format!("export hledger --force -o {name}"),
            format!("report month-end 2026-05 --force -o {name}"),
            format!("holder set h1 --name N --as bola -f json --force -o {name}"),
            format!("backup {name} --as ada"),
            format!("init --user ada -L {name}"),
        ] {
            desk.refused_text(&line, 1, "SQLite uses next to a ledger");
        }
        assert!(
            fs::symlink_metadata(desk.path().join(name)).is_err(),
            "{name} was made"
        );
        desk.ok("status");
    }
    assert_eq!(desk.json("holder show h1")["name"], "Name-h1");
}

#[test]
fn no_result_overwrites_a_ledger_or_a_backup() {
    let desk = desk();
    let before = fs::read(desk.path().join("other.db")).unwrap();
    fs::hard_link(desk.path().join("other.db"), desk.path().join("twin.csv")).unwrap();
    for (line, name) in [
        ("holder list -f csv --force -o", "prorata.db"),
        ("completions bash --force -o", "link/prorata.db"),
        ("completions bash -L missing.db --force -o", "prorata.db"),
        ("holder list -f csv --force -o", "other.db"),
        ("holder list -f csv --force -o", "twin.csv"),
        ("completions bash -L missing.db -o", "missing.db"),
    ] {
        desk.refused_text(&format!("{line} {name}"), 1, "hint: choose another name");
    }
    assert!(before == fs::read(desk.path().join("other.db")).unwrap());
    desk.sound();
}

#[test]
fn what_a_killed_run_left_behind_is_named_by_status_and_removed_by_the_next_run() {
    let desk = desk();
    let old = SystemTime::now() - Duration::from_hours(48);
    let leave = |name: &str| {
        let file = fs::File::create(desk.path().join(name)).unwrap();
        file.set_modified(old).unwrap();
    };
    for (name, line) in [
        (".prorata-a1b2c3", "holder list -o list.csv"),
        (".prorata-a1b2c4.backup", "backup copy.db --as ada"),
        (".prorata-a1b2c5", "report month-end 2026-05 -o may"),
        (".prorata-a1b2c6", "completions bash -o prorata.bash"),
    ] {
        leave(name);
        desk.write(".prorata-at-work", "");
        let status = desk.ok("status");
        assert!(
            status.stderr.contains(&format!(
                "left behind by a run that was killed, and removed by the next one that writes there: {name}\n"
            )),
            "{}",
            status.stderr
        );
        assert_eq!(desk.json("status")["leftovers"], serde_json::json!([name]));
        desk.ok(line);
        assert!(!desk.path().join(name).exists(), "`{line}` left {name}");
        assert!(desk.path().join(".prorata-at-work").exists());
    }
    assert!(!desk.ok("status").stderr.contains("left behind"));
}
