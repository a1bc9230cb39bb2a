//! Files that banks made, through the command, against figures that were computed apart from this
//! program.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Desk, Ran};

/// The samples are not ours, and are next to the project if they are at hand.
fn folder() -> Option<PathBuf> {
    let samples = std::env::var_os("PRORATA_SAMPLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")),
        PathBuf::from,
    );
    let folder = samples.join("bank");
    if folder.join("expected.json").exists() {
        return Some(folder);
    }
    println!("skipped: the sample statements are not next to the project");
    None
}

/// Adds up plain amounts in the hundredth.
fn cents<'a>(amounts: impl IntoIterator<Item = &'a str>) -> i64 {
    let cents = |amount: &str| {
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        format!("{whole}{part:0<2}")
            .parse::<i64>()
            .unwrap_or_else(|_| panic!("{amount}"))
    };
    amounts.into_iter().map(cents).sum()
}

/// What is expected of a file, in the words that [`found`] uses: statements, lines, debits,
/// credits, and where they are known the first opening and the last closing balance and whether all
/// adds up.
fn expected(figures: &Value) -> String {
    if figures["refused"] == true
        || figures["valid"] == 0
        || figures["statements"] == serde_json::json!([])
    {
        return "refused".to_owned();
    }
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let (lines, debits, credits, statements) = if let Some(blocks) = figures["blocks"].as_u64() {
        (
            figures["lines"].clone(),
            text(&figures["deb"]),
            text(&figures["cre"]),
            blocks,
        )
    } else if let Some(statements) = figures["statements"].as_array() {
        let sum = |field: &str| cents(statements.iter().map(|one| one[field].as_str().unwrap()));
        let plain = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let entries: u64 = statements
            .iter()
            .map(|one| one["entries"].as_u64().unwrap())
            .sum();
        (
            entries.into(),
            plain(sum("sum_debits")),
            plain(sum("sum_credits")),
            u64::try_from(statements.len()).unwrap(),
        )
    } else {
        let lines = if figures["txns"].is_null() {
            &figures["lines"]
        } else {
            &figures["txns"]
        };
        (
            lines.clone(),
            text(&figures["sum_debits"]),
            text(&figures["sum_credits"]),
            1,
        )
    };
    format!(
        "{statements} statements, {lines} lines, out {}, in {}",
        cents([debits.as_str()]),
        cents([credits.as_str()])
    )
}

/// What an import told.
fn found(ran: &Ran) -> String {
    if ran.code != 0 {
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        return "refused".to_owned();
    }
    let imported: Value = serde_json::from_str(&ran.stdout).unwrap();
    let statements = imported
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![imported]);
    let sum = |field: &str| cents(statements.iter().map(|one| one[field].as_str().unwrap()));
    let lines: u64 = statements
        .iter()
        .map(|one| one["lines_new"].as_u64().unwrap() + one["lines_known"].as_u64().unwrap())
        .sum();
    format!(
        "{} statements, {lines} lines, out {}, in {}",
        statements.len(),
        sum("debits"),
        sum("credits")
    )
}

/// The currency that the figures name.
fn currency(figures: &Value) -> &str {
    let inside = [
        &figures["ccy"],
        &figures["curdef"][0],
        &figures["blocks_detail"][0]["open"][2],
        &figures["statements"][0]["balances"][0][2],
    ];
    inside.into_iter().find_map(Value::as_str).unwrap_or("NGN")
}

/// A ledger with an account in every currency of the samples, on a day after all of them.
fn desk() -> Desk {
    let mut desk = Desk::empty();
    desk.at("2026-11-23T09:00:00.000000Z");
    desk.ok("init --user ada");
    for currency in ["NGN", "SGD", "GBP", "EUR", "USD", "AUD", "CAD", "PLN"] {
        desk.ok(&format!("bank add {currency} --bank-name Bank --account-number 55500055 --currency {currency} --as ada"));
    }
    desk
}

#[test]
fn every_sample_is_imported_with_the_figures_that_were_computed_apart() {
    let Some(folder) = folder() else { return };
    let figures: Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let mut differ = Vec::new();
    for (name, figures) in figures.as_object().unwrap() {
        let desk = desk();
        let profile = if name.starts_with("c11") {
            "--profile posb"
        } else {
            ""
        };
        let file = folder.join(name);
        let line = format!(
            "bank import {} {} {profile} --as ada -f json",
            currency(figures),
            file.display()
        );
        let ran = desk.run(&line);
        let (expected, found) = (expected(figures), found(&ran));
        println!("{name}: expected {expected} found {found}");
        if expected != found {
            differ.push(format!(
                "{name}: expected {expected} found {found} {}",
                ran.stderr
            ));
        }
        if ran.code == 0 {
            compare_one(name, figures, &ran, &mut differ);
            let again = desk.ok(&line);
            assert!(
                again.stderr.contains("already imported as S-000001"),
                "{name}: {}",
                again.stderr
            );
            desk.sound();
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// Compares what only the figures of files with one statement tell: balances, dates, and whether
/// they add up.
fn compare_one(name: &str, figures: &Value, ran: &Ran, differ: &mut Vec<String>) {
    let imported: Value = serde_json::from_str(&ran.stdout).unwrap();
    for (field, figure) in [
        ("opening_balance", "opening"),
        ("closing_balance", "closing"),
        ("date_from", "date_from"),
        ("date_to", "date_to"),
    ] {
        let Some(expected) = figures[figure].as_str() else {
            continue;
        };
        if imported[field] != expected {
            differ.push(format!(
                "{name}: {field}: expected {expected} found {}",
                imported[field]
            ));
        }
    }
    let holds = figures["balance_ok"]
        .as_bool()
        .or_else(|| figures["balance_equation_holds"].as_bool());
    if holds.is_some() && imported["balance_ok"].as_bool() != holds {
        differ.push(format!(
            "{name}: balance_ok: expected {holds:?} found {}",
            imported["balance_ok"]
        ));
    }
    if let Some(blocks) = imported.as_array() {
        let unbalanced = blocks
            .iter()
            .filter(|block| block["balance_ok"] == false)
            .count();
        if figures["balanced"]
            .as_u64()
            .is_some_and(|balanced| usize::try_from(balanced) == Ok(blocks.len()))
            && unbalanced > 0
        {
            differ.push(format!("{name}: {unbalanced} statements do not add up"));
        }
    }
}
