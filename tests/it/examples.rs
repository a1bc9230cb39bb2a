//! The examples: each runs as it stands, with the built program, and prints what its snapshot
//! shows. The README: what it shows of the example is what the example prints, and what it promises
//! beside it holds.

use std::process::{Command, Stdio};

use crate::support::{Desk, NOW, Ran, has_program, program};

/// Runs a script of `examples/` with an environment that holds nothing but the program, the clock
/// and the search path.
fn example(name: &str) -> Ran {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .arg(format!("{root}/examples/{name}"))
        .current_dir(folder.path())
        .env_clear()
        .env(
            "PATH",
            std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
        )
        .env("TMPDIR", folder.path())
        .env("TZ", "UTC")
        .env("PRORATA", program())
        .env("PRORATA_TEST_NOW", NOW)
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(left.is_empty(), "the example leaves {left:?} behind");
    ran
}

/// The account numbers that the files of the example hold, which no output may show whole.
fn account_numbers() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/quarter-end");
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let mut lines = text.lines().map(|line| line.split(','));
        let Some(column) = lines
            .next()
            .unwrap()
            .position(|heading| heading == "account_number")
        else {
            continue;
        };
        numbers.extend(
            lines
                .filter_map(|mut line| line.nth(column))
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned),
        );
    }
    numbers
}

#[test]
fn the_quarter_end_prints_the_same_on_every_run() {
    let ran = example("quarter-end.sh");
    assert_eq!(ran.code, 0, "{}\n{}", ran.stdout, ran.stderr);
    let numbers = account_numbers();
    assert_eq!(
        numbers.len(),
        9,
        "seven of eight holders have an account, one is added, one changed"
    );
    for number in numbers {
        assert!(
            !ran.stdout.contains(&number),
            "an account number is shown whole"
        );
    }
    let shown = masked(&ran);
    insta::assert_snapshot!(shown);
}

/// Takes out what differs between two runs of the example, or between two machines.
fn masked(ran: &Ran) -> String {
    let shown = ran.snapshot();
    // How many pages the file has depends on the names of the machine and its user, which stand in
    // the trail.
    let shown = regex::Regex::new(r"\b\d+ pages\b")
        .unwrap()
        .replace_all(&shown, "[n] pages")
        .into_owned();
    regex::Regex::new(r"--hash [0-9a-f]{16}\b")
        .unwrap()
        .replace_all(&shown, "--hash [hash]")
        .into_owned()
}

#[test]
fn the_tours_of_the_readme_are_what_the_examples_print() {
    assert_tour("A quarter end\n", "quarter-end.sh");
    assert_tour("A month at the bank\n", "month.sh");
}

fn assert_tour(heading: &str, script: &str) {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let tour = readme
        .split("\n## ")
        .find(|section| section.starts_with(heading))
        .unwrap();
    let blocks: Vec<&str> = tour.split("```").skip(1).step_by(2).collect();
    let told: Vec<&str> = blocks
        .iter()
        .flat_map(|block| block.lines().skip(1))
        .filter(|line| *line != "...")
        .collect();
    assert!(told.len() > 40, "{} lines", told.len());
    let printed = masked(&example(script));
    let mut lines = printed.lines().map(str::trim_end);
    for line in told {
        assert!(
            lines.any(|printed| printed == line),
            "the example does not print this, or not in this place: {line}"
        );
    }
}

#[test]
fn continuous_integration_runs_the_test_command_of_the_readme() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = std::fs::read_to_string(format!("{root}/README.md")).unwrap();
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
fn the_quarter_end_stops_at_the_first_failure() {
    let root = env!("CARGO_MANIFEST_DIR");
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .arg(format!("{root}/examples/quarter-end.sh"))
        .env_clear()
        .env(
            "PATH",
            std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
        )
        .env("TMPDIR", folder.path())
        .env("PRORATA", "false")
        .stdin(Stdio::null());
    let ran = Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("$ prorata init"));
    assert!(!ran.stdout.contains("$ prorata user add"));
}

#[test]
fn a_head_copied_from_a_footer_can_be_verified() {
    let desk = Desk::with_event();
    let footer = desk.ok("event list").stderr;
    let noted = footer.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(noted.len(), 12, "{footer}");
    desk.ok(&format!("audit verify --head {noted}"));
    desk.ok(&format!("audit verify --head {}", noted.to_uppercase()));
    assert_eq!(desk.run("audit verify --head 000000000000").code, 3);
    desk.refused("audit verify --head 0000", 2, "usage.invalid");
}

#[test]
fn a_list_by_effective_date_names_the_head_of_now() {
    let desk = Desk::with_register();
    let now = desk.ok("token register LAGOS").stderr;
    let then = desk.ok("token register LAGOS --as-of 2026-01-01").stderr;
    let head = |footer: &str| footer.trim_end().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(head(&now), head(&then));
}

#[test]
fn a_backup_by_nobody_leaves_no_file() {
    let desk = Desk::new();
    desk.refused("backup copy.db --as nobody", 1, "user.unknown");
    desk.ok("user set dayo --status inactive --as ada");
    desk.refused("backup copy.db --as dayo", 1, "user.inactive");
    desk.ok("backup copy.db --as ada --dry-run");
    assert!(!desk.path().join("copy.db").exists());
    desk.ok("backup copy.db --as ada");
    assert_eq!(
        desk.run("backup copy.db --as ada --dry-run").code,
        1,
        "a dry run ends as the run would"
    );
}

