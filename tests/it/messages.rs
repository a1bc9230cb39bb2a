//! Messages that once failed to help, by the numbers of the list of slips: each names exactly what
//! helps. Those about files that come in are tested with the intake.

use crate::support::{Desk, Ran};

/// Runs a command line that fails, and finds what helps in what it says.
#[track_caller]
fn helps(desk: &Desk, line: &str, exit: i32, words: &[&str]) -> Ran {
    let ran = desk.run(line);
    assert_eq!(ran.code, exit, "`{line}`: {}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(
            ran.stderr.contains(word),
            "`{line}`: {word}: {}",
            ran.stderr
        );
    }
    ran
}

/// A register and an event of it that is a draft.
fn draft() -> Desk {
    let desk = Desk::with_register();
    desk.ok("event create Q3 --project LAGOS --type exit --title T --amount 100 --date 2026-03-31 --as bola");
    desk
}

#[test]
fn n8_and_9_a_date_that_is_none_names_the_one_that_is_meant() {
    let desk = Desk::with_register();
    for (date, words) in [
        ("2026-02-30", "February 2026 has 28 days"),
        ("2024-02-30", "February 2024 has 29 days"),
        ("31/12/2025", "did you mean 2025-12-31?"),
        ("2025/12/31", "did you mean 2025-12-31?"),
        ("31.12.2025", "did you mean 2025-12-31?"),
        ("3/4/2025", "may be 2025-04-03 or 2025-03-04"),
    ] {
        helps(
            &desk,
            &format!("nav set LAGOS 5 --date {date} --as bola"),
            2,
            &[words],
        );
    }
    desk.ok("nav set LAGOS 5 --date yesterday --as bola");
    assert_eq!(desk.json("nav list LAGOS")[0]["nav_date"], "2026-06-29");
}

#[test]
fn n10_an_amount_in_another_form_is_answered_with_the_one_to_write() {
    let desk = Desk::with_register();
    for (amount, meant) in [
        ("18,500,000", "18500000"),
        ("NGN100", "100"),
        ("18.5m", "18500000"),
        ("₦2,000.75", "2000.75"),
        // The answer is as long as an account number, and is shown.
        ("2bn", "2000000000"),
        ("1,250,000,000", "1250000000"),
    ] {
        let line = format!("nav set LAGOS {amount} --date today --as bola");
        helps(&desk, &line, 2, &[&format!("did you mean {meant}?")]);
    }
}

#[test]
fn n11_what_an_event_needs_first_is_named() {
    let desk = draft();
    let calculate = "hint: calculate it first: `prorata event calculate Q3`";
    helps(&desk, "event approve Q3 --as chi", 1, &[calculate]);
    let request = "withdrawal request --event Q3 --all-holders --as bola";
    helps(&desk, request, 1, &[calculate]);
    desk.ok("event calculate Q3 --as bola");
    helps(
        &desk,
        request,
        1,
        &["an approver approves it first: `prorata event approve Q3`"],
    );
}

#[test]
fn n12_a_wrong_role_names_who_may_and_no_way_round() {
    let desk = draft();
    desk.ok("event calculate Q3 --as bola");
    let ran = helps(
        &desk,
        "event approve Q3 --as bola",
        1,
        &["approvers: ada, chi"],
    );
    assert!(!ran.stderr.contains("--as"), "{}", ran.stderr);
    helps(
        &desk,
        "holder block h1 --reason x --as chi",
        1,
        &["operators: ada, bola"],
    );
}

#[test]
fn n13_and_14_a_withdrawal_is_cancelled_once_approved_and_goes_by_its_bare_number() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    let approved = desk.ok("withdrawal approve 1 --as chi");
    assert!(
        approved
            .stderr
            .contains("next: `prorata payment file create --account ACCOUNT W-000001"),
        "{}",
        approved.stderr
    );
    helps(
        &desk,
        "withdrawal reject W-1 --reason x --as chi",
        1,
        &["cancel it instead: `prorata withdrawal cancel W-000001`"],
    );
}

