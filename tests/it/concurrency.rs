//! Races and sudden ends: many processes on one ledger, and processes that are killed.

mod constraints;
mod crowd;
mod files;
mod pairs;

use std::process::{Child, Stdio};

use crate::support::{Desk, Ran};

/// Starts a command and lets it run.
fn start(desk: &Desk, line: &str) -> Child {
    desk.command(line.split_whitespace())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts all commands at once and waits for all of them.
fn race(desk: &Desk, lines: &[String]) -> Vec<Ran> {
    let running: Vec<Child> = lines.iter().map(|line| start(desk, line)).collect();
    running
        .into_iter()
        .map(|child| Ran::of(child.wait_with_output().unwrap()))
        .collect()
}

/// As [`race`], with a starting gun: nobody gets the lock before all have been started.
fn race_at(desk: &Desk, lines: &[String]) -> Vec<Ran> {
    let gun = rusqlite::Connection::open(desk.ledger()).unwrap();
    gun.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let running: Vec<Child> = lines.iter().map(|line| start(desk, line)).collect();
    gun.execute_batch("ROLLBACK").unwrap();
    running
        .into_iter()
        .map(|child| Ran::of(child.wait_with_output().unwrap()))
        .collect()
}

fn count(ran: &[Ran], code: i32) -> usize {
    ran.iter().filter(|ran| ran.code == code).count()
}

#[test]
fn of_sixteen_processes_that_approve_one_request_one_wins() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    let lines: Vec<String> = (0..16)
        .map(|_| "withdrawal approve W-000001 --as chi".to_owned())
        .collect();
    let ran = race(&desk, &lines);
    assert_eq!((count(&ran, 0), count(&ran, 1)), (1, 15), "{ran:?}");
    desk.sound();
}

#[test]
fn of_sixteen_processes_that_pay_one_request_one_wins_and_nothing_is_paid_twice() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve W-000001 --as chi");
    let lines: Vec<String> = (0..16)
        .map(|n| {
            format!("withdrawal pay W-000001 --reference R{n} --date 2026-04-01 --yes --as bola")
        })
        .collect();
    let ran = race(&desk, &lines);
    assert_eq!((count(&ran, 0), count(&ran, 1)), (1, 15), "{ran:?}");
    assert_eq!(desk.json("payment list").as_array().unwrap().len(), 1);
    assert_eq!(desk.json("event show E1")["total_withdrawn"], "33.34");
    desk.sound();
}

#[test]
fn approve_pay_reject_and_cancel_at_once_leave_one_consistent_end() {
    let desk = Desk::with_event();
    for round in 1..=3 {
        desk.ok(&format!(
            "withdrawal request --event E1 --holder h{round} --all --as bola"
        ));
        let w = format!("W-00000{round}");
        let lines: Vec<String> = (0..4)
            .flat_map(|n| {
                [
                    format!("withdrawal approve {w} --as chi"),
                    format!(
                        "withdrawal pay {w} --reference R{round}-{n} --date 2026-04-01 --yes --as bola"
                    ),
                    format!("withdrawal reject {w} --reason no --as chi"),
                    format!("withdrawal cancel {w} --as bola"),
                ]
            })
            .collect();
        let ran = race(&desk, &lines);
        assert_eq!(count(&ran, 0) + count(&ran, 1), 16, "{ran:?}");
        let status = desk.json(&format!("withdrawal show {w}"))["status"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            ["approved", "rejected", "cancelled", "paid"].contains(&status.as_str()),
            "{status}"
        );
        // Approved and then paid or cancelled is at most two winners; no state is won twice.
        assert!((1..=2).contains(&count(&ran, 0)), "{ran:?}");
        desk.sound();
    }
}

#[test]
fn sixteen_processes_with_one_key_do_it_once_and_all_get_the_first_result() {
    let desk = Desk::with_event();
    let lines: Vec<String> = (0..16)
        .map(|_| {
            "withdrawal request --event E1 --holder h1 --amount 10 --key k1 -f json --as bola"
                .to_owned()
        })
        .collect();
    let ran = race(&desk, &lines);
    assert_eq!(count(&ran, 0), 16, "{ran:?}");
    assert!(ran.iter().all(|one| one.stdout == ran[0].stdout));
    assert_eq!(desk.json("withdrawal list").as_array().unwrap().len(), 1);
    desk.sound();
}

#[test]
fn of_two_files_over_the_same_withdrawals_one_gets_them() {
    for _ in 0..8 {
        let desk = Desk::with_bank();
        let lines: Vec<String> = ["generic", "pain.001.001.03"]
            .map(|profile| {
                format!(
                    "payment file create --account OPS --event E1 --profile {profile} --as bola"
                )
            })
            .into();
        let ran = race(&desk, &lines);
        assert_eq!((count(&ran, 0), count(&ran, 1)), (1, 1), "{ran:?}");
        let files = desk.json("payment file list");
        assert_eq!(
            (files.as_array().unwrap().len(), &files[0]["payments"]),
            (1, &serde_json::json!(3))
        );
        desk.sound();
    }
}

