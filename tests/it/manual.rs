//! The README and the manual: what they show is what the program prints, and what they promise
//! holds.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{
    examples::{example, masked},
    support::{Desk, NOW, Ran, has_program, program},
};

fn document(name: &str) -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_readme_is_short() {
    let lines = document("README.md").lines().count();
    assert!(lines <= 300, "{lines} lines");
}

#[test]
fn the_quick_start_works_word_by_word() {
    let readme = document("README.md");
    let section = readme.split("\n## Quick start\n").nth(1).unwrap();
    let script = section
        .split("```sh\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let desk = Desk::empty();
    std::fs::create_dir(desk.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(program(), desk.path().join("bin/prorata")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let ran = Command::new("sh")
        .args(["-e", "-c", script])
        .current_dir(desk.path())
        .env_clear()
        .env("PATH", format!("{}/bin:{path}", desk.path().display()))
        .env("PRORATA_TEST_NOW", NOW)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let ran = Ran::of(ran);
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let lines: Vec<Vec<&str>> = ran
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert!(lines.contains(&vec!["ok", "yes"]), "{}", ran.stdout);
    let total = vec![
        "total",
        "NGN",
        "12,500,000.00",
        "6,944,315.85",
        "5,555,684.15",
        "0.00",
    ];
    assert!(lines.contains(&total), "{}", ran.stdout);
}

#[test]
fn every_link_of_the_readme_and_the_manual_leads_somewhere() {
    let links = regex::Regex::new(r"\]\(([^)#:]*)(#[^)]*)?\)").unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut documents = vec![
        "README.md".into(),
        "CONTRIBUTING.md".into(),
        "CHANGELOG.md".into(),
    ];
    for entry in std::fs::read_dir(root.join("docs")).unwrap() {
        documents.push(PathBuf::from("docs").join(entry.unwrap().file_name()));
    }
    for name in documents {
        let text = std::fs::read_to_string(root.join(&name)).unwrap();
        for link in links.captures_iter(&text) {
            let target = match &link[1] {
                "" => root.join(&name),
                path => root.join(&name).parent().unwrap().join(path),
            };
            assert!(target.exists(), "{}: {}", name.display(), &link[0]);
            let Some(anchor) = link.get(2) else { continue };
            let headings = std::fs::read_to_string(&target).unwrap();
            assert!(
                headings
                    .lines()
                    .filter(|line| line.starts_with('#'))
                    .any(|line| anchor_of(line) == anchor.as_str()),
                "{}: {} leads to no heading",
                name.display(),
                &link[0]
            );
        }
    }
}

/// The anchor that a host of repositories makes of a heading.
fn anchor_of(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    format!("#{}", kept.collect::<String>().replace(' ', "-"))
}

#[test]
fn the_tours_of_the_manual_are_what_the_examples_print() {
    assert_tour(("docs/quarter.md", "A tour"), "quarter-end.sh");
    assert_tour(("docs/quarter.md", "A dividend"), "dividend.sh");
    assert_tour(("docs/bank.md", "A tour"), "month.sh");
}

/// Asserts that a section of a document is what its example prints.
fn assert_tour((name, section): (&str, &str), script: &str) {
    let manual = document(name);
    let tour = manual
        .split("\n## ")
        .find(|text| {
            text.strip_prefix(section)
                .is_some_and(|rest| rest.starts_with('\n'))
        })
        .unwrap();
    let blocks: Vec<&str> = tour.split("```").skip(1).step_by(2).collect();
    let shown: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.lines().skip(1))
        .filter(|line| *line != "...")
        .collect();
    assert!(shown.len() > 20, "{} lines", shown.len());
    let printed = masked(&example(script));
    let mut lines = printed.lines().map(str::trim_end);
    for line in shown {
        assert!(
            lines.any(|printed| printed == line),
            "the example does not print this, or not in this place: {line}"
        );
    }
}

#[test]
fn continuous_integration_runs_the_test_command_of_the_readme() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = document("README.md");
    let script = std::fs::read_to_string(format!("{root}/.ci/run")).unwrap();
    let commands: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("cargo test"))
        .collect();
    let [command] = commands.as_slice() else {
        panic!("the README gives one test command, not {commands:?}")
    };
    assert!(
        script.lines().any(|line| line == *command),
        "`.ci/run` does not run `{command}`"
    );
}

