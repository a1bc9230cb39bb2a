//! Races over one payment file: it is exported, cancelled, its items are dropped and filed again, all
//! at once. One outcome wins, and no withdrawal can be paid twice.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{count, race_at};
use crate::{
    figures::sized,
    support::{Desk, Ran},
};

/// Returns how often each race is run: who comes first is chance.
fn rounds() -> usize {
    sized(3, 30)
}

/// A desk with F-1 of the withdrawals W-1, W-2 and W-3.
fn filed() -> Desk {
    let desk = Desk::with_bank();
    desk.ok("payment file create --account OPS --event E1 --profile generic --as bola");
    desk
}

/// Returns sixteen lines: some commands, each several times. `{n}` is another for each process.
fn sixteen(commands: &[&str]) -> Vec<String> {
    (0..16)
        .map(|n| commands[n % commands.len()].replace("{n}", &n.to_string()))
        .collect()
}

/// Returns what became of one of the commands of [`sixteen`].
fn of<'r>(ran: &'r [Ran], commands: &[&str], which: usize) -> Vec<&'r Ran> {
    let own = |(at, ran)| (at % commands.len() == which).then_some(ran);
    ran.iter().enumerate().filter_map(own).collect()
}

fn done(ran: &[&Ran]) -> usize {
    ran.iter().filter(|ran| ran.code == 0).count()
}

/// Reads what the exports of a race wrote. All of them wrote the same bytes.
fn sent(desk: &Desk) -> Option<String> {
    let files = (0..16)
        .filter_map(|n| std::fs::read_to_string(desk.path().join(format!("sent-{n}.csv"))).ok());
    let contents: BTreeSet<String> = files.collect();
    assert!(contents.len() < 2, "different bytes left: {contents:?}");
    contents.into_iter().next()
}

/// Reads the withdrawals that are in payment files that were not cancelled.
fn held(desk: &Desk) -> Vec<String> {
    let files = desk.json("payment file list");
    let live = files.as_array().unwrap().iter();
    let live = live.filter(|file| file["status"] != "cancelled");
    let items = live.flat_map(|file| {
        let code = file["code"].as_str().unwrap();
        let shown = desk.json(&format!("payment file show {code}"));
        shown["items"].as_array().unwrap().clone()
    });
    let live = items.filter(|item| item["ended_as"] == Value::Null);
    live.map(|item| item["withdrawal"].as_str().unwrap().to_owned())
        .collect()
}