#[test]
fn what_is_told_of_a_payment_is_what_was_paid() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal request --event E1 --holder h2 --all --as bola");
    desk.ok("withdrawal approve --event E1 --all --yes --as chi");
    desk.write(
        "paid.csv",
        "withdrawal,reference,date,amount\nW-1,R1,2026-04-01,\nW-2,R2,2026-04-01,3.33\n",
    );
    let asked = desk.run("withdrawal pay --from paid.csv --as bola");
    assert!(
        asked.stderr.contains("2 withdrawals, NGN 36.67"),
        "{}",
        asked.stderr
    );
    let paid = desk.ok("withdrawal pay --from paid.csv --yes --as bola");
    assert!(
        paid.stderr.ends_with("recorded 2 payments, NGN 36.67\n"),
        "{}",
        paid.stderr
    );
}

#[test]
fn a_result_never_takes_the_place_of_the_ledger() {
    let desk = Desk::new();
    let before = std::fs::read(desk.ledger()).unwrap();
    desk.refused("user list -o ./prorata.db --force", 1, "output.is_ledger");
    desk.refused(
        "project add P --name P --as bola -o prorata.db --force",
        1,
        "output.is_ledger",
    );
    desk.refused(
        "completions bash -o prorata.db --force",
        1,
        "output.is_ledger",
    );
    assert_eq!(std::fs::read(desk.ledger()).unwrap(), before);
}

#[test]
fn the_readme_names_the_fields_of_every_json() {
    let desk = Desk::with_event();
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    desk.ok("nav set LAGOS 5 --date 2026-01-01 --as bola");
    desk.ok("withdrawal request --event E1 --holder h1 --all --as bola");
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R1 --date 2026-04-01 --as bola");
    desk.write("holders.csv", "code,name\nh9,Name\n");
    desk.write("tokens.csv", "holder,tokens\nh9,1\n");
    for command in [
        "user list",
        "project list",
        "nav list LAGOS",
        "holder list",
        "holder import holders.csv --as bola",
        "token history LAGOS",
        "token import tokens.csv --project LAGOS --date 2026-04-01 --as bola",
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
        assert_named(&readme, command, &desk.json(command));
    }
}

#[test]
fn the_readme_names_the_fields_of_the_reports() {
    let desk = crate::report::figures::desk();
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    for report in [
        "report balances",
        "report portfolio --holder h1",
        "report statement --holder h1",
        "report activity",
    ] {
        assert_named(&readme, report, &desk.json(report));
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
            assert_named(&readme, list, &report[list][0]);
        }
    }
}

#[test]
fn the_month_end_job_of_the_readme_ends_with_the_codes_that_it_names() {
    if !has_program("sha256sum") {
        return;
    }
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let script = readme
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

/// Asserts that the README names the fields of an object, or of the first one of an array.
fn assert_named(readme: &str, of: &str, json: &serde_json::Value) {
    let object = json.get(0).unwrap_or(json).as_object().unwrap();
    let plain = object
        .iter()
        .filter(|(_, value)| !value.is_array())
        .map(|(name, _)| name.as_str());
    let fields = format!("`{}`", plain.collect::<Vec<_>>().join(" "));
    assert!(
        readme.contains(&fields),
        "the README does not name the fields of `{of}`: {fields}"
    );
}

#[test]
fn the_readme_names_the_fields_of_the_bank_side() {
    let desk = Desk::with_event();
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --yes --as chi");
    desk.ok("withdrawal pay W-1 --reference NEVER-SENT-1 --date 2026-06-30 --as bola");
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
        "bank resolve L-1 --as other --reason Diesel --as bola",
        "bank unmatch L-1 --reason Mistake --as bola",
    ] {
        assert_named(&readme, command, &desk.json(command));
    }
    assert_named(
        &readme,
        "items",
        &desk.json("payment file show F-1")["items"],
    );
    // Something is left to settle, so the run exits with 3.
    let run = desk.run("bank reconcile RENT --as bola --format json");
    assert_eq!(run.code, 3, "{}", run.stderr);
    let run: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_named(&readme, "bank reconcile", &run);
    assert_named(&readme, "the classes of a run", &run["classes"]);
    let report = desk.json("report reconciliation");
    for list in [
        "classes",
        "paid_not_on_bank",
        "items",
        "ledger_proof",
        "bank_proof",
    ] {
        assert!(!report[list].as_array().unwrap().is_empty(), "{list}");
        let mut row = report[list][0].clone();
        // What a line is held against is a list of names, and stands among the plain fields.
        if list == "items" {
            row["with"] = serde_json::Value::Null;
        }
        assert_named(&readme, list, &row);
    }
}

#[test]
fn the_profile_of_the_readme_reads_a_file_of_its_layout() {
    let desk = Desk::empty();
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let profile = readme
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
fn every_suite_that_counts_has_its_row_in_the_readme_and_each_row_its_suite() {
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
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let rows = regex::Regex::new(r"(?m)^\| .* \| `([a-z-]+)` \| .* \| .* \|$").unwrap();
    let table = readme
        .split("<!-- figures -->")
        .nth(1)
        .unwrap()
        .split("<!-- end of figures -->")
        .next()
        .unwrap();
    let told: std::collections::BTreeSet<String> = rows
        .captures_iter(table)
        .map(|row| row[1].to_owned())
        .collect();
    assert_eq!(counting, told);
}