#[test]
fn every_suite_that_counts_has_its_row_in_the_manual_and_each_row_its_suite() {
    let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let calls = regex::Regex::new(r#"figure\(\s*"([a-z-]+)""#).unwrap();
    let mut counting = std::collections::BTreeSet::new();
    let mut folders = vec![root.join("tests")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                counting.extend(calls.captures_iter(&text).map(|call| call[1].to_owned()));
            }
        }
    }
    let manual = document("docs/testing.md");
    let rows = regex::Regex::new(r"(?m)^\| .* \| `([a-z-]+)` \| .* \| .* \|$").unwrap();
    let table = manual
        .split("<!-- figures -->")
        .nth(1)
        .unwrap()
        .split("<!-- end of figures -->")
        .next()
        .unwrap();
    let listed: std::collections::BTreeSet<String> = rows
        .captures_iter(table)
        .map(|row| row[1].to_owned())
        .collect();
    assert_eq!(counting, listed);
}

#[test]
fn the_month_end_job_of_the_manual_ends_with_the_codes_that_it_names() {
    if !has_program("sha256sum") {
        return;
    }
    let jobs = document("docs/cron.md");
    let script = jobs
        .split("```sh\n")
        .find(|block| block.contains("prorata-month-end [YYYY-MM]"))
        .unwrap();
    let desk = Desk::with_event();
    let place = desk.path().display().to_string();
    let script = script
        .split("```")
        .next()
        .unwrap()
        .replace("/srv/prorata/ledger.db", &format!("{place}/prorata.db"));
    desk.write("job.sh", &script.replace("/srv/prorata", &place));
    std::fs::create_dir(desk.path().join("reports")).unwrap();
    std::fs::create_dir(desk.path().join("bin")).unwrap();
    std::os::unix::fs::symlink(program(), desk.path().join("bin/prorata")).unwrap();
    let run = |month: &str| {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("sh");
        command
            .args(["job.sh", month])
            .current_dir(desk.path())
            .env_clear()
            .env("PATH", format!("{place}/bin:{path}"));
        Ran::of(
            command
                .env("PRORATA_TEST_NOW", "2026-07-01T07:00:00.000000Z")
                .stdin(Stdio::null())
                .output()
                .unwrap(),
        )
    };
    let first = run("2026-06");
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(run("2026-06").code, 0, "again is harmless");
    assert_eq!(run("2026-08").code, 2, "the month has not come");
    desk.write("reports/2026-06/balances.csv", "edited");
    let edited = run("2026-06");
    assert!(
        edited.code == 1 && edited.stderr.contains("holds something else"),
        "{}",
        edited.stderr
    );
    std::fs::remove_file(desk.ledger()).unwrap();
    assert_eq!(run("2026-05").code, 4);
}

#[test]
fn the_profile_of_the_manual_reads_a_file_of_its_layout() {
    let desk = Desk::empty();
    let manual = document("docs/bank.md");
    let profile = manual
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    desk.write("my-bank.toml", profile);
    let rows = "My Bank\n\nJune\n\nPosted;Narration;Beneficiary;Ref No;Amount;DR/CR;Balance\n\
        05/06/2026;RENT;;R1;1,000.00;CR;1,000.00\n06/06/2026;TRF;ADA OBI;R2;250.00;DR;750.00\non hold;TRF;ADA OBI;R3;9.00;DR;\n";
    desk.write("export.txt", rows);
    let read = desk.json("bank profile test export.txt --profile my-bank.toml");
    assert_eq!(read["statements"][0]["balance_ok"], true, "{read}");
    assert_eq!(read["lines"].as_array().unwrap().len(), 2);
    assert_eq!(read["lines"][1]["amount"], "-250.00");
    assert_eq!(read["lines"][1]["description"], "TRF ADA OBI");
}

