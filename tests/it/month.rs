//! The month at the bank: the walk puts each line and payment into the class it was made for, and
//! settles it; the job of the month end acts on each exit code.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::support::{Desk, NOW, Ran, program};

/// A class: lines and their sum, payments and their sum.
type Class = (&'static str, u64, &'static str, u64, &'static str);

/// What the statement was written for.
const FIRST: [Class; 10] = [
    ("matched", 31, "-31465000.00", 31, "31465000.00"),
    ("proposed", 4, "-13970000.00", 0, "0.00"),
    ("ambiguous", 2, "-1500000.00", 0, "0.00"),
    ("amount_differs", 1, "-534946.25", 0, "0.00"),
    ("paid_not_on_bank", 0, "0.00", 1, "610000.00"),
    ("on_bank_not_in_ledger", 3, "-87475.00", 0, "0.00"),
    ("unexpected_credit", 1, "60000000.00", 0, "0.00"),
    ("duplicate_payment", 2, "-2070000.00", 0, "0.00"),
    ("returned", 2, "0.00", 1, "885000.00"),
    ("fee_tax_levy", 121, "-4200.00", 0, "0.00"),
];

/// What is left of it once everything is settled.
const LAST: [Class; 6] = [
    ("matched", 37, "-36504946.25", 37, "36504946.25"),
    ("matched_group", 2, "-12000000.00", 1, "12000000.00"),
    ("returned", 2, "0.00", 1, "885000.00"),
    ("never_sent", 0, "0.00", 1, "610000.00"),
    ("fee_tax_levy", 121, "-4200.00", 0, "0.00"),
    ("resolved", 5, "58877525.00", 0, "0.00"),
];

/// Makes a command that runs a script of `examples/` in a folder, with nothing in its environment
/// but what it needs.
fn script(name: &str, folder: &Path) -> Command {
    let mut command = Command::new("sh");
    command
        .arg(format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR")))
        .current_dir(folder)
        .env_clear()
        .env(
            "PATH",
            std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
        )
        .env("TMPDIR", folder)
        .env("TZ", "UTC")
        .env("PRORATA", program())
        .env("PRORATA_TEST_NOW", NOW)
        .env("PAUSE", "0")
        .stdin(Stdio::null());
    command
}

/// Runs the job of the month end on the ledger of a folder.
fn month_end(folder: &Path, user: &str, words: &[&str]) -> Ran {
    let mut command = script("month-end.sh", folder);
    command
        .env("PRORATA_LEDGER", "prorata.db")
        .env("PRORATA_AS", user)
        .env("MONTH", "2026-06")
        .args(words);
    Ran::of(command.output().unwrap())
}

/// Walks the month and keeps what it makes.
pub(crate) fn walk() -> (tempfile::TempDir, PathBuf, Ran) {
    let outer = tempfile::tempdir().unwrap();
    let ran = Ran::of(
        script("month.sh", outer.path())
            .arg("kept")
            .output()
            .unwrap(),
    );
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let folder = outer.path().join("kept");
    (outer, folder, ran)
}

fn json(file: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

fn assert_classes(report: &Value, wanted: &[Class]) {
    let text = |class: &Value, field: &str| class[field].as_str().unwrap().to_owned();
    let count = |class: &Value, field: &str| class[field].as_u64().unwrap();
    let found: Vec<_> = report["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let lines = (count(row, "lines"), text(row, "lines_total"));
            (
                text(row, "class"),
                lines.0,
                lines.1,
                count(row, "payments"),
                text(row, "payments_total"),
            )
        })
        .collect();
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(class, lines, sum, payments, paid)| {
            (
                (*class).into(),
                *lines,
                (*sum).into(),
                *payments,
                (*paid).into(),
            )
        })
        .collect();
    assert_eq!(found, wanted);
    assert_eq!(report["bank_proof"][0]["difference"], "0.00");
    assert_eq!(report["ledger_proof"][0]["difference"], "0.00");
}

/// Reads every file of a folder, by its name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn each_line_and_payment_of_the_month_is_in_its_class_until_nothing_is_left() {
    let (_outer, folder, ran) = walk();
    let reports = folder.join("reports");
    let first = json(&reports.join("2026-06.1/reconciliation.json"));
    assert_classes(&first, &FIRST);
    assert_eq!(first["items"].as_array().unwrap().len(), 14);
    assert!(
        ran.stdout.contains("\n14 things are left to settle"),
        "the run and the report count the same"
    );
    let why = |class: &str| {
        let items = first["items"].as_array().unwrap();
        items.iter().find(|item| item["class"] == class).unwrap()["detail"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(
        why("amount_differs")
            .contains("53.75 less than expected; this is the transfer fee of 50.00"),
        "{}",
        why("amount_differs")
    );
    let last = json(&reports.join("2026-06/reconciliation.json"));
    assert_classes(&last, &LAST);
    assert_eq!(last["items"], Value::Array(Vec::new()));
    assert_eq!(last["ledger_proof"][0]["outstanding"], "0.00");

    let codes: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("(exit code"))
        .collect();
    assert_eq!(
        codes,
        [
            "(exit code 1)",
            "(exit code 3)",
            "(exit code 0)",
            "(exit code 0)"
        ]
    );
    let checks = |name: &str| {
        String::from_utf8(files(&reports.join(name))["cross-check.txt"].clone()).unwrap()
    };
    assert!(checks("2026-06.1").ends_with(
        "payments whose reference is not there:   1\n  P-000003  kalu  610000.00  no line\n"
    ));
    assert!(checks("2026-06").ends_with("payments whose reference is not there:   0\n"));
    let kept: Vec<_> = std::fs::read_dir(&reports)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(kept.len(), 2, "nothing half made is left: {kept:?}");

    let holders = std::fs::read_to_string(folder.join("holders.csv")).unwrap();
    let numbers: Vec<&str> = holders
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').nth(6))
        .collect();
    assert_eq!(numbers.len(), 40);
    assert!(
        numbers.iter().all(|number| !ran.stdout.contains(number)),
        "an account number is shown whole"
    );
}

#[test]
fn a_repeat_of_the_month_end_changes_nothing() {
    let (_outer, folder, _) = walk();
    let (ledger, reports) = (folder.join("prorata.db"), folder.join("reports/2026-06"));
    // The walk ends with a check, which the trail notes: the reports then name another head.
    month_end(&folder, "bola", &["RENT", "reports", "statement.csv"]);
    let before = (std::fs::read(&ledger).unwrap(), files(&reports));
    let again = month_end(&folder, "bola", &["RENT", "reports", "statement.csv"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again
            .stdout
            .ends_with("reports of 2026-06: reports/2026-06, as before\n"),
        "{}",
        again.stdout
    );
    assert!(before == (std::fs::read(&ledger).unwrap(), files(&reports)));
    for command in ["check", "audit verify"] {
        let ran = Command::new(program())
            .current_dir(&folder)
            .env_clear()
            .env("PRORATA_TEST_NOW", NOW)
            .args(command.split(' '))
            .output();
        assert!(ran.unwrap().status.success(), "{command}");
    }
    // The same lines in another file, as the bank sends them when it is asked again, bring nothing
    // in twice.
    let whole = std::fs::read_to_string(folder.join("statement.csv")).unwrap();
    let name = "statement, \"sent again\".csv";
    std::fs::write(folder.join(name), whole.replace('\n', "\r\n")).unwrap();
    let overlapping = month_end(&folder, "bola", &["RENT", "reports", name]);
    assert_eq!(overlapping.code, 0, "{}", overlapping.stderr);
    assert!(
        overlapping
            .stderr
            .contains("imported 0 new lines, 167 known"),
        "{}",
        overlapping.stderr
    );
}

/// A statement without payments, whose closing balance holds where `fee` is 50.00.
fn statement(fee: &str) -> String {
    format!(
        "Account Number:,0017488362\nOpening Balance:,\"1,000.00\"\nTrans. Date,Reference,Value. Date,Debit,Credit,Balance,Remarks\n\
         29-Jun-2026,G1,29-Jun-2026,{fee},,950.00,COMMISSION CHEQUE BOOK\n29-Jun-2026,G2,29-Jun-2026,50.00,,900.00,STAMP DUTY CHEQUE BOOK\n\
         Closing Balance:,900.00\n"
    )
}

fn with_account() -> Desk {
    let desk = Desk::new();
    desk.ok(
        "bank add RENT --bank-name GTBank --bank-code 058 --account-number 0017488362 --as bola",
    );
    desk
}

#[test]
fn a_statement_that_does_not_add_up_is_a_balance_break() {
    let desk = with_account();
    desk.write("good.csv", &statement("50.00"));
    assert_eq!(
        month_end(desk.path(), "bola", &["RENT", "good", "good.csv"]).code,
        0
    );

    let desk = with_account();
    desk.write("broken.csv", &statement("25.00"));
    let ran = month_end(desk.path(), "bola", &["RENT", "reports", "broken.csv"]);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("balance_break"), "{}", ran.stderr);
    assert!(
        ran.stderr
            .ends_with("month-end: something is left to settle; see the reports of 2026-06\n"),
        "{}",
        ran.stderr
    );
    let report = json(&desk.path().join("reports/2026-06/reconciliation.json"));
    assert_eq!(report["bank_proof"][0]["difference"], "-25.00");
    let item = &report["items"][0];
    assert_eq!(
        (item["class"].as_str(), item["code"].as_str()),
        (Some("balance_break"), Some("S-000001"))
    );
    let lines = desk.json("bank lines RENT");
    assert_eq!(
        lines.as_array().unwrap().len(),
        2,
        "the lines are there all the same"
    );
}

#[test]
fn the_month_end_ends_with_the_exit_code_of_the_step_that_failed() {
    let desk = with_account();
    desk.write("bad.csv", &statement("fifty"));
    desk.write(
        "page.csv",
        "<!DOCTYPE html><html><body>Session expired</body></html>",
    );
    desk.write("good.csv", &statement("50.00"));
    for (code, user, words) in [
        (1, "bola", &["RENT", "reports", "bad.csv"][..]),
        (1, "bola", &["RENT", "reports", "page.csv"][..]),
        (1, "dayo", &["RENT", "reports", "good.csv"][..]),
        (1, "bola", &["SAVINGS", "reports"][..]),
        (2, "bola", &["RENT"][..]),
        (4, "bola", &["RENT", "reports", "missing.csv"][..]),
    ] {
        let ran = month_end(desk.path(), user, words);
        assert_eq!(ran.code, code, "{words:?} by {user}: {}", ran.stderr);
        assert!(
            ran.stderr
                .lines()
                .last()
                .unwrap()
                .starts_with("month-end: "),
            "{}",
            ran.stderr
        );
        assert!(
            !desk.path().join("reports/2026-06").exists(),
            "{words:?}: reports are complete or not there"
        );
    }
    assert!(
        files_left(&desk.path().join("reports")).is_empty(),
        "nothing half made is left"
    );
    std::fs::remove_file(desk.ledger()).unwrap();
    assert_eq!(month_end(desk.path(), "bola", &["RENT", "reports"]).code, 4);
}

fn files_left(folder: &Path) -> Vec<std::ffi::OsString> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect()
}