#[test]
fn n15_a_code_of_another_noun_is_recognised() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    let back = "payment return W-1 --date 2026-06-30 --reason x --as chi";
    helps(
        &desk,
        back,
        1,
        &["W-000001 is a withdrawal; it is not paid"],
    );
    desk.ok("withdrawal approve W-1 --as chi");
    desk.ok("withdrawal pay W-1 --reference R-1 --date 2026-06-30 --as bola");
    helps(
        &desk,
        back,
        1,
        &["W-000001 is a withdrawal; it was paid by P-000001"],
    );
    // Even where a code of a few letters looks like it.
    helps(&desk, "holder show W-1", 1, &["`W-000001` is a withdrawal"]);
    helps(&desk, "event show W-1", 1, &["`W-000001` is a withdrawal"]);
    helps(
        &desk,
        "withdrawal show P-1",
        1,
        &["`P-000001` is a payment"],
    );
}

#[test]
fn n16_to_18_a_payment_file_says_what_it_lacks() {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    let create = "payment file create --event E1 --account OPS --profile generic --as bola";
    helps(
        &desk,
        create,
        1,
        &["there is no bank account yet; add one: `prorata bank add OPS --bank-name NAME"],
    );
    desk.ok(crate::support::ADD_ACCOUNT);
    helps(
        &desk,
        "payment file create --event E1 --account OPS --as bola",
        2,
        &["`--profile` is one of: generic, pain.001.001.03, pain.001.001.09"],
    );
    let type_of = "event create --project LAGOS --title T --amount 1 --date today --as bola";
    helps(
        &desk,
        type_of,
        2,
        &["`--type` is one of: revenue, exit, dividend, other"],
    );
    helps(
        &desk,
        "user add x --as ada",
        2,
        &["`--role` is one of: admin, operator"],
    );
    desk.ok(create);
    helps(
        &desk,
        create,
        1,
        &["F-000001 holds 3", "`prorata payment file show F-000001`"],
    );
}

#[test]
fn n19_and_25_a_folder_is_named_and_a_file_that_holds_an_event_is_cancelled_first() {
    let desk = Desk::with_bank();
    desk.ok("payment file create --event E1 --account OPS --profile generic --as bola");
    std::fs::create_dir(desk.path().join("FOLDER")).unwrap();
    let ran = helps(
        &desk,
        "payment file export F-1 -o FOLDER --as bola",
        1,
        &["`FOLDER` is a folder; name a file in it"],
    );
    assert!(!ran.stderr.contains("--force"), "{}", ran.stderr);
    helps(
        &desk,
        "event cancel E1 --reason x --yes --as bola",
        1,
        &["cancel the file first: `prorata payment file cancel F-000001"],
    );
    let exported = desk
        .ok("payment file export F-1 -o out.csv --as bola")
        .stderr;
    assert!(
        exported.contains("wrote out.csv\n")
            && exported.contains("next: upload it, then `prorata bank import OPS FILE`"),
        "{exported}"
    );
}

#[test]
fn n21_and_22_the_bank_side_names_its_own_slips() {
    let desk = Desk::with_bank();
    desk.write("gtb.csv", "Date,Description,Amount\n");
    helps(
        &desk,
        "bank import gtb.csv OPS --as bola",
        2,
        &["the account comes first: `prorata bank import OPS gtb.csv`"],
    );
    let ran = helps(
        &desk,
        "bank add NEW --bank-name FirstBank --bank-code 011 --account-number 0000014578 --as bola",
        1,
        &["it is the fund's own account"],
    );
    assert!(!ran.stderr.contains("holder"), "{}", ran.stderr);
    helps(
        &desk,
        "holder set h1 --account-number 0123456100 --as bola",
        1,
        &["what the holder gave", "`--country`"],
    );
}