/// Asserts that no withdrawal is in two files that may pay it, whatever the bank does next: it pays
/// every reference that ever left, and each withdrawal is recorded as paid once at most.
fn nobody_is_paid_twice(desk: &Desk) {
    let held = held(desk);
    let once: BTreeSet<&String> = held.iter().collect();
    assert_eq!(held.len(), once.len(), "in two files: {held:?}");
    let conn = rusqlite::Connection::open(desk.ledger()).unwrap();
    let mut statement = conn
        .prepare("SELECT end_to_end, withdrawal_number FROM payment_file_items ORDER BY number")
        .unwrap();
    let given: Vec<(String, usize)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, usize>(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    drop(statement);
    drop(conn);
    let amounts = [-3000, -2000, -1000];
    let texts: Vec<(String, String, i64)> = given
        .iter()
        .enumerate()
        .map(|(at, (reference, number))| {
            let text = format!("NIP TRANSFER {reference}");
            (format!("S{at}"), text, amounts[number - 1])
        })
        .collect();
    let lines: Vec<(&str, &str, i64, &str)> = texts
        .iter()
        .map(|(reference, text, amount)| ("2026-06-30", reference.as_str(), *amount, text.as_str()))
        .collect();
    desk.imported("june.csv", &lines);
    let ran = desk.run("bank reconcile OPS --as bola");
    assert!([0, 3].contains(&ran.code), "{}", ran.stderr);
    for line in 1..=lines.len() {
        // A person confirms whatever is proposed.
        let ran = desk.run(&format!("bank confirm L-{line} --as bola"));
        assert!([0, 1].contains(&ran.code), "{}", ran.stderr);
    }
    let payments = desk.json("payment list");
    let paid: Vec<&str> = (payments.as_array().unwrap().iter())
        .map(|payment| payment["withdrawal"].as_str().unwrap())
        .collect();
    let once: BTreeSet<&&str> = paid.iter().collect();
    assert_eq!(paid.len(), once.len(), "paid twice: {paid:?}");
    let event = desk.json("event show E1");
    assert_eq!(event["total_allocated"], "100.00", "{event}");
    desk.sound();
}

#[test]
fn of_an_export_and_a_cancellation_by_those_who_record_one_wins() {
    let commands = [
        "payment file export F-1 -o sent-{n}.csv --as bola",
        "payment file cancel F-1 --reason lost --as bola",
    ];
    for _ in 0..rounds() {
        let desk = filed();
        let ran = race_at(&desk, &sixteen(&commands));
        assert_eq!(count(&ran, 0) + count(&ran, 1), 16, "{ran:?}");
        let (exported, cancelled) = (done(&of(&ran, &commands, 0)), done(&of(&ran, &commands, 1)));
        // Who exported a file, or only records, does not cancel it.
        assert!(
            (exported, cancelled) == (8, 0) || (exported, cancelled) == (0, 1),
            "{exported} exported and {cancelled} cancelled: {ran:?}"
        );
        assert_eq!(sent(&desk).is_some(), exported > 0, "a cancelled file left");
        assert_eq!(held(&desk).len(), if exported > 0 { 3 } else { 0 });
        desk.sound();
        nobody_is_paid_twice(&desk);
    }
}

#[test]
fn what_an_export_sends_is_what_the_file_has_after_a_race_with_drops() {
    let commands = [
        "payment file export F-1 -o sent-{n}.csv --as bola",
        "payment file drop F-1 W-1 --reason blocked --as bola",
        "payment file drop F-1 W-2 --reason blocked --as bola",
        "payment file cancel F-1 --reason lost --as bola",
    ];
    for _ in 0..rounds() {
        let desk = filed();
        let ran = race_at(&desk, &sixteen(&commands));
        assert_eq!(count(&ran, 0) + count(&ran, 1), 16, "{ran:?}");
        let [exported, first, second, cancelled] =
            [0, 1, 2, 3].map(|which| done(&of(&ran, &commands, which)));
        assert!(first < 2 && second < 2 && cancelled < 2, "{ran:?}");
        assert!(
            (exported > 0) != (cancelled > 0),
            "{exported} exported and {cancelled} cancelled: {ran:?}"
        );
        let sent = sent(&desk);
        assert_eq!(sent.is_some(), exported > 0, "a cancelled file left");
        let held = held(&desk);
        if let Some(sent) = sent {
            for withdrawal in ["W-000001", "W-000002", "W-000003"] {
                let is_held = held.iter().any(|held| held == withdrawal);
                assert_eq!(sent.contains(withdrawal), is_held, "{withdrawal}: {sent}");
            }
            assert_eq!(held.len(), 3 - first - second);
        }
        desk.sound();
        nobody_is_paid_twice(&desk);
    }
}

#[test]
fn a_second_person_ends_an_exported_file_once_and_its_withdrawals_are_filed_once() {
    let commands = [
        "payment file cancel F-1 --reason lost --as chi",
        "payment file drop F-1 W-1 --reason refused --as chi",
        "payment file export F-1 -o sent-{n}.csv --as ada",
        "payment file create W-1 --account OPS --profile generic --as bola",
    ];
    for _ in 0..rounds() {
        let desk = filed();
        desk.ok("payment file export F-1 -o first.csv --as bola");
        let ran = race_at(&desk, &sixteen(&commands));
        assert_eq!(count(&ran, 0) + count(&ran, 1), 16, "{ran:?}");
        let [cancelled, dropped, _, filed] =
            [0, 1, 2, 3].map(|which| done(&of(&ran, &commands, which)));
        assert_eq!(cancelled, 1, "{ran:?}");
        assert!(dropped < 2 && filed < 2, "{ran:?}");
        assert_eq!(held(&desk), vec!["W-000001"; filed]);
        desk.sound();
        nobody_is_paid_twice(&desk);
    }
}
