//! Scenarios of a bank whose right answer is known: how much is matched by itself, and that nothing is
//! matched or proposed that is not so.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use crate::support::{Desk, statement};

const FIRST: [&str; 20] = [
    "Adaeze", "Musa", "Chidi", "Bola", "Ngozi", "Ibrahim", "Funmi", "Emeka", "Aisha", "Tunde",
    "Zainab", "Segun", "Kemi", "Uche", "Halima", "Femi", "Amaka", "Sani", "Yetunde", "Obinna",
];
const LAST: [&str; 15] = [
    "Okoro", "Bello", "Eze", "Adeyemi", "Okafor", "Abubakar", "Balogun", "Nwosu", "Yusuf",
    "Ogunleye", "Danjuma", "Obi", "Lawal", "Chukwu", "Afolabi",
];
const HOLDERS: usize = 300;

/// What the bank booked, and what it really was.
struct Booked {
    day: &'static str,
    kobo: i64,
    text: String,
    /// The withdrawals that it pays, by their numbers.
    truth: Vec<usize>,
}

/// A ledger with its withdrawals in exported files, as often as a scenario needs it.
struct Ledger {
    bytes: Vec<u8>,
    /// The amount and our reference of each withdrawal, in order of their numbers.
    items: Vec<(i64, String)>,
}

/// What a run made of the lines of a scenario.
#[derive(Default)]
struct ScenarioCount {
    lines: usize,
    matched: usize,
    proposed: usize,
    wrong_matches: usize,
    wrong_proposals: usize,
}

fn name(at: usize) -> String {
    format!("{} {}", FIRST[at % FIRST.len()], LAST[at / FIRST.len()])
}

/// Makes an account number that passes the check of bank 058.
fn account(at: usize) -> String {
    let serial = format!("{:09}", 123_000_000 + at);
    let weights = [3, 7, 3, 3, 7, 3, 3, 7, 3, 3, 7, 3];
    let digits = format!("058{serial}").into_bytes();
    let sum: u32 = (digits.iter().zip(weights))
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{serial}{}", (10 - sum % 10) % 10)
}

impl Ledger {
    /// Makes a ledger of 300 holders whose tokens are as `tokens` says, with these events, each of
    /// which is in a payment file of its own that was exported.
    fn of(events: &[&str], tokens: fn(usize) -> usize) -> Self {
        let mut desk = Desk::new();
        let desk_at = "2026-06-30T09:00:00.000000Z";
        desk.at(desk_at);
        desk.ok("project add LAGOS --name Lagos-Tower --as bola");
        let mut holders = "code,name,bank_name,bank_code,account_number,account_name\n".to_owned();
        let mut register = "holder,tokens\n".to_owned();
        for at in 0..HOLDERS {
            let (name, account) = (name(at), account(at));
            writeln!(holders, "H{at:03},{name},GTBank,058,{account},{name}").unwrap();
            writeln!(register, "H{at:03},{}", tokens(at)).unwrap();
        }
        desk.write("holders.csv", &holders);
        desk.write("register.csv", &register);
        desk.ok("holder import holders.csv --as bola");
        desk.ok("token import register.csv --project LAGOS --date 2026-01-01 --as ada");
        desk.ok(crate::support::ADD_ACCOUNT);
        let all: usize = (0..HOLDERS).map(tokens).sum();
        let mut items = Vec::new();
        for (at, event) in events.iter().enumerate() {
            desk.event(event, &(all * 100).to_string());
            for line in [
                format!("withdrawal request --event {event} --all-holders --as bola"),
                format!("withdrawal approve --event {event} --all --hash REVIEWED --as chi"),
                format!(
                    "payment file create --account OPS --event {event} --profile generic --as bola"
                ),
                format!("payment file export F-{} -o {event}.csv --as bola", at + 1),
            ] {
                desk.ok(&line);
            }
            let file = desk.json(&format!("payment file show F-{}", at + 1));
            for item in file["items"].as_array().unwrap() {
                let amount = item["amount"].as_str().unwrap().replace(['.', ','], "");
                let reference = item["end_to_end_reference"].as_str().unwrap().to_owned();
                items.push((amount.parse().unwrap(), reference));
            }
        }
        Self {
            bytes: fs::read(desk.ledger()).unwrap(),
            items,
        }
    }

