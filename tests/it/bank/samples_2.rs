//! Statements as administrators have them, against the answers that were found apart from this program:
//! several accounts in one file, a line in another form, debits named like fees.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::Desk;

/// The samples are not ours, and are next to the project if they are at hand.
fn folder() -> Option<PathBuf> {
    let samples = std::env::var_os("PRORATA_SAMPLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")),
        PathBuf::from,
    );
    let folder = samples.join("bank-2");
    if folder.join("README.md").exists() {
        return Some(folder);
    }
    println!("skipped: the second sample statements are not next to the project");
    None
}

/// A ledger with an account of this number.
fn desk(account: &str, currency: &str) -> Desk {
    let mut desk = Desk::new();
    desk.at("2026-11-30T09:00:00.000000Z");
    let bank = if currency == "NGN" && account.len() == 10 && account.starts_with('0') {
        "--bank-code 058 "
    } else {
        ""
    };
    desk.ok(&format!(
        "bank add GT --bank-name GTBank {bank}--account-number {account} --currency {currency} --as bola"
    ));
    desk
}

const GT: &str = "0123456785";

/// Copies a sample next to the ledger and imports it.
fn import(desk: &Desk, folder: &std::path::Path, name: &str) -> Value {
    std::fs::copy(folder.join(name), desk.path().join(name)).unwrap();
    desk.json(&format!("bank import GT {name} --as bola"))
}

fn amounts(desk: &Desk) -> Vec<String> {
    let lines = desk.json("bank lines GT");
    let lines = lines.as_array().unwrap().iter();
    lines
        .map(|line| line["amount"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn of_a_file_with_two_accounts_only_the_statement_of_the_named_one_comes_in() {
    let Some(folder) = folder() else { return };
    for (name, account, currency) in [
        ("01-two-accounts.sta", "5550009002", "NGN"),
        ("01-two-accounts.ofx", "5550009001", "USD"),
    ] {
        let desk = desk(account, currency);
        std::fs::copy(folder.join(name), desk.path().join(name)).unwrap();
        let ran = desk.ok(&format!("bank import GT {name} --as bola"));
        assert!(ran.stderr.contains("7777"), "{name}: {}", ran.stderr);
        assert_eq!(amounts(&desk), ["-10.00"], "{name}");
        desk.sound();
    }
}

#[test]
fn eight_large_debits_that_are_named_like_fees_are_left_to_settle() {
    let Some(folder) = folder() else { return };
    let desk = desk(GT, "NGN");
    import(&desk, &folder, "02-large-debits-named-like-fees.csv");
    let ran = desk.run("bank reconcile GT --as bola");
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("8 things are left to settle"),
        "{}",
        ran.stderr
    );
    let lines = desk.json("bank lines GT");
    for line in lines.as_array().unwrap() {
        assert_eq!(line["class"], "on_bank_not_in_ledger", "{line}");
    }
}

#[test]
fn the_same_lines_in_another_form_are_known() {
    let Some(folder) = folder() else { return };
    let first = "03-overlap-first.csv";
    for (second, new, known, sum) in [
        (
            "03-overlap-second-with-value-date.csv",
            1,
            2,
            vec!["-10.00", "-20.00", "-30.00"],
        ),
        (
            "03-overlap-third-other-case.csv",
            0,
            2,
            vec!["-10.00", "-20.00"],
        ),
    ] {
        let desk = desk(GT, "NGN");
        assert_eq!(import(&desk, &folder, first)["lines_new"], 2);
        let again = import(&desk, &folder, second);
        assert_eq!(
            (&again["lines_new"], &again["lines_known"]),
            (&json!(new), &json!(known)),
            "{second}"
        );
        assert_eq!(amounts(&desk), sum, "{second}");
        desk.sound();
    }
}

#[test]
fn an_id_that_comes_again_on_another_day_is_one_line_and_a_finding() {
    let Some(folder) = folder() else { return };
    let desk = desk("5550009077", "NGN");
    let first = import(&desk, &folder, "04-fitid-reissued-1.ofx");
    let again = import(&desk, &folder, "04-fitid-reissued-2.ofx");
    assert_eq!(
        (&first["lines_new"], &again["lines_new"]),
        (&json!(1), &json!(0))
    );
    assert!(!again["findings"].as_array().unwrap().is_empty(), "{again}");
    assert_eq!(amounts(&desk).len(), 1);
}

#[test]
fn every_file_is_imported_or_refused_with_a_reason_and_taken_back() {
    let Some(folder) = folder() else { return };
    let mut read = 0;
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.contains(".md"))
        .collect();
    names.sort();
    for name in &names {
        let (account, currency) = match name.get(..2).unwrap() {
            "01" if name.contains(".sta") => ("5550009002", "NGN"),
            "01" => ("5550009001", "USD"),
            "04" => ("5550009077", "NGN"),
            "05" | "06" | "10" => (GT, "INR"),
            "08" => ("5550009083", "EUR"),
            "12" => (GT, "HUF"),
            _ => (GT, "NGN"),
        };
        let desk = desk(account, currency);
        std::fs::copy(folder.join(name), desk.path().join(name)).unwrap();
        let ran = desk.run(&format!("bank import GT {name} --as bola"));
        assert!(
            [0, 1].contains(&ran.code),
            "{name}: {} {}",
            ran.code,
            ran.stderr
        );
        if ran.code == 1 {
            assert!(
                ran.stderr.contains("nothing was written"),
                "{name}: {}",
                ran.stderr
            );
            assert_eq!(amounts(&desk), [""; 0], "{name}");
        } else {
            read += 1;
            // A statement is taken back, and the same file comes in again.
            let before = amounts(&desk);
            desk.ok("bank statement void S-1 --reason wrong --as bola");
            desk.ok(&format!("bank import GT {name} --as bola"));
            let lines = desk.json("bank lines GT");
            let live = lines.as_array().unwrap().iter();
            let live: Vec<&str> = live
                .filter(|line| line["class"] != "void")
                .map(|line| line["amount"].as_str().unwrap())
                .collect();
            assert_eq!(live, before, "{name}");
        }
        desk.sound();
    }
    println!(
        "{read} of {} second sample statements are read",
        names.len()
    );
}
