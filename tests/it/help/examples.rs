//! The examples of every help run on the ledger that they are about, at one of its stages.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _};

use crate::{
    architecture::commands::leaves,
    support::{Desk, Ran},
};

/// What no ledger can be made for: examples that name what was reviewed, or read standard input.
const REFUSED: [(&str, i32); 6] = [
    ("event approve MARINA-2025-Q4 --hash 0a1b2c3d --as chidi", 1),
    (
        "event participants MARINA-2025-Q4 - --policy retain --reason 'other: class B'",
        1,
    ),
    (
        "withdrawal approve --event MARINA-2025-Q4 --all --expect 7:250000.00 --as chidi",
        1,
    ),
    // Less than the smallest amount that a bank pays is seldom carried.
    (
        "forward write-off --project MARINA --below 0.01 --reason 'The project ended' --as bola",
        1,
    ),
    (
        "forward write-off --project MARINA --below 0.01 --reason 'Ended' --dry-run --as bola",
        1,
    ),
    ("audit verify --head 0123456789ab", 3),
];

const REGISTER: &str = "holder,tokens\nmusa,600000\neze,400000\n";
const STATEMENT: &str = "Date,Value Date,Reference,Description,Debit,Credit,Balance
2026-01-22,2026-01-22,NIP-2,NIP DANJUMA MUSA,300000.00,,700000.00
2026-01-22,2026-01-22,,TRANSFER CHIAMAKA EZE MARINA,200000.00,,500000.00
2026-01-23,2026-01-23,,Rent collected,,1000000.00,1500000.00
2026-01-23,2026-01-23,,KEPT BY THE BANK,52.50,,1499947.50
2026-01-24,2026-01-24,,BULK TRANSFER,500000.00,,999947.50
";

const HISTORY: &str =
    "event,title,type,date,record_date,holder,tokens,gross,tax,paid,reference,value_date
OLD,Rent,revenue,2025-01-31,2025-01-31,musa,600,90,9,81,OLD-1,2025-02-03
";

/// The files that examples read.
fn files(desk: &Desk) -> Vec<(&'static str, String)> {
    let of = |line: &str| desk.ok(line).stdout;
    vec![
        ("holders.csv", "code,name\nzed,Zed\n".to_owned()),
        // A table by another name is read for what it is.
        ("investors.xlsx", "Investor ID,Name\nzed,Zed\n".to_owned()),
        ("caps.csv", REGISTER.to_owned()),
        ("history.csv", HISTORY.to_owned()),
        ("opening.xlsx", HISTORY.to_owned()),
        ("list.csv", "holder\nmusa\n".to_owned()),
        (
            "payments.csv",
            "withdrawal,reference,date\nW-000001,NIP-9,2026-01-22\n".to_owned(),
        ),
        (
            "returns.csv",
            "payment,date,reason\nP-000001,2026-01-26,Account closed\n".to_owned(),
        ),
        ("proposals.csv", "line\nL-000002\n".to_owned()),
        ("statement.csv", STATEMENT.to_owned()),
        ("own.toml", of("tax profile show ng-2026")),
        ("gtbank.toml", of("bank profile show gtbank")),
    ]
}

/// A ledger at a stage of its life, and when that was.
struct Stage {
    now: String,
    ledger: Option<Vec<u8>>,
}

/// Goes through the life of a ledger, and keeps what it was at each stage.
struct Life {
    desk: Desk,
    now: &'static str,
    stages: Vec<Stage>,
}

impl Life {
    fn at(&mut self, day: &'static str) {
        self.now = day;
        self.desk.at(&format!("{day}T09:00:00.000000Z"));
    }

    /// Runs commands, and keeps the ledger as it is then; returns the number of the stage.
    fn stage(&mut self, lines: &[&str]) -> usize {
        for line in lines {
            let ran = Ran::unwatched(self.desk.command(words(line)).output().unwrap());
            assert!([0, 3].contains(&ran.code), "{line}: {}", ran.stderr);
        }
        self.stages.push(Stage {
            now: format!("{}T10:00:00.000000Z", self.now),
            ledger: fs::read(self.desk.ledger()).ok(),
        });
        self.stages.len() - 1
    }

    /// Goes on from an earlier stage.
    fn back_to(&self, stage: usize) {
        fs::write(
            self.desk.ledger(),
            self.stages[stage].ledger.as_ref().unwrap(),
        )
        .unwrap();
    }
}