    /// Books a withdrawal of the bank's own words, of which `text` makes the line.
    fn booked(&self, at: usize, text: impl Fn(&str, &str) -> String) -> Booked {
        let (amount, reference) = &self.items[at];
        let name = name(at % HOLDERS).to_uppercase();
        Booked {
            day: "2026-06-30",
            kobo: -amount,
            text: text(&name, reference),
            truth: vec![at + 1],
        }
    }

    fn each(&self, text: impl Fn(&str, &str) -> String + Copy) -> Vec<Booked> {
        (0..self.items.len())
            .map(|at| self.booked(at, text))
            .collect()
    }

    /// Books several withdrawals in one debit.
    fn bulk(&self, of: std::ops::Range<usize>, text: &str) -> Booked {
        Booked {
            day: "2026-06-30",
            kobo: -of.clone().map(|at| self.items[at].0).sum::<i64>(),
            text: text.to_owned(),
            truth: of.map(|at| at + 1).collect(),
        }
    }

    /// Imports the lines into a copy of the ledger, reconciles, and compares with the truth.
    fn reconcile(&self, booked: &[Booked]) -> ScenarioCount {
        let mut desk = Desk::empty();
        fs::write(desk.ledger(), &self.bytes).unwrap();
        desk.at("2026-07-08T09:00:00.000000Z");
        let references: Vec<String> = (0..booked.len()).map(|at| format!("FT{at:05}")).collect();
        let lines: Vec<_> = (booked.iter().zip(&references))
            .map(|(line, reference)| (line.day, reference.as_str(), line.kobo, line.text.as_str()))
            .collect();
        desk.write("s.csv", &statement(100_000_000_000, &lines));
        desk.ok("bank import OPS s.csv --as bola");
        let ran = desk.run("bank reconcile OPS --as bola");
        assert!(ran.code == 0 || ran.code == 3, "{}", ran.stderr);
        let paid: BTreeMap<String, usize> = (desk.json("payment list").as_array().unwrap().iter())
            .map(|payment| {
                let code = payment["code"].as_str().unwrap().to_owned();
                (code, number(payment["withdrawal"].as_str().unwrap()))
            })
            .collect();
        let truth: BTreeMap<&str, &Vec<usize>> = (references.iter().map(String::as_str))
            .zip(booked.iter().map(|line| &line.truth))
            .collect();
        let mut found = ScenarioCount::default();
        for line in desk.json("bank lines OPS").as_array().unwrap() {
            let truth = truth[line["reference"].as_str().unwrap()];
            let mut named: Vec<usize> = (line["payments"].as_array().unwrap().iter())
                .map(|code| code.as_str().unwrap())
                .map(|code| paid.get(code).copied().unwrap_or_else(|| number(code)))
                .collect();
            named.sort_unstable();
            let is_true = named == *truth;
            found.lines += usize::from(!truth.is_empty());
            match (line["class"].as_str().unwrap(), is_true) {
                ("matched" | "matched_group", true) => found.matched += 1,
                ("matched" | "matched_group" | "returned", false) => found.wrong_matches += 1,
                ("proposed", true) => found.proposed += 1,
                ("proposed", false) => found.wrong_proposals += 1,
                _ => {}
            }
        }
        desk.sound();
        found
    }
}

fn number(code: &str) -> usize {
    code.trim_start_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .unwrap()
}