#[test]
fn of_two_imports_of_one_file_one_brings_its_lines() {
    for _ in 0..4 {
        let desk = Desk::with_bank();
        desk.statement(
            "june.csv",
            100_000,
            &[
                ("2026-06-24", "S1", -3000, "A"),
                ("2026-06-24", "S2", -3000, "A"),
            ],
        );
        let line = "bank import OPS june.csv --as bola".to_owned();
        let ran = race(&desk, &[line.clone(), line]);
        assert_eq!(count(&ran, 0), 2, "{ran:?}");
        assert_eq!(
            ran.iter()
                .filter(|ran| ran.stderr.contains("already imported as S-000001"))
                .count(),
            1,
            "{ran:?}"
        );
        assert_eq!(desk.json("bank lines OPS").as_array().unwrap().len(), 2);
        desk.sound();
    }
}

#[test]
fn of_two_runs_of_the_reconciliation_one_pays() {
    for _ in 0..4 {
        let desk = Desk::with_bank();
        desk.ok("payment file create --account OPS --event E1 --profile generic --as bola");
        desk.ok("payment file export F-1 -o file.csv --as bola");
        desk.imported("june.csv", &[("2026-06-30", "BULK", -6000, "BULK PAYMENT")]);
        let line = "bank reconcile OPS --as bola".to_owned();
        let ran = race(&desk, &[line.clone(), line]);
        assert_eq!(count(&ran, 0), 2, "{ran:?}");
        assert_eq!(desk.json("payment list").as_array().unwrap().len(), 3);
        desk.sound();
    }
}

/// A ledger with many holders, and the file that brings them.
fn crowd() -> Desk {
    let desk = Desk::new();
    desk.ok("project add P --name P --as bola");
    let rows = (0..8_000).map(|n| format!("H{n:05},Holder {n},GTBank,{n:010}\n"));
    desk.write(
        "holders.csv",
        &format!(
            "code,name,bank_name,account_number\n{}",
            rows.collect::<String>()
        ),
    );
    desk
}

/// Kills a command after some time, checks the ledger, and runs the command again with the same key.
fn killed_and_repeated(
    desk: &Desk,
    line: &str,
    after: std::time::Duration,
    done: impl Fn(&Desk) -> usize,
) {
    let mut child = start(desk, &format!("{line} --key k1"));
    let since = std::time::Instant::now();
    while since.elapsed() < after && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    desk.sound();
    let found = done(desk);
    assert!(found == 0 || found == 8_000, "half done: {found}");
    desk.ok(&format!("{line} --key k1"));
    assert_eq!(done(desk), 8_000);
    let again = desk.ok(&format!("{line} --key k1"));
    assert!(
        again.stderr.contains("nothing was written"),
        "{}",
        again.stderr
    );
    assert_eq!(done(desk), 8_000);
    desk.sound();
}

#[test]
fn a_bulk_command_that_is_killed_is_not_done_and_its_key_does_it_once() {
    for milliseconds in [5, 60, 150] {
        let desk = crowd();
        let after = std::time::Duration::from_millis(milliseconds);
        killed_and_repeated(
            &desk,
            "holder import holders.csv --as bola",
            after,
            |desk| desk.json("holder list").as_array().unwrap().len(),
        );
    }
}

#[test]
fn a_bulk_request_that_is_killed_is_all_or_nothing() {
    let desk = crowd();
    desk.ok("holder import holders.csv --as bola");
    let rows = (0..8_000).map(|n| format!("H{n:05},{}\n", n + 1));
    desk.write(
        "register.csv",
        &format!("holder,tokens\n{}", rows.collect::<String>()),
    );
    desk.ok("token import register.csv --project P --date 2026-01-01 --as bola");
    desk.ok("event create E --project P --type other --title T --amount 9000000 --date 2026-03-31 --as bola");
    desk.ok("event calculate E --as bola");
    desk.ok("event approve E --as chi");
    let after = std::time::Duration::from_millis(200);
    killed_and_repeated(
        &desk,
        "withdrawal request --event E --all-holders --as bola",
        after,
        |desk| desk.json("withdrawal list").as_array().unwrap().len(),
    );
}

#[test]
fn a_reader_in_the_middle_of_a_pipe_holds_no_lock() {
    let desk = crowd();
    desk.ok("holder import holders.csv --as bola");
    // Its result is larger than a pipe, and nobody reads it yet.
    let mut reader = start(&desk, "holder list -f json");
    let ran = desk.run("project set P --name Other --as bola --wait 2");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    reader.kill().unwrap();
    reader.wait().unwrap();
}

#[test]
fn a_command_that_waits_in_vain_says_so_and_writes_nothing() {
    let desk = Desk::with_event();
    let holder = rusqlite::Connection::open(desk.ledger()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let since = std::time::Instant::now();
    desk.refused(
        "withdrawal request --event E1 --holder h1 --all --wait 1 --as bola",
        5,
        "ledger.busy",
    );
    assert!(
        since.elapsed() < std::time::Duration::from_secs(8),
        "it waited longer than `--wait` says"
    );
    holder.execute_batch("ROLLBACK").unwrap();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
}
