//! What the program makes is its owner's alone, whatever the umask says.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::{Desk, Ran};

/// Runs a command line with a umask that keeps nothing back.
#[track_caller]
fn open_handed(desk: &Desk, line: &str) {
    let program = desk.command(line.split_whitespace());
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "umask 000; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(program.get_args());
    shell.current_dir(desk.path()).env_clear();
    shell.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let ran = Ran::of(shell.output().unwrap());
    assert_eq!(ran.code, 0, "`{line}`: {}", ran.stderr);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Asserts that a file, or a folder and all below it, is for its owner only; returns how many files
/// there are.
#[track_caller]
fn own(path: &Path) -> usize {
    if path.is_dir() {
        assert_eq!(mode(path), 0o700, "{}", path.display());
        return fs::read_dir(path)
            .unwrap()
            .map(|entry| own(&entry.unwrap().path()))
            .sum();
    }
    assert_eq!(mode(path), 0o600, "{}", path.display());
    1
}

#[test]
fn a_new_ledger_its_copies_and_all_that_is_written_are_for_the_owner_only() {
    let desk = Desk::empty();
    open_handed(&desk, "init --user ada");
    own(&desk.ledger());
    let desk = Desk::with_bank();
    desk.ok("payment file create W-1 W-2 --account OPS --profile generic --as bola");
    for (line, made) in [
        ("backup copy.db --as ada", "copy.db"),
        ("payment file export F-1 -o bank.csv --as bola", "bank.csv"),
        ("holder list -o holders.csv", "holders.csv"),
        (
            "holder list -o holders.json --show-pii --as dayo",
            "holders.json",
        ),
        ("event show E1 -o event.html", "event.html"),
        ("event show E1 -o event.md", "event.md"),
        ("event allocations E1 -o event.xlsx", "event.xlsx"),
        ("report dashboard -o page.html", "page.html"),
        ("export hledger -o books.journal", "books.journal"),
        ("export beancount -o books.beancount", "books.beancount"),
        ("man pages", "pages"),
    ] {
        open_handed(&desk, line);
        if made != "pages" {
            assert_eq!(own(&desk.path().join(made)), 1, "`{line}`");
        }
    }
    open_handed(&desk, "report month-end 2026-06 -o 2026-06 --as bola");
    assert!(
        own(&desk.path().join("2026-06")) > 5,
        "the month has its reports"
    );
    own(&desk.ledger());
}

#[test]
fn a_file_that_is_written_over_becomes_the_owners_only() {
    let desk = Desk::with_register();
    desk.write("out.csv", "old\n");
    fs::set_permissions(
        desk.path().join("out.csv"),
        fs::Permissions::from_mode(0o666),
    )
    .unwrap();
    open_handed(&desk, "holder list -o out.csv --force");
    own(&desk.path().join("out.csv"));
}

#[test]
fn the_journal_of_an_open_transaction_is_for_the_owner_only() {
    let desk = Desk::new();
    let rows = (0..30_000).map(|n| format!("H{n:05},Holder {n},UBA,{}\n", 7_200_000_000_u64 + n));
    desk.write(
        "holders.csv",
        &format!(
            "code,name,bank_name,account_number\n{}",
            rows.collect::<String>()
        ),
    );
    let shell = "umask 000; exec \"$0\" holder import holders.csv --as bola -o done.csv";
    let program = desk.command([""]);
    let mut command = Command::new("sh");
    command
        .args(["-c", shell])
        .arg(program.get_program())
        .current_dir(desk.path())
        .env_clear()
        .stderr(Stdio::null());
    let mut writer = command
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .spawn()
        .unwrap();
    let journal = desk.path().join("prorata.db-journal");
    let mut modes = Vec::new();
    while writer.try_wait().unwrap().is_none() {
        // It may be gone again between two looks.
        modes.extend(
            fs::metadata(&journal)
                .ok()
                .map(|found| found.permissions().mode() & 0o777),
        );
    }
    assert!(writer.wait().unwrap().success());
    assert!(
        !modes.is_empty() && modes.iter().all(|mode| *mode == 0o600),
        "{:?}",
        modes.iter().max()
    );
    own(&desk.path().join("done.csv"));
    own(&desk.ledger());
    desk.sound();
}

#[test]
fn a_folder_that_everybody_can_write_is_refused_and_one_of_the_group_is_named() {
    let desk = Desk::with_register();
    let mode = |mode: u32| {
        fs::set_permissions(desk.path(), fs::Permissions::from_mode(mode)).unwrap();
    };
    for (bits, usable) in [
        (0o777, false),
        (0o702, false),
        (0o1777, true),
        (0o770, true),
        (0o700, true),
    ] {
        mode(bits);
        let ran = desk.run("holder list");
        assert_eq!(
            ran.code,
            if usable { 0 } else { 4 },
            "{bits:o}: {}",
            ran.stderr
        );
        assert!(
            usable || ran.stderr.contains("everybody can write the folder"),
            "{bits:o}: {}",
            ran.stderr
        );
        if usable {
            let named = desk.json("status")["folder"].is_string();
            assert_eq!(named, bits == 0o770, "{bits:o}");
        }
    }
}

#[test]
fn a_ledger_or_journal_of_another_user_is_refused_to_root_too() {
    if !nix::unistd::Uid::effective().is_root() {
        println!("skipped: only root can give files away");
        return;
    }
    let desk = Desk::with_register();
    std::os::unix::fs::chown(desk.ledger(), Some(65_534), None).unwrap();
    for line in [
        "status",
        "user set dayo --name D --as ada",
        "backup copy.db --as ada",
    ] {
        desk.refused(line, 4, "ledger.unsafe");
        desk.refused_text(
            line,
            4,
            "hint: run it as that user: `sudo -u nobody prorata …`",
        );
    }
    std::os::unix::fs::chown(desk.ledger(), Some(0), None).unwrap();
    let journal = desk.path().join("prorata.db-journal");
    fs::write(&journal, "").unwrap();
    fs::set_permissions(&journal, fs::Permissions::from_mode(0o600)).unwrap();
    desk.ok("status");
    std::os::unix::fs::chown(&journal, Some(65_534), None).unwrap();
    desk.refused("status", 4, "ledger.unsafe");
}