/// Shortens a text as a bank does.
fn cut(text: &str, letters: usize) -> String {
    text.chars()
        .take(letters)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// The scenarios in which each holder has another amount.
fn of_different_amounts(ledger: &Ledger) -> Vec<(&'static str, Vec<Booked>)> {
    let fee = |mut booked: Vec<Booked>| {
        for line in &mut booked {
            line.kobo -= 5_375;
        }
        booked
    };
    let late = |mut booked: Vec<Booked>| {
        for line in &mut booked {
            line.day = "2026-07-06";
        }
        booked
    };
    let plain = |name: &str, reference: &str| format!("NIP TRF TO {name}/{reference}");
    let mut doctored =
        ledger.each(|_, reference| format!("NIP TRF TO GOLDEN CIRCLE VENTURES/{reference}"));
    for line in &mut doctored {
        line.truth.clear();
    }
    vec![
        ("with our reference", ledger.each(plain)),
        (
            "cut at 20 letters",
            ledger.each(|name, reference| cut(&plain(name, reference), 20)),
        ),
        (
            "cut at 35 letters",
            ledger.each(|name, reference| cut(&plain(name, reference), 35)),
        ),
        ("a fee inside, with our reference", fee(ledger.each(plain))),
        (
            "a fee inside, without it",
            fee(ledger.each(|name, _| format!("TRF TO {name}"))),
        ),
        (
            "one debit less two failed items",
            vec![ledger.bulk(2..HOLDERS, "BULK PAYMENT F-000001")],
        ),
        (
            "one debit",
            vec![ledger.bulk(0..HOLDERS, "BULK PAYMENT F-000001")],
        ),
        (
            "one debit without its words",
            vec![ledger.bulk(0..HOLDERS, "CASH WITHDRAWAL")],
        ),
        (
            "three debits of 100",
            (0..3)
                .map(|at| ledger.bulk(at * 100..at * 100 + 100, "BULK PAYMENT F-000001"))
                .collect(),
        ),
        ("six days late", late(ledger.each(plain))),
        (
            "six days late, by name",
            late(ledger.each(|name, _| format!("TRF TO {name}"))),
        ),
        ("by name", ledger.each(|name, _| format!("TRF TO {name}"))),
        (
            "by surname",
            ledger.each(|name, _| format!("TRF TO {}", name.split(' ').next_back().unwrap())),
        ),
        ("to somebody else", doctored),
    ]
}

/// The scenarios in which all amounts are equal: two events on one day.
fn of_equal_amounts(ledger: &Ledger) -> Vec<(&'static str, Vec<Booked>)> {
    let first = |count: usize, text: &dyn Fn(&str, &str) -> String| -> Vec<Booked> {
        let both = (0..count).chain(HOLDERS..HOLDERS + count);
        both.map(|at| ledger.booked(at, text)).collect()
    };
    // The bank pays the first holder twice: which of the two was meant is not known.
    let again = |text: String, truth: Vec<usize>| Booked {
        day: "2026-06-30",
        kobo: -ledger.items[0].0,
        text,
        truth,
    };
    let own = format!(
        "NIP TRF TO {}/{}",
        name(0).to_uppercase(),
        ledger.items[0].1
    );
    vec![
        (
            "60 equal amounts of two events, with our references",
            first(60, &|name, reference| {
                format!("NIP TRF TO {name}/{reference}")
            }),
        ),
        (
            "60 equal amounts of two events, by name",
            first(60, &|name, _| format!("TRF TO {name}")),
        ),
        (
            "relatives with one surname",
            first(20, &|name, _| {
                format!("TRF TO {}", name.split(' ').next_back().unwrap())
            }),
        ),
        (
            "a double payment",
            vec![again(own.clone(), Vec::new()), again(own, Vec::new())],
        ),
    ]
}

#[test]
fn nothing_is_matched_or_proposed_that_is_not_so() {
    let different = Ledger::of(&["E1"], |at| at + 1);
    let equal = Ledger::of(&["E1", "E2"], |_| 1);
    let mut scenarios = Vec::new();
    for (name, booked) in of_different_amounts(&different) {
        scenarios.push((name, different.reconcile(&booked)));
    }
    for (name, booked) in of_equal_amounts(&equal) {
        scenarios.push((name, equal.reconcile(&booked)));
    }
    let mut all = ScenarioCount::default();
    for (name, found) in &scenarios {
        let ScenarioCount {
            lines,
            matched,
            proposed,
            wrong_matches,
            wrong_proposals,
        } = found;
        println!(
            "{name}: matched by itself: {matched} of {lines}, proposed {proposed}, wrong matches {wrong_matches}, wrong proposals {wrong_proposals}"
        );
        all.lines += lines;
        all.matched += matched;
        all.proposed += proposed;
        all.wrong_matches += wrong_matches;
        all.wrong_proposals += wrong_proposals;
    }
    let ScenarioCount { lines, matched, .. } = all;
    let share = (matched * 1000 + lines / 2) / lines;
    println!(
        "matched by itself: {matched} of {lines} ({}.{} %)",
        share / 10,
        share % 10
    );
    println!(
        "proposed {}, wrong matches {}, wrong proposals {}",
        all.proposed, all.wrong_matches, all.wrong_proposals
    );
    assert_eq!((all.wrong_matches, all.wrong_proposals), (0, 0));
    // More is welcome, if nothing of it is wrong; less is to be explained.
    assert_eq!((matched, lines, all.proposed), (965, 2_986, 597));
}
