//! A walk: one ledger, one model, and commands that are given to both. After each delivery they
//! must agree.

use std::{collections::BTreeMap, time::Duration};

use chrono::{NaiveDateTime, TimeDelta};
use prorata::{
    ops,
    store::{Access, Ledger},
};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};
use serde_json::Value;

use super::{
    act::{Act, Command, FILE},
    books::{Account, Answer, Books, Outcome, Project, User},
    compare, laws,
    steps::{Steps, prologue},
    tally::Tally,
    tax::PROFILE_FILE,
    units::ONE,
};
use crate::support::{Desk, Ran};

/// After how many steps the program checks itself.
const CHECKED_EVERY: usize = 250;
/// How many commands are printed if one goes wrong.
const TOLD: usize = 20;

/// A ledger, its model, and what was done so far.
pub(super) struct Walk {
    seed: u64,
    desk: Desk,
    conn: Connection,
    books: Books,
    steps: Steps,
    laws: Vec<(&'static str, String)>,
    clock: NaiveDateTime,
    /// How many entries the trail has.
    entries: usize,
    /// The bytes of the ledger after the last delivery.
    bytes: Vec<u8>,
    /// What each key's first delivery printed.
    printed: BTreeMap<String, String>,
    log: Vec<String>,
    tally: Tally,
}

/// Walks a number of steps; answers what was counted.
///
/// # Panics
/// Where ledger and model differ, with the seed and the last commands.
pub(super) fn walk(seed: u64, steps: usize) -> Tally {
    let mut walk = Walk::new(seed);
    for at in 0..steps {
        let command = match prologue().get(at) {
            Some(command) => command.clone(),
            None => walk.next(),
        };
        walk.step(&command);
        if (at + 1) % CHECKED_EVERY == 0 {
            walk.check();
        }
    }
    walk.check();
    walk.tally.explained = walk.books.explained.len();
    walk.tally
}

impl Walk {
    fn new(seed: u64) -> Self {
        // Of every five ledgers one is without four eyes.
        let four_eyes = seed % 5 != 4;
        let mut desk = Desk::in_memory();
        let clock =
            NaiveDateTime::parse_from_str("2026-03-02T09:00:00", "%Y-%m-%dT%H:%M:%S").unwrap();
        desk.at(&instant(clock));
        desk.ok(&format!(
            "init --user ada --name Ada --four-eyes {}",
            if four_eyes { "on" } else { "off" }
        ));
        for line in [
            "project add LAGOS --name Lagos --currency NGN",
            "project add KUWAIT --name Kuwait --currency KWD",
            "project add TOKYO --name Tokyo --currency JPY",
            "bank add OPS --bank-name FirstBank --bank-code 011 --account-number 0000014579 --project LAGOS",
            "bank add SPARE --bank-name GTBank --bank-code 058 --account-number 0123456101",
            "bank add KWD --bank-name NBK --account-number 5550000003 --currency KWD",
            "bank add JPY --bank-name MUFG --account-number 5550000004 --currency JPY",
        ] {
            desk.ok(&format!("{line} --as ada"));
        }
        desk.write(PROFILE_FILE.0, PROFILE_FILE.1);
        let conn =
            Connection::open_with_flags(desk.ledger(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        conn.set_prepared_statement_cache_capacity(64);
        Self {
            seed,
            books: books(four_eyes, clock),
            steps: Steps::new(seed),
            laws: laws::all(),
            entries: compare::entries(&conn, 0).len(),
            bytes: std::fs::read(desk.ledger()).unwrap(),
            desk,
            conn,
            clock,
            printed: BTreeMap::new(),
            log: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Makes the next command out of what the model holds.
    fn next(&mut self) -> Command {
        let conn = &self.conn;
        const HASH: &str = "SELECT calculation_hash FROM distribution_events WHERE code = ?1";
        let hash = |event: &str| -> Option<String> {
            let mut statement = conn.prepare_cached(HASH).unwrap();
            statement
                .query_row([event], |row| row.get(0))
                .optional()
                .unwrap()
                .flatten()
        };
        self.steps.next(&self.books, &hash)
    }

    /// Gives a command one to three times.
    fn step(&mut self, command: &Command) {
        self.tally.steps += 1;
        self.clock += TimeDelta::minutes(i64::try_from(self.steps.dice.below(400)).unwrap());
        // Now and then the clock is a day behind for a step.
        let behind = TimeDelta::hours(if self.steps.dice.percent(2) { 25 } else { 0 });
        self.books.today = (self.clock - behind).date();
        self.desk.at(&instant(self.clock - behind));
        if let Some(content) = command.act.file() {
            self.desk.write(FILE, &content);
        }
        self.log.push(format!(
            "{} [{}] {}",
            self.tally.steps,
            self.clock - behind,
            command.words().join(" ")
        ));
        if self.steps.dice.percent(5) {
            self.rehearse(command);
        }
        let first = self.deliver(command);
        let done = matches!(first.answer, Answer::Done | Answer::Unchanged);
        self.tally.count(command.act.verb(), &first);
        for _ in 0..self.steps.dice.below(3) {
            self.deliver_again(command, &first);
        }
        if first.answer != Answer::Replayed {
            self.steps.remember(command, done);
        }
    }

    /// Gives a command and compares what it did with what the model tells.
    fn deliver(&mut self, command: &Command) -> Outcome {
        self.tally.deliveries += 1;
        let ran = self.run(command.words());
        if let Act::Reconcile(_) = command.act {
            self.books.found = Some(compare::found(&self.conn));
        }
        let outcome = self.books.give(command);
        self.books.found = None;
        self.answers(command, &ran, &outcome);
        self.must(self.books.wrong.is_empty(), &|| self.books.wrong.join("\n"));
        if let (Act::Reconcile(account), Answer::Done | Answer::Unchanged) =
            (&command.act, &outcome.answer)
        {
            let misprinted = compare::misprinted(&self.books, account, (ran.code, &ran.stdout));
            self.must(misprinted.is_none(), &|| {
                format!("it printed {ran:?}: {misprinted:?}")
            });
        }
        let bytes = std::fs::read(self.desk.ledger()).unwrap();
        let wrote = bytes != self.bytes;
        self.bytes = bytes;
        self.must(wrote != outcome.entries.is_empty(), &|| {
            format!("the bytes changed: {wrote}, and the model: {outcome:?}")
        });
        if wrote {
            let entries = compare::entries(&self.conn, self.entries);
            self.must(entries == outcome.entries, &|| {
                format!("the trail: {entries:#?}\nthe model: {:#?}", outcome.entries)
            });
            self.entries += entries.len();
            self.books.references = compare::references(&self.conn);
            self.books.doubted = compare::doubted(&self.conn);
            let differences = compare::differences(&self.conn, &self.books);
            self.must(differences.is_empty(), &|| differences.join("\n"));
            let broken = laws::broken(&self.conn, &self.laws);
            self.must(broken.is_empty(), &|| format!("broken: {broken:#?}"));
        }
        outcome
    }

    fn run(&self, words: Vec<String>) -> Ran {
        Ran::of(self.desk.command(words).output().unwrap())
    }

    /// Gives a command once more. With a key the first delivery decided; without one, what happens
    /// once happened.
    fn deliver_again(&mut self, command: &Command, first: &Outcome) {
        let before = self.bytes.clone();
        let again = self.deliver(command);
        // Whoever has just made himself inactive may not even ask again.
        if again.answer == Answer::Refused(1, "user.inactive") {
            return;
        }
        let was_done = matches!(
            first.answer,
            Answer::Done | Answer::Unchanged | Answer::Replayed
        );
        let expected = match (&command.key, was_done) {
            (Some(_), true) => again.answer == Answer::Replayed && before == self.bytes,
            (Some(_) | None, false) => {
                again.answer == first.answer && again.entries == first.entries
            }
            (None, true) => again.answer != Answer::Done || !command.act.happens_once(),
        };
        self.must(expected, &|| {
            format!("given again: {again:?}, first: {first:?}")
        });
    }

    /// Tries a command without doing it: the same exit code, and not a byte is written.
    fn rehearse(&mut self, command: &Command) {
        self.tally.deliveries += 1;
        // Nothing is asked if nothing is done.
        let answer = self
            .books
            .clone()
            .give(&Command {
                yes: true,
                ..command.clone()
            })
            .answer;
        let ran = self.run([command.words(), vec!["--dry-run".to_owned()]].concat());
        let (exit, code) = if let Answer::Refused(exit, code) = answer {
            (exit, code)
        } else {
            (0, "")
        };
        self.must(
            error(&ran) == code && (ran.code == exit || found_differences(command, &ran)),
            &|| format!("rehearsed: {ran:?}, the model: {answer:?}"),
        );
        let bytes = std::fs::read(self.desk.ledger()).unwrap();
        self.must(bytes == self.bytes, &|| "a dry run wrote".to_owned());
    }

    /// Compares what a command printed with what the model tells.
    fn answers(&mut self, command: &Command, ran: &Ran, outcome: &Outcome) {
        let answer = &outcome.answer;
        let is_done = ran.code == 0 || found_differences(command, ran);
        let says = |words: &str| is_done && ran.stderr.contains(words);
        let fits = match answer {
            Answer::Done => is_done && !ran.stderr.contains("nothing was written"),
            Answer::Unchanged => says("nothing to do; nothing was written"),
            Answer::Replayed => says("this is the first result; nothing was written"),
            Answer::Refused(exit, code) => {
                let untouched = *exit != 1 || ran.stderr.contains("nothing was written");
                (ran.code, error(ran).as_str(), ran.stdout.as_str()) == (*exit, *code, "")
                    && untouched
            }
        };
        self.must(fits, &|| {
            let file = command.act.file().unwrap_or_default();
            format!("{file}it answered {ran:?}\nthe model: {outcome:?}")
        });
        let Some(key) = command.key.as_ref().filter(|_| is_done) else {
            return;
        };
        let first = self
            .printed
            .entry(key.clone())
            .or_insert_with(|| ran.stdout.clone())
            .clone();
        self.must(first == ran.stdout, &|| {
            format!("it printed first:\n{first}\nand now:\n{}", ran.stdout)
        });
    }

    /// Lets the program check itself, without a process of its own.
    fn check(&self) {
        let mut ledger =
            Ledger::open(&self.desk.ledger(), Access::Read, Duration::from_secs(5)).unwrap();
        let checks = ops::ledger::check(&mut ledger, crate::support::after_all()).unwrap();
        let findings: Vec<_> = checks
            .into_iter()
            .filter(|check| !check.findings.is_empty())
            .collect();
        self.must(findings.is_empty(), &|| format!("check: {findings:#?}"));
        let verified = ops::audit::verify(&mut ledger, None).unwrap();
        self.must(verified.findings.is_empty(), &|| {
            format!("audit verify: {:#?}", verified.findings)
        });
    }

    #[track_caller]
    fn must(&self, holds: bool, why: &dyn Fn() -> String) {
        let last = &self.log[self.log.len().saturating_sub(TOLD)..];
        assert!(
            holds,
            "ledger and model part at the last of these commands. The whole walk again: PRORATA_TEST_SEED={}\n{}\n{}",
            self.seed,
            last.join("\n"),
            why()
        );
    }
}

/// Returns the code of the error that a command ended with, or nothing.
fn error(ran: &Ran) -> String {
    let last = ran
        .stderr
        .lines()
        .rev()
        .find_map(|line| serde_json::from_str::<Value>(line).ok());
    last.and_then(|line| line["error"]["code"].as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Returns whether a run of the reconciliation was done and left something to settle.
fn found_differences(command: &Command, ran: &Ran) -> bool {
    matches!(command.act, Act::Reconcile(_)) && ran.code == 3
}

fn instant(clock: NaiveDateTime) -> String {
    clock.format("%Y-%m-%dT%H:%M:%S.000000Z").to_string()
}

/// The model of a ledger that has its first user, its projects and its bank accounts.
fn books(four_eyes: bool, clock: NaiveDateTime) -> Books {
    let project = |code, currency, minor| Project {
        code,
        currency,
        minor,
        minimum: 0,
        profile: None,
        profile_set: None,
    };
    let account = |code: &str, (bank, number): (&'static str, &str), currency, project| {
        let (code, number) = (code.to_owned(), number.to_owned());
        Account {
            code,
            bank,
            number,
            currency,
            project,
        }
    };
    Books {
        four_eyes,
        yes: false,
        today: clock.date(),
        latest: clock.date(),
        tick: 0,
        users: vec![User {
            code: "ada".to_owned(),
            role: "admin",
            active: true,
            introduced_by: 0,
            acknowledged_by: None,
        }],
        projects: vec![
            project("LAGOS", "NGN", ONE / 100),
            project("KUWAIT", "KWD", ONE / 1000),
            project("TOKYO", "JPY", ONE),
        ],
        holders: Vec::new(),
        register: Vec::new(),
        standing: Vec::new(),
        reserves: Vec::new(),
        takings: Vec::new(),
        losses: Vec::new(),
        tax_items: Vec::new(),
        remittances: Vec::new(),
        events: Vec::new(),
        withdrawals: Vec::new(),
        payments: Vec::new(),
        accounts: vec![
            account("OPS", ("FirstBank", "0000014579"), "NGN", Some(0)),
            account("SPARE", ("GTBank", "0123456101"), "NGN", None),
            account("KWD", ("NBK", "5550000003"), "KWD", None),
            account("JPY", ("MUFG", "5550000004"), "JPY", None),
        ],
        files: Vec::new(),
        navs: Vec::new(),
        imports: Vec::new(),
        request_files: Vec::new(),
        statements: Vec::new(),
        lines: Vec::new(),
        links: Vec::new(),
        proposals: Vec::new(),
        certificates: Vec::new(),
        explained: std::collections::BTreeSet::new(),
        runs: 0,
        seen: BTreeMap::new(),
        settled: None,
        references: Vec::new(),
        doubted: Vec::new(),
        found: None,
        wrong: Vec::new(),
        keys: BTreeMap::new(),
        entries: Vec::new(),
        moved: Vec::new(),
    }
}
