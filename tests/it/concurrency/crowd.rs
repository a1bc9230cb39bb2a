//! Many processes on one ledger: long writers, readers whose output nobody reads, and others that
//! wait.

use std::{
    io::Read as _,
    process::{Child, Command},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use prorata::{
    ops,
    store::{Access, AsOf, Error, Ledger},
};

use super::start;
use crate::{
    figures::{figure, sized},
    support::{Desk, Ran},
};

/// How much later than its `--wait` a command may end: it must also start, work and print while
/// others run.
const SLACK: Duration = Duration::from_secs(8);

/// Requests that wait for their approval while others work.
const REQUESTS: usize = 400;

/// What one command of the crowd did, and how long it took.
struct Turn {
    line: String,
    code: i32,
    wait: u64,
    took: Duration,
}

impl Turn {
    fn of(desk: &Desk, line: &str, wait: u64) -> Self {
        let since = Instant::now();
        let ran = desk.run(&format!("{line} --wait {wait} -f json"));
        let took = since.elapsed();
        assert!(
            matches!(ran.code, 0 | 5),
            "`{line}`: exit {}: {}",
            ran.code,
            ran.stderr
        );
        assert_eq!(
            ran.code == 5,
            ran.stderr.contains("\"ledger.busy\""),
            "`{line}`: {}",
            ran.stderr
        );
        assert!(
            ran.code == 0 || ran.stdout.is_empty(),
            "`{line}` prints no result if the ledger is busy"
        );
        assert!(
            took < Duration::from_secs(wait) + SLACK,
            "`{line}` may wait {wait} s, and took {took:?}"
        );
        Self {
            line: line.to_owned(),
            code: ran.code,
            wait,
            took,
        }
    }
}

/// A ledger with the active event E1, many requests of it, and a file with the holders of a fund.
fn crowd(holders: usize) -> Desk {
    let desk = Desk::with_event();
    let rows =
        (0..holders).map(|n| format!("H{n:05},Holder {n},GTBank,{}\n", 7_100_000_000_usize + n));
    desk.write(
        "holders.csv",
        &format!(
            "code,name,bank_name,account_number\n{}",
            rows.collect::<String>()
        ),
    );
    let rows = (0..holders).map(|n| format!("H{n:05},{}\n", n + 1));
    desk.write(
        "register.csv",
        &format!("holder,tokens\n{}", rows.collect::<String>()),
    );
    let rows = (0..REQUESTS).map(|n| format!("h{},0.05\n", n % 3 + 1));
    desk.write(
        "requests.csv",
        &format!("holder,amount\n{}", rows.collect::<String>()),
    );
    desk.ok("withdrawal request --event E1 --from requests.csv --as bola");
    desk
}

/// Starts a command whose result is larger than a pipe, and waits until it prints. Then it is
/// blocked, since nobody reads on.
fn blocked(desk: &Desk, line: &str) -> Child {
    let mut child = start(desk, line);
    let mut first = [0];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    child
}

fn signal(child: &Child, name: &str) {
    assert!(
        Command::new("kill")
            .args([name, &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
}

/// Reads the rest of the output of a blocked command.
fn released(child: Child) -> Ran {
    Ran::of(child.wait_with_output().unwrap())
}

/// Runs a long writer, and approvers and readers until it ends. Returns what they did.
fn with_writer(desk: &Desk, long: &str, next: &AtomicUsize) -> Vec<Turn> {
    let mut writer = start(desk, &format!("{long} -o bulk.csv --force --wait 600"));
    let approve = |wait: u64| {
        let n = next.fetch_add(1, Ordering::Relaxed) + 1;
        let approval = format!("withdrawal approve W-{n:06} --as chi");
        let line = if n <= REQUESTS {
            approval
        } else {
            format!("holder set h1 --email {n}@example.com --as bola")
        };
        Turn::of(desk, &line, wait)
    };
    let mut turns = Vec::new();
    while writer.try_wait().unwrap().is_none() {
        thread::scope(|scope| {
            let approvers = [0, 1, 2].map(|wait| scope.spawn(move || approve(wait)));
            let readers = [("withdrawal show W-000400", 1), ("event show E1", 60)];
            let readers =
                readers.map(|(line, wait)| scope.spawn(move || Turn::of(desk, line, wait)));
            turns.extend(approvers.into_iter().map(|turn| turn.join().unwrap()));
            for turn in readers {
                let turn = turn.join().unwrap();
                // A reader waits for no transaction, only while its pages are written to the disk
                // at its end.
                assert!(turn.code == 0 || turn.wait < 60, "`{}` was busy", turn.line);
                turns.push(turn);
            }
        });
    }
    let ran = released(writer);
    assert_eq!(ran.code, 0, "`{long}`: {}", ran.stderr);
    turns
}

#[test]
fn during_a_bulk_command_nobody_waits_longer_than_wait_says_and_no_reader_holds_the_lock() {
    let holders = sized(50_000, 200_000);
    let desk = crowd(holders);
    let mut readers: Vec<Child> = ["json", "csv", "table"]
        .map(|f| blocked(&desk, &format!("withdrawal list -f {f}")))
        .into();
    readers.push(blocked(&desk, "audit log -f json"));
    signal(&readers[0], "-STOP");
    let next = AtomicUsize::new(0);
    let mut turns = with_writer(&desk, "holder import holders.csv --as bola", &next);
    desk.ok("token import register.csv --project LAGOS --date 2026-04-01 --add --as bola");
    // The smallest of many shares is more than nothing.
    desk.event_on("E2", "LAGOS", "9000000000", "2026-04-30");
    turns.extend(with_writer(
        &desk,
        "withdrawal request --event E2 --all-holders --as bola",
        &next,
    ));
    signal(&readers[0], "-CONT");
    let (printed, count) = (readers.len(), turns.len());
    for reader in readers {
        let ran = released(reader);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(
            !ran.stdout.contains("H00000"),
            "it shows the ledger as it was when it was read"
        );
    }
    let approved = turns
        .iter()
        .filter(|turn| turn.code == 0 && turn.line.starts_with("withdrawal approve"))
        .count();
    let conn = rusqlite::Connection::open(desk.ledger()).unwrap();
    let of = |sql: &str| {
        conn.query_row(sql, [], |row| row.get::<_, usize>(0))
            .unwrap()
    };
    assert_eq!(
        of("SELECT count(*) FROM withdrawal_requests WHERE status = 'approved'"),
        approved
    );
    assert_eq!(of("SELECT count(*) FROM lp_token_holders"), holders + 3);
    assert_eq!(
        of("SELECT count(*) FROM withdrawal_requests"),
        holders + 3 + REQUESTS
    );
    drop(conn);
    desk.sound();
    let over = turns
        .iter()
        .map(|turn| turn.took.saturating_sub(Duration::from_secs(turn.wait)))
        .max()
        .unwrap();
    let longest = turns.iter().map(|turn| turn.took).max().unwrap();
    figure(
        "crowd",
        &format!(
            "{holders} holders imported and as many requests made, with {printed} readers whose output nobody reads, {count} commands of \
             approvers and readers ({} busy); the longest took {} ms, at most {} ms more than its --wait",
            turns.iter().filter(|turn| turn.code == 5).count(),
            longest.as_millis(),
            over.as_millis()
        ),
    );
}

#[test]
fn a_reader_that_is_stopped_while_it_prints_blocks_nobody() {
    let desk = crowd(0);
    let reader = blocked(&desk, "withdrawal list -f json");
    signal(&reader, "-STOP");
    for line in [
        "withdrawal approve W-000001 --as chi",
        "withdrawal pay W-000001 --reference R1 --date 2026-06-30 --yes --as bola",
        "backup copy.db --as ada",
    ] {
        assert_eq!(Turn::of(&desk, line, 0).code, 0, "`{line}`");
    }
    signal(&reader, "-CONT");
    let shown: serde_json::Value =
        serde_json::from_str(&format!("[{}", released(reader).stdout)).unwrap();
    assert_eq!(
        (shown.as_array().unwrap().len(), &shown[0]["status"]),
        (REQUESTS, &serde_json::json!("pending"))
    );
    desk.sound();
}

#[test]
fn sixteen_commands_that_wait_in_vain_end_in_time_and_leave_no_byte() {
    let desk = crowd(0);
    let before = std::fs::read(desk.ledger()).unwrap();
    let holder = rusqlite::Connection::open(desk.ledger()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let turns: Vec<Turn> = thread::scope(|scope| {
        let turn = |n: u64| {
            let line = match n % 4 {
                0 => format!("withdrawal approve W-{n:06} --as chi"),
                1 => format!("withdrawal cancel W-{n:06} --as bola"),
                2 => "withdrawal request --event E1 --holder h1 --amount 1 --as bola --key k1"
                    .to_owned(),
                _ => "holder set h1 --email a@example.com --as bola".to_owned(),
            };
            let desk = &desk;
            scope.spawn(move || Turn::of(desk, &line, n % 3))
        };
        let waiting: Vec<_> = (1..=16).map(turn).collect();
        waiting
            .into_iter()
            .map(|turn| turn.join().unwrap())
            .collect()
    });
    holder.execute_batch("ROLLBACK").unwrap();
    for turn in turns {
        assert_eq!(turn.code, 5);
        assert!(
            turn.took >= Duration::from_secs(turn.wait),
            "it gave up before its time: {:?}",
            turn.took
        );
    }
    assert!(
        before == std::fs::read(desk.ledger()).unwrap(),
        "nothing was written"
    );
    desk.sound();
}

#[test]
fn the_steps_of_one_command_share_its_waiting_time() {
    let desk = Desk::new();
    let holder = rusqlite::Connection::open(desk.ledger()).unwrap();
    let mut ledger = Ledger::open(&desk.ledger(), Access::Read, Duration::from_secs(4)).unwrap();
    ops::audit::head(&mut ledger, AsOf::Now).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let mut timed = || {
        let since = Instant::now();
        let read = ops::audit::head(&mut ledger, AsOf::Now);
        assert!(
            matches!(read, Err(ops::Error::Store(Error::Busy))),
            "{read:?}"
        );
        since.elapsed()
    };
    let first = timed();
    assert!(first > Duration::from_secs(3), "it waits: {first:?}");
    let second = timed();
    assert!(
        second < Duration::from_secs(3),
        "the time that was waited once is not waited again: {second:?}"
    );
    holder.execute_batch("ROLLBACK").unwrap();
    ops::audit::head(&mut ledger, AsOf::Now).unwrap();
}