fn life() -> Life {
    let mut life = Life {
        desk: Desk::empty(),
        now: "2026-01-05",
        stages: Vec::new(),
    };
    life.at("2026-01-05");
    life.stage(&[]);
    life.stage(&["init --user amaka --name Amaka"]);
    life.stage(&[
        "user add bola --role operator --as amaka",
        "user add dayo --role approver --as amaka",
        "user add chidi --role approver --as amaka",
    ]);
    life.stage(&[
        "project add MARINA --name Marina --as bola",
        "holder add muse --name Musa --as bola",
        "holder add ada-obi --name Ada --as bola",
    ]);
    let register = register(&mut life);
    second_persons(&mut life, register);
    taxed(&mut life, register);
    life.back_to(register);
    paid_and_reconciled(&mut life);
    life
}

fn register(life: &mut Life) -> usize {
    life.desk.write("caps.csv", REGISTER);
    life.stage(&[
        "holder add musa --name 'Danjuma Musa' --bank-name GTBank --bank-code 058 --account-number 0123456101 --as bola",
        "holder add eze --name 'Chiamaka Eze' --bank-name GTBank --bank-code 058 --account-number 0123456132 --as bola",
        "holder add treasury --name Treasury --as bola",
        "bank add RENT --bank-name FirstBank --bank-code 011 --account-number 0000014579 --project MARINA --as bola",
        "token import caps.csv --project MARINA --date 2024-01-31 --as bola",
    ])
}

/// What waits for a second person, and what that one did.
fn second_persons(life: &mut Life, register: usize) {
    life.at("2026-02-02");
    life.stage(&[
        "holder block eze --reason 'Court order' --as bola",
        "project exclude treasury --project MARINA --policy retain --reason treasury --from 2026-01-01 --as bola",
    ]);
    life.back_to(register);
    life.stage(&[
        "bank rule add RENT --text 'SWIFT CHARGE' --kind fee --at-most 5000 --as bola",
        "bank rule add RENT --text 'TOKEN VAT' --kind tax --at-most 375 --as bola",
    ]);
    life.stage(&["proposal approve Q-000001 --as dayo"]);
    life.back_to(register);
    life.stage(&[
        "tax certificate add musa --kind exemption --reference A --from today --until 2026-12-31 --as bola",
        "tax certificate add eze --kind exemption --reference B --from today --until 2026-12-31 --as bola",
    ]);
    life.stage(&["tax certificate approve X-000001 --as dayo"]);
}

/// Tax that is withheld, due and remitted.
fn taxed(life: &mut Life, register: usize) {
    life.back_to(register);
    life.at("2026-06-16");
    life.stage(&[
        "holder set musa --kind company --tax-residence NG --as bola",
        "holder set eze --kind company --tax-residence NG --as bola",
        "project set MARINA --tax-profile ng-2026 --as bola",
        "event create JUNE --project MARINA --type revenue --title Rent --amount 5000 --date 2026-06-15 --as bola",
        "event calculate JUNE --as bola",
        "event approve JUNE --as chidi",
    ]);
    life.at("2026-07-20");
    life.stage(&["nav set MARINA 1000000 --date 2026-06-30 --as bola"]);
    life.stage(&[
        "tax remit --authority NRS --period 2026-06 --reference RRR-0 --date 2026-07-20 --as bola",
    ]);
}

