use proptest::prelude::*;

use std::collections::{BTreeMap, HashSet};

use super::*;
use crate::domain::{quantity::Amount, time::parse_date};

fn line(day: u32, amount: i128, description: &str) -> StatementLine {
    StatementLine {
        place: 1,
        booking_date: parse_date(&format!("2026-10-{day:02}")).unwrap(),
        value_date: None,
        amount: Signed::from_units(amount * 10_000_000).unwrap(),
        balance: None,
        description: description.to_owned(),
        reference: None,
        bank_id: None,
        end_to_end: None,
        counterparty_name: None,
        counterparty_account: None,
        reversal: false,
    }
}

/// A ledger that keeps lines as imports bring them.
#[derive(Default)]
struct Ledger(Vec<LedgerLine>);

impl Ledger {
    /// Imports lines; returns how many were new.
    fn import(&mut self, lines: &[StatementLine], proven: bool) -> usize {
        let days: Vec<Date> = lines.iter().map(|line| line.booking_date).collect();
        let known: Vec<LedgerLine> = self
            .0
            .iter()
            .filter(|line| days.contains(&line.date))
            .cloned()
            .collect();
        let seen = compare(&known, lines, proven).novelties;
        let before = self.0.len();
        for (line, seen) in lines.iter().zip(seen) {
            let Novelty::New {
                identity,
                occurrence,
            } = seen
            else {
                continue;
            };
            let (bank_id, balance) = (line.bank_id.clone(), line.balance);
            let clash = self.0.iter().any(|known| {
                (known.date, known.identity, known.occurrence)
                    == (line.booking_date, identity, occurrence)
            });
            assert!(!clash, "one occurrence was given twice");
            self.0.push(LedgerLine {
                date: line.booking_date,
                amount: line.amount,
                identity,
                occurrence,
                bank_id,
                balance,
                proven,
                void: false,
                statement: StatementNumber::new(1),
            });
        }
        self.0.len() - before
    }
}

#[test]
fn the_stored_form_is_read_back() {
    let identity = Identity::of(&line(1, -5, "x"));
    assert_eq!(Identity::parse(&identity.to_string()), Some(identity));
    assert_eq!(Identity::parse("00"), None);
}

#[test]
fn two_equal_lines_of_one_file_are_two_and_stay_two() {
    let twins = [line(2, -25, "POS PURCHASE"), line(2, -25, "POS PURCHASE")];
    let mut ledger = Ledger::default();
    assert_eq!(ledger.import(&twins, false), 2);
    assert_eq!(ledger.import(&twins, false), 0);
    assert_eq!(ledger.import(&[twins[0].clone()], false), 0);
    let three = [twins[0].clone(), twins[0].clone(), twins[1].clone()];
    assert_eq!(ledger.import(&three, false), 1);
}

fn balanced(day: u32, amount: i128, balance: i128) -> StatementLine {
    StatementLine {
        balance: Signed::from_units(balance * 10_000_000),
        ..line(day, amount, "POS PURCHASE")
    }
}

#[test]
fn a_file_that_goes_on_between_twins_brings_the_second() {
    let mut ledger = Ledger::default();
    assert_eq!(
        ledger.import(&[balanced(1, 100, 900), balanced(2, -25, 875)], true),
        2
    );
    assert_eq!(
        ledger.import(&[balanced(2, -25, 850)], true),
        1,
        "its balance is another one"
    );
    assert_eq!(
        ledger.import(&[balanced(2, -25, 875), balanced(2, -25, 850)], true),
        0
    );
    assert_eq!(
        ledger.import(&[balanced(2, -25, 850), balanced(2, -25, 875)], false),
        0,
        "the same in another order"
    );
    assert!(
        balances_prove(&[balanced(2, -25, 850), balanced(2, -25, 875)]),
        "in whatever order they stand"
    );
    assert!(!balances_prove(&[
        balanced(2, -25, 850),
        balanced(2, -25, 800)
    ]));
}

#[test]
fn a_whole_day_that_the_bank_sorted_anew_is_not_doubled() {
    let mut ledger = Ledger::default();
    let a = |balance| StatementLine {
        description: "A".to_owned(),
        ..balanced(2, -10, balance)
    };
    let b = |balance| StatementLine {
        description: "B".to_owned(),
        ..balanced(2, -20, balance)
    };
    assert_eq!(
        ledger.import(&[balanced(1, 100, 100), a(90), b(70)], true),
        3
    );
    assert_eq!(
        ledger.import(
            &[balanced(1, 100, 100), b(80), a(70), balanced(3, 5, 75)],
            true
        ),
        1
    );
}

