//! Registers as registrars send them, against the answers that were found apart from this program.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::Desk;

/// The samples are not ours, and are next to the project if they are at hand.
fn folder() -> Option<PathBuf> {
    let samples = std::env::var_os("PRORATA_SAMPLES").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples")),
        PathBuf::from,
    );
    let folder = samples.join("register-2");
    if folder.join("README.md").exists() {
        return Some(folder);
    }
    println!("skipped: the sample registers are not next to the project");
    None
}

/// An empty register.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.at("2026-11-30T09:00:00.000000Z");
    desk.ok("project add MARINA --name Marina --as bola");
    desk
}

fn copy(desk: &Desk, folder: &std::path::Path, name: &str) {
    std::fs::copy(folder.join(name), desk.path().join(name)).unwrap();
}

fn held(desk: &Desk, day: &str) -> Vec<(String, String)> {
    let rows = desk.json(&format!("token register MARINA --as-of {day}"));
    let rows = rows.as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.map(|row| (text(&row["holder"]), text(&row["lp_tokens_held"])))
        .collect()
}

#[test]
fn the_registrars_full_register_again_is_refused_and_shown_and_can_replace() {
    let Some(folder) = folder() else { return };
    let desk = desk();
    let (first, second) = ("01-register-2026-Q1.csv", "01-register-2026-Q2.csv");
    copy(&desk, &folder, first);
    copy(&desk, &folder, second);
    desk.ok(&format!(
        "token import {first} --project MARINA --date 2026-01-01 --create-holders --yes --as bola"
    ));
    let again = format!(
        "token import {second} --project MARINA --date 2026-06-30 --create-holders --as bola"
    );
    let said = desk.refused(&again, 1, "token.register_not_empty");
    for part in ["400 tokens", "800 tokens"] {
        assert!(said.contains(part), "{said}");
    }
    desk.ok(&format!("{again} --replace"));
    let expected = [("ada", "100"), ("chidi", "200"), ("dayo", "100")];
    let expected = expected.map(|(holder, tokens)| (holder.to_owned(), tokens.to_owned()));
    assert_eq!(held(&desk, "2026-06-30"), expected);
    desk.ok("event create M1 --project MARINA --type revenue --title T --amount 400000 --date 2026-06-30 --as bola");
    desk.ok("event calculate M1 --as bola");
    let allocated = desk.json("event allocations M1");
    let amounts: Vec<&Value> = allocated
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["allocated_amount"])
        .collect();
    assert_eq!(amounts, ["100000.00", "200000.00", "100000.00"]);
    desk.sound();
}

#[test]
fn the_row_of_totals_of_a_spreadsheet_does_not_become_a_holder() {
    let Some(folder) = folder() else { return };
    let desk = desk();
    let name = "02-total-row.csv";
    copy(&desk, &folder, name);
    let import = "--project MARINA --date 2026-01-01 --create-holders --as bola";
    let ran = desk.run(&format!("token import {name} {import}"));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("{name}:5:")), "{}", ran.stderr);
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let without: Vec<&str> = text.lines().take(4).collect();
    desk.write("without.csv", &format!("{}\n", without.join("\n")));
    assert_eq!(
        desk.json(&format!("token import without.csv {import} --yes"))["tokens"],
        json!("400")
    );
}

#[test]
fn a_file_of_requests_that_comes_twice_asks_once() {
    let Some(folder) = folder() else { return };
    let desk = desk();
    copy(&desk, &folder, "09-half-now.csv");
    for holder in ["a", "b"] {
        desk.ok(&format!(
            "holder add {holder} --name Name-{holder} --bank-name X --account-number 5550001{holder} --as bola"
        ));
        desk.ok(&format!(
            "token issue {holder} 1 --project MARINA --date 2026-01-01 --as bola"
        ));
    }
    desk.event_on("M1", "MARINA", "1000", "2026-03-31");
    let request = "withdrawal request --event M1 --from 09-half-now.csv --as bola";
    desk.ok(request);
    let again = desk.ok(request);
    assert!(
        again.stderr.contains("already requested"),
        "{}",
        again.stderr
    );
    assert_eq!(desk.json("event show M1")["total_pending"], "500.00");
}

#[test]
fn every_other_file_is_imported_or_refused_with_a_reason() {
    let Some(folder) = folder() else { return };
    for name in [
        "04-no-heading.txt",
        "05-names.csv",
        "06-wei.csv",
        "07-numbers.csv",
        "08-two-certificates.csv",
    ] {
        let desk = desk();
        copy(&desk, &folder, name);
        let ran = desk.run(&format!(
            "token import {name} --project MARINA --date 2026-01-01 --create-holders --as bola"
        ));
        assert!(
            [0, 1, 2].contains(&ran.code),
            "{name}: {} {}",
            ran.code,
            ran.stderr
        );
        if ran.code != 0 {
            assert_eq!(desk.json("token history MARINA"), json!([]), "{name}");
        }
        desk.sound();
    }
}