/// An event from its draft to the bank's statement.
fn paid_and_reconciled(life: &mut Life) {
    const CREATE: &str = "event create MARINA-2025-Q4 --project MARINA --type revenue --title Rent --gross 500000 --date 2026-01-15 --as bola";

    life.at("2026-01-20");
    let draft = life.stage(&[CREATE]);
    life.stage(&[
        "event deduct MARINA-2025-Q4 --kind expense --name Audit --amount 10 --as bola",
        "event exclude MARINA-2025-Q4 treasury eze musa --policy retain --reason treasury --as bola",
    ]);
    life.back_to(draft);
    life.stage(&["event calculate MARINA-2025-Q4 --as bola"]);
    life.stage(&["event approve MARINA-2025-Q4 --as chidi"]);
    life.stage(&["withdrawal request --event MARINA-2025-Q4 --all-holders --as bola"]);
    let approve = "withdrawal approve --event MARINA-2025-Q4 --all --expect 2:500000.00 --as chidi";
    let approved = life.stage(&[approve]);
    life.stage(&[
        "payment file create --account RENT --event MARINA-2025-Q4 --profile generic --as bola",
    ]);
    life.stage(&["payment file export F-000001 --output to-the-bank.csv --as bola"]);
    life.back_to(approved);
    life.at("2026-01-31");
    life.desk.write("statement.csv", STATEMENT);
    let import = "bank import RENT statement.csv --as bola";
    life.stage(&[import]);
    life.back_to(approved);
    life.stage(&[
        "withdrawal pay W-000001 --reference NIP-1 --date 2026-01-22 --as bola",
        "withdrawal pay W-000002 --reference NIP-2 --date 2026-01-22 --as bola",
    ]);
    let paid = life.stages.len() - 1;
    life.at("2026-02-02");
    life.stage(&["payment settle P-000001 --reason 'From another account' --as chidi"]);
    life.back_to(paid);
    life.stage(&[import, "bank reconcile RENT --as bola"]);
    life.back_to(draft);
    // What is below the minimum waits for a later event.
    life.stage(&[
        "event cancel MARINA-2025-Q4 --reason Wrong --as bola",
        "event create TINY --project MARINA --type revenue --title Rent --amount 10 --minimum 7 --date 2026-01-15 --as bola",
        "event calculate TINY --as bola",
        "event approve TINY --as chidi",
        "event create MARINA-2025-Q4 --project MARINA --type revenue --title Rent --amount 1 --minimum 7 --date 2026-01-16 --as bola",
        "event calculate MARINA-2025-Q4 --as bola",
        "event approve MARINA-2025-Q4 --as chidi",
    ]);
}

/// The lines under `Examples:` of a help.
fn examples(desk: &Desk, command: &str) -> Vec<String> {
    let help = desk.ok(&format!("{command} --help")).stdout;
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let line = |line: &str| {
        line.trim_start()
            .strip_prefix("prorata")
            .unwrap()
            .trim()
            .to_owned()
    };
    lines.map(line).collect()
}

/// Splits a line as a shell does that meets nothing but words and single quotes.
fn words(line: &str) -> Vec<String> {
    let pieces = line.split('\'').enumerate().map(|(at, piece)| {
        if at % 2 == 1 {
            piece.replace(' ', "\u{1}")
        } else {
            piece.to_owned()
        }
    });
    let line = pieces.collect::<String>();
    let words = line.split(' ').filter(|word| !word.is_empty());
    words.map(|word| word.replace('\u{1}', " ")).collect()
}

/// Runs an example at a stage, in a folder of its own with the files that it reads.
fn tried(stage: &Stage, files: &[(&str, String)], words: &[String]) -> Ran {
    let mut desk = Desk::empty();
    desk.at(&stage.now);
    let owner_only = fs::Permissions::from_mode(0o600);
    for name in ["prorata.db", "copy.db"] {
        if let Some(ledger) = &stage.ledger {
            let path = desk.path().join(name);
            fs::write(&path, ledger).unwrap();
            fs::set_permissions(path, owner_only.clone()).unwrap();
        }
    }
    let written = words.iter().zip(words.iter().skip(1));
    let written: Vec<&str> = written
        .filter(|(flag, _)| ["-o", "--output"].contains(&flag.as_str()))
        .map(|(_, name)| name.as_str())
        .collect();
    for (name, content) in files.iter().filter(|(name, _)| !written.contains(name)) {
        desk.write(name, content);
    }
    let mut command = desk.command(words);
    Ran::unwatched(command.env("PRORATA_AS", "bola").output().unwrap())
}

#[test]
fn the_examples_of_every_help_run_on_the_ledger_that_they_are_about() {
    let manual = Desk::empty();
    let (life, files) = (life(), files(&manual));
    let (mut wrong, mut count) = (Vec::new(), 0);
    // Most examples are about a stage next to that of the example before.
    let mut near = 0;
    for leaf in leaves() {
        let lines = examples(&manual, &leaf.join(" "));
        assert_eq!(lines.len(), 2, "{leaf:?}");
        for line in lines {
            count += 1;
            if let Some((_, code)) = REFUSED.iter().find(|(refused, _)| *refused == line) {
                let ran = tried(life.stages.last().unwrap(), &files, &words(&line));
                assert_eq!(ran.code, *code, "{line}: {}", ran.stderr);
                continue;
            }
            let mut said = BTreeSet::new();
            let order = (near..life.stages.len()).chain(0..near);
            let done = order.into_iter().find(|stage| {
                let ran = tried(&life.stages[*stage], &files, &words(&line));
                said.insert(ran.stderr.lines().next().unwrap_or_default().to_owned());
                ran.code == 0
            });
            match done {
                Some(stage) => near = stage,
                None => wrong.push(format!("{line}: {said:#?}")),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}: {}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count > 250, "{count}");
}