#[test]
fn the_banks_own_ids_tell_equal_lines_apart() {
    let with = |id: &str| StatementLine {
        bank_id: Some(id.to_owned()),
        ..line(2, -25, "POS")
    };
    let mut ledger = Ledger::default();
    assert_eq!(ledger.import(&[with("1")], false), 1);
    assert_eq!(ledger.import(&[with("2")], false), 1);
    assert_eq!(ledger.import(&[with("1"), with("2")], false), 0);
    let reworded = StatementLine {
        description: "POS PURCHASE".to_owned(),
        ..with("2")
    };
    assert_eq!(ledger.import(&[reworded], false), 0);
    // A bank that counts every file from 1: the id is the same, the amount or the day is not.
    let other = StatementLine {
        bank_id: Some("1".to_owned()),
        ..line(3, -25, "POS")
    };
    assert_eq!(ledger.import(&[other], false), 1);
}

/// What the bank really booked: few texts and amounts, so that twins are many; day, amount, text.
fn booked() -> impl Strategy<Value = Vec<StatementLine>> {
    let one = (
        1_u32..6,
        prop_oneof![Just(-25_i128), Just(-50), Just(100)],
        0_usize..3,
    );
    proptest::collection::vec(one, 1..30).prop_map(|mut rows| {
        rows.sort_by_key(|(day, _, _)| *day);
        let mut balance = 10_000;
        let lines = rows.into_iter().map(|(day, amount, text)| {
            balance += amount;
            let description = ["POS PURCHASE", "TRF", "FEE"][text];
            StatementLine {
                balance: Signed::from_units(balance * 10_000_000),
                ..line(day, amount, description)
            }
        });
        lines.collect()
    })
}

/// Checks whether no two lines of a day are equal in amount and running balance: they could be one
/// line in two forms, and a file that is cut between such two is beyond anyone.
fn are_distinct(lines: &[StatementLine]) -> bool {
    let distinct: HashSet<_> = lines
        .iter()
        .map(|line| (line.booking_date, line.amount, line.balance))
        .collect();
    distinct.len() == lines.len()
}

/// How an export shows the lines: a range of them, or of whole days; with or without balances;
/// shuffled by a seed.
#[derive(Clone, Debug)]
struct Export {
    from: usize,
    to: usize,
    shuffled: Option<u64>,
}

fn exports() -> impl Strategy<Value = Vec<Export>> {
    let one = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        proptest::option::weighted(0.3, any::<u64>()),
    );
    let one = one.prop_map(|(a, b, shuffled)| (a.index(1000), b.index(1000), shuffled));
    proptest::collection::vec(
        one.prop_map(|(from, to, shuffled)| Export { from, to, shuffled }),
        1..6,
    )
}

fn shuffle(lines: &mut [StatementLine], mut seed: u64) {
    for at in (1..lines.len()).rev() {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        lines.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
    }
}