#[test]
fn the_manual_names_the_fields_of_every_json() {
    let desk = Desk::with_event();
    let fields = document("docs/json.md");
    desk.ok("nav set LAGOS 5 --date 2026-01-01 --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-04-01 --yes --as bola");
    desk.write("holders.csv", "code,name\nh9,Name\n");
    desk.write("tokens.csv", "holder,tokens\nh9,1\n");
    for command in [
        "user list",
        "project list",
        "nav list LAGOS",
        "holder list",
        "holder import holders.csv --as bola",
        "token history LAGOS",
        "token import tokens.csv --project LAGOS --date 2026-04-01 --add --as bola",
        "token register LAGOS",
        "event list",
        "event allocations E1",
        "event explain E1 h1",
        "withdrawal show W-1",
        "payment show P-1",
        "audit log",
        "audit head",
        "audit verify",
        "status",
    ] {
        assert_named(&fields, command, &desk.json(command));
    }
}

#[test]
fn the_manual_names_the_fields_of_the_reports() {
    let desk = crate::report::figures::desk();
    let fields = document("docs/json.md");
    for report in [
        "report balances",
        "report portfolio --holder h1",
        "report statement --holder h1",
        "report activity",
    ] {
        assert_named(&fields, report, &desk.json(report));
    }
    for (report, lists) in [
        (
            "report portfolio --holder h1",
            &["holdings", "totals", "events", "payments"][..],
        ),
        ("report statement --holder h1", &["balances", "movements"]),
        (
            "report analytics",
            &[
                "totals",
                "payment_days",
                "concentration",
                "top_holders",
                "per_token",
                "yields",
                "ageing",
                "formulas",
            ],
        ),
    ] {
        let report = desk.json(report);
        for list in lists {
            assert!(!report[list].as_array().unwrap().is_empty(), "{list}");
            assert_named(&fields, list, &report[list][0]);
        }
    }
}

#[test]
fn the_manual_names_the_fields_of_the_bank_side() {
    let desk = Desk::with_event();
    let fields = document("docs/json.md");
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk.ok("withdrawal pay W-1 --reference NEVER-SENT-1 --date 2026-06-30 --yes --as bola");
    desk.write(
        "s.csv",
        "Date,Reference,Debit,Credit,Balance,Remarks\n30-Jun-2026,G1,7.00,,93.00,DIESEL\n",
    );
    for command in [
        "bank add RENT --bank-name GTBank --bank-code 058 --account-number 0017488362 --as bola",
        "payment file create --account RENT --event E1 --profile generic --as bola",
        "bank import RENT s.csv --as bola",
        "bank lines RENT",
        "bank statements RENT",
        "bank list",
        "payment file list",
        "bank resolve L-1 --kind other --reason Diesel --as bola",
        "bank unmatch L-1 --reason Mistake --as bola",
    ] {
        assert_named(&fields, command, &desk.json(command));
    }
    assert_named(
        &fields,
        "items",
        &desk.json("payment file show F-1")["items"],
    );
    // Something is left to settle, so the run exits with 3.
    let run = desk.run("bank reconcile RENT --as bola --format json");
    assert_eq!(run.code, 3, "{}", run.stderr);
    let run: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_named(&fields, "bank reconcile", &run);
    assert_named(&fields, "the classes of a run", &run["classes"]);
    let report = desk.json("report reconciliation");
    for list in [
        "classes",
        "paid_not_on_bank",
        "items",
        "ledger_proof",
        "bank_proof",
    ] {
        assert!(!report[list].as_array().unwrap().is_empty(), "{list}");
        assert_named(&fields, list, &report[list][0]);
    }
}

/// Asserts that a table of `docs/json.md` has the fields of an object, or of the first one of an
/// array, in the same order.
fn assert_named(document: &str, of: &str, json: &serde_json::Value) {
    let object = json.get(0).unwrap_or(json).as_object().unwrap();
    // An array is a field or a list with a table of its own.
    let is_array = |name: &&str| object.get(*name).is_some_and(serde_json::Value::is_array);
    let plain: Vec<&str> = object
        .keys()
        .map(String::as_str)
        .filter(|name| !is_array(name))
        .collect();
    let has_all = |table: &str| {
        let fields = table
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        fields
            .filter(|name| !is_array(name))
            .eq(plain.iter().copied())
    };
    assert!(
        document.split("\n\n").any(has_all),
        "`docs/json.md` does not name the fields of `{of}`: {plain:?}"
    );
}
