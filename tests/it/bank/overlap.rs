//! Whatever files bring an account's lines: none is lost, none is doubled.

use serde_json::json;

use super::{THREE, each};
use crate::support::{Desk, naira, statement};

/// Imports and answers how many lines were new and how many known.
#[track_caller]
fn import(desk: &Desk, name: &str) -> (u64, u64) {
    let imported = desk.json(&format!("bank import OPS {name} --as bola"));
    (
        imported["lines_new"].as_u64().unwrap(),
        imported["lines_known"].as_u64().unwrap(),
    )
}

fn count(desk: &Desk) -> usize {
    desk.json("bank lines OPS").as_array().unwrap().len()
}

#[test]
fn a_part_and_a_whole_in_either_order_are_the_whole() {
    for order in [["part.csv", "whole.csv"], ["whole.csv", "part.csv"]] {
        let desk = Desk::with_bank();
        desk.statement("whole.csv", 100_000, &THREE);
        desk.statement("part.csv", 97_000, &THREE[1..]);
        let told = order.map(|name| import(&desk, name));
        let expected = if order[0] == "part.csv" {
            [(2, 0), (1, 2)]
        } else {
            [(3, 0), (0, 2)]
        };
        assert_eq!(told, expected, "{order:?}");
        assert_eq!(count(&desk), 3);
        desk.sound();
    }
}

#[test]
fn the_same_lines_newest_first_are_the_same_lines() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE);
    let text = statement(100_000, &THREE);
    let (head, rows) = text.split_at(text.find("2026-06-24").unwrap());
    let turned: Vec<&str> = rows.lines().rev().collect();
    desk.write("turned.csv", &format!("{head}{}\n", turned.join("\n")));
    assert_eq!(import(&desk, "turned.csv"), (0, 3));
    assert_eq!(count(&desk), 3);
}

#[test]
fn twins_stay_twins_and_never_become_four() {
    let twins = [THREE[0], THREE[0], THREE[1]];
    let desk = Desk::with_bank();
    desk.imported("june.csv", &twins);
    desk.statement(
        "more.csv",
        100_000,
        &[twins[0], twins[1], twins[2], THREE[2]],
    );
    assert_eq!(import(&desk, "more.csv"), (1, 3));
    assert_eq!(
        each(&desk.json("bank lines OPS"), "amount"),
        ["-30.00", "-30.00", "50.00", "-10.50"]
    );
    // Without balances nothing but their number tells equal lines apart.
    let desk = Desk::with_bank();
    let bare = |rows: &str| format!("Date,Narration,Amount\n{rows}");
    desk.write(
        "a.csv",
        &bare("2026-06-24,POS,-1.00\n2026-06-24,POS,-1.00\n"),
    );
    desk.write(
        "b.csv",
        &bare("2026-06-24,POS,-1.00\n2026-06-24,POS,-1.00\n2026-06-24,POS,-1.00\n"),
    );
    desk.write("c.csv", &bare("2026-06-24,POS,-1.00\n"));
    assert_eq!(
        [
            import(&desk, "a.csv"),
            import(&desk, "b.csv"),
            import(&desk, "c.csv")
        ],
        [(2, 0), (1, 2), (0, 1)]
    );
    assert_eq!(count(&desk), 3);
    desk.sound();
}

#[test]
fn two_files_that_meet_between_two_twins_make_two_lines() {
    let desk = Desk::with_bank();
    let twin = ("2026-06-24", "", -3000, "POS PURCHASE A");
    desk.imported("first.csv", &[twin]);
    desk.statement("second.csv", 97_000, &[twin, THREE[1]]);
    assert_eq!(
        import(&desk, "second.csv"),
        (2, 0),
        "the running balance says that it is another line"
    );
    assert_eq!(
        desk.json("bank import OPS second.csv --as bola")["already_imported"],
        json!(true)
    );
    assert_eq!(count(&desk), 3);
}

#[test]
fn a_dry_run_of_an_overlap_shows_what_the_run_does() {
    let desk = Desk::with_bank();
    desk.imported("june.csv", &THREE[..2]);
    desk.statement("more.csv", 100_000, &THREE);
    let before = std::fs::read(desk.ledger()).unwrap();
    let tried = desk.json("bank import OPS more.csv --dry-run --as bola");
    assert_eq!(
        (&tried["lines_new"], &tried["lines_known"]),
        (&json!(1), &json!(2))
    );
    assert!(before == std::fs::read(desk.ledger()).unwrap());
    assert_eq!(import(&desk, "more.csv"), (1, 2));
}

/// Numbers that look random and are the same on every run: splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

#[test]
fn random_overlapping_exports_of_one_statement_lose_no_line_and_double_none() {
    for seed in [1, 20, 300] {
        let mut dice = Dice(seed);
        let dates: Vec<String> = (0..60)
            .map(|at| format!("2026-06-{:02}", 1 + at / 3))
            .collect();
        // Few texts and few amounts, so that many lines are equal.
        let lines: Vec<(&str, &str, i64, &str)> = dates
            .iter()
            .map(|date| {
                let amount = [-1_000, -1_000, 2_000, -500][dice.below(4)];
                (
                    date.as_str(),
                    "",
                    amount,
                    ["POS PURCHASE", "TRANSFER"][dice.below(2)],
                )
            })
            .collect();
        let desk = Desk::with_bank();
        let mut covered = vec![false; lines.len()];
        let mut exports: Vec<(usize, usize)> = (0..13)
            .map(|_| {
                let from = dice.below(lines.len() - 1);
                (from, (from + 2 + dice.below(25)).min(lines.len()))
            })
            .collect();
        // Two more see to it that the beginning and the end are there, in the middle of the others.
        exports.insert(5, (0, 35));
        exports.insert(9, (30, lines.len()));
        let mut new = 0;
        for (number, (from, to)) in exports.into_iter().enumerate() {
            let opening = 1_000_000 + lines[..from].iter().map(|line| line.2).sum::<i64>();
            let name = format!("export-{number}.csv");
            desk.statement(&name, opening, &lines[from..to]);
            let imported = desk.json(&format!("bank import OPS {name} --as bola"));
            if imported["already_imported"] == true {
                continue;
            }
            covered[from..to].fill(true);
            new += imported["lines_new"].as_u64().unwrap();
            let classes = covered.iter().filter(|is| **is).count();
            assert_eq!(
                new,
                u64::try_from(classes).unwrap(),
                "seed {seed}, export {number} of {from}..{to}"
            );
            assert_eq!(imported["balance_ok"], true);
        }
        assert!(covered.iter().all(|is| *is));
        let listed = desk.json("bank lines OPS");
        let kobo = |amount: &str| amount.replace('.', "").parse::<i64>().unwrap();
        let sum: i64 = each(&listed, "amount").into_iter().map(kobo).sum();
        assert_eq!(listed.as_array().unwrap().len(), lines.len());
        assert_eq!(naira(sum), naira(lines.iter().map(|line| line.2).sum()));
        let mut balances: Vec<i64> = each(&listed, "balance").into_iter().map(kobo).collect();
        let mut expected: Vec<i64> = lines
            .iter()
            .scan(1_000_000, |sum, line| {
                *sum += line.2;
                Some(*sum)
            })
            .collect();
        balances.sort_unstable();
        expected.sort_unstable();
        assert_eq!(
            balances, expected,
            "seed {seed}: each line once, with its balance"
        );
        desk.sound();
    }
}