#[test]
fn n26_and_27_known_holders_and_a_missing_folder() {
    let desk = Desk::with_register();
    desk.write("known.csv", "code,name\nh1,Ada\nh2,Ben\n");
    helps(
        &desk,
        "holder import known.csv --as bola",
        1,
        &["run it with `--update`"],
    );
    let ran = helps(
        &desk,
        "report month-end 2026-11",
        2,
        &["name the folder with `--output DIR`"],
    );
    assert!(!ran.stderr.contains("not over"), "{}", ran.stderr);
}

#[test]
fn n28_words_of_other_programs_name_the_command() {
    let desk = Desk::empty();
    for (line, words) in [
        (
            "event delete Q3",
            "nothing is deleted; cancel it: `prorata event cancel EVENT",
        ),
        ("event rm Q3", "nothing is deleted; cancel it"),
        ("undo", "each act has its own way back: `event cancel`"),
        ("edit", "`prorata holder set`"),
        ("event edit Q3", "`prorata event set --help`"),
        ("search Ada", "`prorata holder list"),
        ("holder search Ada", "`prorata holder list"),
        ("ls", "`prorata event list`"),
        ("new", "`prorata event create`"),
        ("version", "`prorata --version`"),
        ("event help", "`prorata help event`"),
        ("show W-1", "did you mean `prorata withdrawal show W-1`?"),
        (
            "open f-12",
            "did you mean `prorata payment file show F-12`?",
        ),
        ("P-7", "did you mean `prorata payment show P-7`?"),
        ("show Ada", "name the thing first"),
    ] {
        helps(&desk, line, 2, &[words]);
    }
}

#[test]
fn n29_a_usage_shows_only_what_was_typed_or_is_required() {
    let desk = Desk::with_register();
    for line in ["event create", "holder show", "user add x", "bank import"] {
        let mut command = desk.command(line.split(' '));
        command
            .env("PRORATA_AS", "bola")
            .env("PRORATA_NO_INPUT", "1")
            .env("PRORATA_LEDGER", "prorata.db");
        let ran = Ran::of(command.output().unwrap());
        assert_eq!(ran.code, 2, "{line}: {}", ran.stderr);
        let mut lines = ran.stderr.lines();
        let usage = lines.find(|line| line.starts_with("usage: ")).unwrap();
        for flag in ["--as", "--ledger", "--no-input", "--wait"] {
            assert!(!usage.contains(flag), "{line}: {usage}");
        }
    }
}

#[test]
fn n30_a_request_that_was_made_before_names_the_requests() {
    let desk = Desk::with_event();
    let request = "withdrawal request --event E1 --all-holders --as bola";
    desk.ok(request);
    let again = desk.ok(request);
    for code in ["W-000001", "W-000002", "W-000003"] {
        assert!(again.stderr.contains(code), "{}", again.stderr);
    }
}

#[test]
fn a_period_that_ends_before_it_begins_is_refused_everywhere() {
    let desk = Desk::with_bank();
    for line in [
        "bank lines OPS",
        "event list",
        "report controls",
        "report history",
        "report activity",
        "report statement --holder h1",
        "report reconciliation",
        "audit log",
    ] {
        let line = format!("{line} --from 2026-06-02 --to 2026-06-01");
        helps(&desk, &line, 2, &["before it begins"]);
    }
}

#[test]
fn what_was_written_to_a_file_is_said() {
    let desk = Desk::with_register();
    for (line, words) in [
        ("holder list -o h.csv", "wrote 3 rows to h.csv\n"),
        ("holder show h1 -o h.json", "wrote h.json\n"),
        ("completions bash -o prorata.bash", "wrote prorata.bash\n"),
    ] {
        let ran = desk.ok(line);
        assert!(ran.stderr.contains(words), "{line}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{line}");
    }
    assert_eq!(desk.ok("holder list -o q.csv --quiet").stderr, "");
}