/// A program that notes how it is called and ends as `codes` say, one after the other; then it is
/// the real one.
fn faltering(desk: &Desk, codes: &str) -> Ran {
    use std::os::unix::fs::PermissionsExt as _;
    let wrapper = desk.path().join("faltering");
    let real = program();
    let text = format!(
        "#!/bin/sh\ncase $* in *--key*) ;; *) exec '{real}' \"$@\" ;; esac\nprintf '%s\\n' \"$*\" >> calls.txt\n\
         code=$(printf '%s' '{codes}' | cut -d , -f \"$(wc -l < calls.txt | tr -d ' ')\")\n\
         [ -z \"$code\" ] || exit \"$code\"\nexec '{real}' \"$@\"\n"
    );
    std::fs::write(&wrapper, text).unwrap();
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = script("month-end.sh", desk.path());
    command
        .env("PRORATA", "./faltering")
        .env("PRORATA_LEDGER", "prorata.db")
        .env("PRORATA_AS", "bola")
        .env("MONTH", "2026-06");
    Ran::of(
        command
            .args(["RENT", "reports", "good.csv"])
            .output()
            .unwrap(),
    )
}

#[test]
fn what_is_busy_or_unknown_is_tried_again_with_the_same_key() {
    for (codes, code, calls) in [
        ("5,6", 0, 4),
        ("6,6,6", 6, 3),
        ("5,5,5", 5, 3),
        ("70", 70, 1),
        ("101", 101, 1),
    ] {
        let desk = with_account();
        desk.write("good.csv", &statement("50.00"));
        let ran = faltering(&desk, codes);
        assert_eq!(ran.code, code, "{codes}: {}", ran.stderr);
        let called = std::fs::read_to_string(desk.path().join("calls.txt")).unwrap();
        let imports: Vec<&str> = called
            .lines()
            .filter(|line| line.starts_with("bank import"))
            .collect();
        assert_eq!(called.lines().count(), calls, "{called}");
        assert!(
            imports.iter().all(|import| *import == imports[0]),
            "the same command with the same key: {called}"
        );
        assert_eq!(desk.path().join("reports/2026-06").exists(), code == 0);
    }
}