/// Counts each line by what it says.
fn counted(lines: impl Iterator<Item = (Date, Identity)>) -> BTreeMap<(Date, Identity), usize> {
    lines.fold(BTreeMap::new(), |mut counts, key| {
        *counts.entry(key).or_default() += 1;
        counts
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn random_overlaps_with_balances_neither_lose_nor_double_a_line(
        lines in booked().prop_filter("nobody can distinguish lines that are equal in everything", |lines| are_distinct(lines)),
        exports in exports(),
    ) {
        let mut ledger = Ledger::default();
        let mut covered = vec![false; lines.len()];
        for Export { from, to, shuffled } in exports {
            let (from, to) = (from % lines.len(), to % lines.len());
            let (from, to) = (from.min(to), from.max(to));
            let mut export = lines[from..=to].to_vec();
            covered[from..=to].iter_mut().for_each(|seen| *seen = true);
            if let Some(seed) = shuffled {
                shuffle(&mut export, seed);
            }
            let proven = balances_prove(&export);
            ledger.import(&export, proven);
            prop_assert_eq!(ledger.import(&export, proven), 0);
        }
        let expected = counted(lines.iter().zip(&covered).filter(|(_, seen)| **seen)
            .map(|(line, _)| (line.booking_date, Identity::of(line))));
        let found = counted(ledger.0.iter().map(|line| (line.date, line.identity)));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn random_overlaps_of_whole_days_need_no_balances(lines in booked(), exports in exports()) {
        let mut ledger = Ledger::default();
        let mut covered = [false; 8];
        for Export { from, to, shuffled } in exports {
            let (from, to) = (from % 6, to % 6);
            let days = from.min(to)..=from.max(to);
            let day = |line: &StatementLine| usize::try_from(chrono::Datelike::day(&line.booking_date)).unwrap();
            let mut export: Vec<StatementLine> = lines.iter().filter(|line| days.contains(&day(line)))
                .map(|line| StatementLine { balance: None, ..line.clone() }).collect();
            days.for_each(|day| covered[day] = true);
            if let Some(seed) = shuffled {
                shuffle(&mut export, seed);
            }
            ledger.import(&export, false);
        }
        let expected = counted(lines.iter()
            .filter(|line| covered[usize::try_from(chrono::Datelike::day(&line.booking_date)).unwrap()])
            .map(|line| (line.booking_date, Identity::of(line))));
        let found = counted(ledger.0.iter().map(|line| (line.date, line.identity)));
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn amounts_of_the_whole_range_have_an_identity() {
    let most = Signed::debit(Amount::MAX);
    let line = StatementLine {
        amount: most,
        ..line(1, 1, "most")
    };
    assert_eq!(
        compare(&[], std::slice::from_ref(&line), false)
            .novelties
            .len(),
        1
    );
}

#[test]
fn two_proven_balances_make_one_line_of_two_texts() {
    let with = |day, amount, text: &str, balance: i128| StatementLine {
        balance: Signed::from_units(balance * 10_000_000),
        ..line(day, amount, text)
    };
    let first = [
        with(5, -10, "NIP TRF TO ADE", 90),
        with(16, -20, "NIP TRF TO OBI", 70),
    ];
    let known: Vec<LedgerLine> = first.iter().map(|line| known_line(line, true)).collect();
    let again = [
        StatementLine {
            value_date: Some(first[0].booking_date),
            ..with(5, -10, "nip  trf to ade", 90)
        },
        with(16, -20, "X", 70),
        with(17, -30, "C", 40),
    ];
    let compared = compare(&known, &again, true);
    assert_eq!(compared.novelties[..2], [Novelty::Known, Novelty::Known]);
    assert_ne!(compared.novelties[2], Novelty::Known);
    let elsewhere = compare(&known, &[with(5, -10, "nip  trf to ade", 80)], true);
    assert_ne!(
        elsewhere.novelties[0],
        Novelty::Known,
        "another balance is another line"
    );
    let void: Vec<LedgerLine> = known
        .iter()
        .cloned()
        .map(|line| LedgerLine { void: true, ..line })
        .collect();
    let compared = compare(&void, &first, true);
    let occurrences: Vec<u64> = compared
        .novelties
        .iter()
        .map(|novelty| match novelty {
            Novelty::New { occurrence, .. } => *occurrence,
            Novelty::Known => 0,
        })
        .collect();
    assert_eq!(
        occurrences,
        [2, 2],
        "a void line is counted and never the same"
    );
}

#[test]
fn an_id_that_comes_again_is_one_line_within_seven_days() {
    let with = |day, text: &str| StatementLine {
        bank_id: Some("F1".to_owned()),
        ..line(day, -10, text)
    };
    let known = [known_line(&with(5, "POS PENDING"), false)];
    for (day, reissued, far) in [(6, 1, 0), (12, 1, 0), (13, 0, 1)] {
        let compared = compare(&known, &[with(day, "POS SHOPRITE")], false);
        assert_eq!(
            (compared.reissued.len(), compared.far.len()),
            (reissued, far),
            "{day}"
        );
        assert_eq!(
            compared.novelties[0] == Novelty::Known,
            reissued == 1,
            "{day}"
        );
    }
    let other = StatementLine {
        amount: line(1, -11, "").amount,
        ..with(6, "POS")
    };
    assert_eq!(compare(&known, &[other], false).reissued, []);
    let at = |balance: i128, line: StatementLine| StatementLine {
        balance: Signed::from_units(balance * 10_000_000),
        ..line
    };
    let proven = [known_line(&at(90, with(5, "A")), true)];
    assert_eq!(compare(&proven, &[at(80, with(6, "A"))], true).reissued, []);
    assert_eq!(
        compare(&proven, &[at(90, with(26, "A"))], true)
            .reissued
            .len(),
        1
    );
}

#[test]
fn the_same_days_and_amounts_without_a_known_line_look_alike() {
    let first = [line(5, -10, "ADE"), line(16, -20, "OBI")];
    let known: Vec<LedgerLine> = first.iter().map(|line| known_line(line, false)).collect();
    let alike = |lines: &[StatementLine]| {
        let compared = compare(&known, lines, false);
        lookalikes(&known, (lines, StatementNumber::new(2)), &compared, false).len()
    };
    assert_eq!(
        alike(&[
            line(5, -10, "TRF ADE"),
            line(16, -20, "TRF OBI"),
            line(17, -5, "X")
        ]),
        2
    );
    assert_eq!(alike(&[line(5, -10, "TRF ADE")]), 1);
    assert_eq!(
        alike(&[line(5, -10, "ADE"), line(16, -20, "TRF OBI")]),
        0,
        "one is known"
    );
    assert_eq!(
        alike(&[line(5, -11, "X"), line(5, -10, "Y"), line(16, -1, "Z")]),
        0
    );
    assert_eq!(alike(&[line(6, -10, "TRF ADE")]), 0);
}

/// A line as the ledger has it.
fn known_line(line: &StatementLine, proven: bool) -> LedgerLine {
    LedgerLine {
        date: line.booking_date,
        amount: line.amount,
        identity: Identity::of(line),
        occurrence: 1,
        bank_id: line.bank_id.clone(),
        balance: line.balance,
        proven,
        void: false,
        statement: StatementNumber::new(1),
    }
}
