//! `report month-end`: a folder that is complete or not there at all.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::{
    event::once::unchanged,
    support::{Desk, has_program},
};

const FILES: [&str; 22] = [
    "SHA256SUMS",
    "activity.csv",
    "activity.json",
    "analytics.csv",
    "analytics.json",
    "balances.csv",
    "balances.json",
    "carried-forward.csv",
    "carried-forward.json",
    "controls.csv",
    "controls.json",
    "dashboard.html",
    "history.csv",
    "history.json",
    "reconciliation.csv",
    "reconciliation.json",
    "reserves.csv",
    "reserves.json",
    "tax.csv",
    "tax.json",
    "trial-balance.csv",
    "trial-balance.json",
];

fn desk() -> Desk {
    let mut desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("withdrawal approve W-1 --as chi");
    desk
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                fs::read(&path).unwrap(),
            )
        })
        .collect()
}

/// Returns the names of what is next to the ledger.
fn neighbours(desk: &Desk) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(desk.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_month_has_all_its_reports_and_their_hashes() {
    let desk = desk();
    let ran = unchanged(&desk, || desk.ok("report month-end 2026-06 -o june"));
    assert!(
        ran.stderr.contains("Month end 2026-06") && ran.stderr.contains("as of 2026-06-30"),
        "{}",
        ran.stderr
    );
    let folder = desk.path().join("june");
    let made = files(&folder);
    assert_eq!(made.keys().map(String::as_str).collect::<Vec<_>>(), FILES);
    for (name, report) in [
        ("history", "report history"),
        ("balances", "report balances"),
        ("analytics", "report analytics"),
        ("reconciliation", "report reconciliation"),
        ("reserves", "reserve list"),
        ("carried-forward", "forward list"),
    ] {
        for format in ["csv", "json"] {
            let printed = desk
                .ok(&format!("{report} --as-of 2026-06-30 -f {format}"))
                .stdout;
            assert_eq!(
                made[&format!("{name}.{format}")],
                printed.as_bytes(),
                "{name}.{format}"
            );
        }
    }
    let activity = desk
        .ok("report activity --from 2026-06-01 --to 2026-06-30 --as-of 2026-06-30 -f csv")
        .stdout;
    assert_eq!(made["activity.csv"], activity.as_bytes());
    if has_program("sha256sum") {
        let checked = Command::new("sha256sum")
            .args(["-c", "--strict", "--quiet", "SHA256SUMS"])
            .current_dir(&folder)
            .status();
        assert!(checked.unwrap().success());
    }
    let sums = String::from_utf8(made["SHA256SUMS"].clone()).unwrap();
    assert_eq!(sums.lines().count(), FILES.len() - 1, "{sums}");
}

#[test]
fn the_debits_of_the_trial_balance_are_its_credits() {
    let desk = desk();
    desk.ok("report month-end 2026-06 -o june");
    let rows = fs::read_to_string(desk.path().join("june/trial-balance.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(rows.as_bytes());
    let (mut debits, mut credits) = (0_i64, 0_i64);
    for row in reader.records().map(Result::unwrap) {
        let kobo = |cell: &str| cell.replace('.', "").parse::<i64>().unwrap();
        debits += kobo(&row[2]);
        credits += kobo(&row[3]);
    }
    assert!(debits > 0 && debits == credits, "{rows}");
}

#[test]
fn a_month_that_is_over_is_the_same_again_wherever_and_whenever() {
    let mut desk = desk();
    desk.ok("report month-end 2026-06 -o june");
    let made = files(&desk.path().join("june"));
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-06-30 --yes --as bola");
    desk.ok("holder set h2 --name Renamed --as bola");
    desk.at("2027-01-31T23:00:00.000000Z");
    let again = desk.ok("report month-end 2026-06 -o june");
    assert!(
        again.stderr.contains("byte for byte; nothing was written"),
        "{}",
        again.stderr
    );
    let mut command = desk.command(["report", "month-end", "2026-06", "-o", "other"]);
    assert!(
        command
            .env("TZ", "Pacific/Kiritimati")
            .env("LC_ALL", "de_DE.UTF-8")
            .status()
            .unwrap()
            .success()
    );
    assert!(files(&desk.path().join("other")) == made);
    desk.ok("report month-end 2026-07 -o july");
    let july = desk
        .ok("report activity --from 2026-07-01 --to 2026-07-31 -f csv")
        .stdout;
    assert!(july.lines().count() > 1, "{july}");
    let of_july = fs::read_to_string(desk.path().join("july/activity.csv")).unwrap();
    assert_eq!(of_july, july, "of the month, not of those before it");
}

#[test]
fn what_is_already_there_is_never_lost() {
    let desk = desk();
    desk.ok("report month-end 2026-06 -o june");
    desk.write("june/history.csv", "edited\n");
    let before = neighbours(&desk);
    let ran = desk.run("report month-end 2026-06 -o june");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("`june` already exists") && ran.stderr.contains("then use `--force`"),
        "{}",
        ran.stderr
    );
    assert_eq!(neighbours(&desk), before);
    let forced = desk.ok("report month-end 2026-06 -o june --force");
    assert!(
        forced.stderr.contains("the folder before it is now june.1"),
        "{}",
        forced.stderr
    );
    assert_eq!(
        fs::read_to_string(desk.path().join("june.1/history.csv")).unwrap(),
        "edited\n"
    );
    assert_eq!(files(&desk.path().join("june")).len(), FILES.len());
    fs::create_dir(desk.path().join("june/mine")).unwrap();
    desk.ok("report month-end 2026-06 -o june/ --force");
    assert!(desk.path().join("june.2/mine").is_dir());
}

#[test]
fn a_slash_at_the_end_changes_nothing_and_an_empty_folder_makes_room() {
    let desk = desk();
    fs::create_dir(desk.path().join("june")).unwrap();
    desk.ok("report month-end 2026-06 -o june/");
    assert_eq!(files(&desk.path().join("june")).len(), FILES.len());
    desk.write("june/history.csv", "edited\n");
    let ran = desk.run("report month-end 2026-06 -o june/");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("has other files") && ran.stderr.contains("kept under another name"),
        "{}",
        ran.stderr
    );
    desk.ok("report month-end 2026-06 -o ./june/ --force");
    assert_eq!(
        fs::read_to_string(desk.path().join("june.1/history.csv")).unwrap(),
        "edited\n"
    );
}

#[test]
fn a_month_that_is_not_over_and_a_target_that_is_not_a_folder_are_refused() {
    let desk = desk();
    for (line, message) in [
        (
            "report month-end 2026-08 -o august",
            "2026-08 begins on 2026-08-01, which is in the future",
        ),
        ("report month-end 2026-13 -o july", "is not a month"),
        ("report month-end 2026-06", "--output DIR"),
        (
            "report month-end 2026-06 -o x -f csv",
            "invalid value 'csv' for '--format <FORMAT>'",
        ),
        (
            "report month-end 2026-06 -o x --as-of 2026-06-30",
            "unexpected argument '--as-of'",
        ),
        (
            "report month-end 2026-06 -o x --key k",
            "unexpected argument '--key'",
        ),
    ] {
        let ran = desk.run(line);
        assert_eq!(ran.code, 2, "`{line}`: {}", ran.stderr);
        assert!(ran.stderr.contains(message), "`{line}`: {}", ran.stderr);
    }
    desk.write("page.csv", "");
    let before = neighbours(&desk);
    desk.refused_text(
        "report month-end 2026-06 -o prorata.db",
        1,
        "`prorata.db` is the ledger itself",
    );
    for (line, message) in [
        ("report month-end 2026-06 -o page.csv", "it is not a folder"),
        (
            "report month-end 2026-06 -o none/june",
            "there is no such folder",
        ),
        ("report month-end 2026-06 -o . --force", "needs a name"),
        ("report month-end 2026-06 -o ..", "needs a name"),
        ("report month-end 2026-06 -o x --ledger none.db", "none.db"),
    ] {
        let ran = desk.run(line);
        assert_eq!(ran.code, 4, "`{line}`: {}", ran.stderr);
        assert!(ran.stderr.contains(message), "`{line}`: {}", ran.stderr);
    }
    assert_eq!(neighbours(&desk), before, "nothing is left behind");
}

#[test]
fn a_month_that_is_not_over_is_reported_as_of_today_with_a_warning() {
    for (now, month) in [
        ("2026-06-30T23:00:00.000000Z", "2026-06"),
        ("2026-07-02T09:00:00.000000Z", "2026-07"),
    ] {
        let mut desk = desk();
        desk.at(now);
        let ran = desk.ok(&format!("report month-end {month} -o month"));
        let today = now.split('T').next().unwrap();
        let warning =
            format!("warning: {month} is not over in UTC; these reports are as of {today}");
        assert!(
            ran.stderr.contains(&warning) && ran.stderr.contains(&format!("as of {today}")),
            "{}",
            ran.stderr
        );
        let made = files(&desk.path().join("month"));
        assert_eq!(made.len(), FILES.len());
        assert!(
            String::from_utf8_lossy(&made["dashboard.html"])
                .contains(&format!("Month {month}, not over"))
        );
        assert!(
            desk.ok(&format!("report month-end {month} -o month"))
                .stderr
                .contains("byte for byte")
        );
    }
}

#[test]
fn a_month_before_the_ledger_has_reports_of_nothing() {
    let desk = desk();
    desk.ok("report month-end 2020-01 -o old");
    let made = files(&desk.path().join("old"));
    assert_eq!(made.len(), FILES.len());
    assert_eq!(made["balances.json"], b"[]\n");
    assert_eq!(
        String::from_utf8_lossy(&made["history.csv"])
            .lines()
            .count(),
        1,
        "only the header"
    );
}
