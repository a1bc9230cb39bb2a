//! Slips that people make, and the answer that helps.

use crate::support::Desk;

/// Runs what was typed, and finds the answer on standard error.
fn answers(desk: &Desk, slips: &[(&str, i32, &str)]) {
    for (line, exit, answer) in slips {
        let ran = desk.run(line);
        assert_eq!(ran.code, *exit, "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(answer), "{line}: {}", ran.stderr);
    }
}

#[test]
fn numbers_and_dates_in_another_form_are_answered_with_what_is_meant() {
    let desk = Desk::with_register();
    let event = "event create E1 --project LAGOS --type exit --title T --as bola";
    for (amount, date, answer) in [
        ("18,500,000", "2026-03-31", "did you mean 18500000?"),
        ("NGN100", "2026-03-31", "did you mean 100?"),
        ("18.5m", "2026-03-31", "did you mean 18500000?"),
        ("1250,50", "2026-03-31", "write digits and one point"),
        ("100", "2026-02-30", "February 2026 has 28 days"),
        ("100", "31/12/2025", "did you mean 2025-12-31?"),
        ("100", "3/4/2025", "may be 2025-04-03 or 2025-03-04"),
    ] {
        answers(
            &desk,
            &[(
                &format!("{event} --amount {amount} --date {date}"),
                2,
                answer,
            )],
        );
    }
}

#[test]
fn today_and_yesterday_are_days_of_the_ledger() {
    let mut desk = Desk::with_register();
    desk.at("2026-07-01T00:30:00.000000Z");
    for (code, word, date) in [
        ("E1", "today", "2026-07-01"),
        ("E2", "yesterday", "2026-06-30"),
    ] {
        desk.ok(&format!(
            "event create {code} --project LAGOS --type exit --title {code} --amount 10 --date {word} --as bola"
        ));
        assert_eq!(
            desk.json(&format!("event show {code}"))["distribution_date"],
            date
        );
    }
    // A key stands for the day, not for the word.
    let nav = "nav set LAGOS 500 --as bola --key k1";
    desk.ok(&format!("{nav} --date today"));
    desk.ok(&format!("{nav} --date 2026-07-01"));
    desk.at("2026-07-02T00:30:00.000000Z");
    desk.refused(&format!("{nav} --date today"), 1, "key.conflict");
}

#[test]
fn a_word_in_place_of_a_command_names_the_command() {
    let desk = Desk::empty();
    answers(
        &desk,
        &[
            ("event delete E1", 2, "prorata event cancel"),
            ("event rm E1", 2, "prorata event cancel"),
            ("holder delete h1", 2, "prorata holder block"),
            ("undo", 2, "bank unmatch"),
            ("edit", 2, "prorata holder set"),
            ("search Ada", 2, "prorata holder list"),
            ("event help", 2, "prorata help event"),
            ("who", 2, "prorata whoami"),
            ("ls", 2, "prorata event list"),
            ("new", 2, "prorata event create"),
            ("show W-1", 2, "prorata withdrawal show"),
        ],
    );
}

#[test]
fn a_numbered_thing_goes_by_its_number_and_a_thing_of_another_kind_is_recognised() {
    let desk = Desk::with_event();
    answers(
        &desk,
        &[
            ("payment show P-1", 1, "nothing was paid yet"),
            ("payment file show F-1", 1, "there is no payment file yet"),
            ("withdrawal show 1", 1, "nothing was requested yet"),
        ],
    );
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    assert_eq!(desk.json("withdrawal show 2")["code"], "W-000002");
    answers(
        &desk,
        &[
            (
                "payment show W-1",
                1,
                "W-000001 is a withdrawal; it is not paid",
            ),
            ("withdrawal show 99", 1, "prorata withdrawal list"),
            ("event show LAGOS", 1, "`LAGOS` is a project"),
            ("event show zzzz", 1, "prorata event list"),
        ],
    );
    desk.ok("withdrawal approve 1 --as chi");
    // In a file it may be a cell of another column, and money is not guessed about.
    desk.write("pay.csv", "withdrawal,reference,date\n1,TRX-1,2026-06-01\n");
    desk.refused(
        "withdrawal pay --from pay.csv --yes --as bola",
        1,
        "file.bad_lines",
    );
    desk.ok("withdrawal pay 1 --reference TRX-1 --date 2026-06-01 --yes --as bola");
    answers(
        &desk,
        &[
            ("payment show W-1", 1, "it was paid by P-000001"),
            ("withdrawal show P-1", 1, "`P-000001` is a payment"),
        ],
    );
}

#[test]
fn what_was_done_before_is_named() {
    let desk = Desk::with_bank();
    desk.event("E9", "90");
    let ask = "withdrawal request --event E9 --all-holders --as bola";
    desk.ok(ask);
    let again = desk.run(ask);
    assert_eq!(again.code, 0);
    assert!(
        again.stderr.contains("was requested before: W-"),
        "{}",
        again.stderr
    );
    desk.ok("withdrawal approve --event E9 --all --hash REVIEWED --as chi");
    let file = "payment file create --event E9 --account OPS --profile generic --as bola";
    desk.ok(file);
    answers(
        &desk,
        &[
            (file, 1, "F-000001 holds "),
            (
                "event cancel E9 --reason typo --yes --as bola",
                1,
                "prorata payment file cancel F-000001",
            ),
            (
                "payment file create --event E9 --account OPS --as bola",
                2,
                "`--profile` is one of: generic, pain.001.001.03, pain.001.001.09",
            ),
        ],
    );
    desk.write("known.csv", "code,name\nh1,Ada\nh2,Ben\n");
    answers(
        &desk,
        &[(
            "holder import known.csv --as bola",
            1,
            "run it with `--update`",
        )],
    );
}

#[test]
fn a_missing_file_is_said_in_plain_words() {
    let desk = Desk::with_bank();
    desk.write("holders.csv", "code,name\nh9,Nine\n");
    desk.write("gtb.csv", "Date,Description,Amount\n");
    answers(
        &desk,
        &[
            (
                "holder import holder.csv --as bola",
                4,
                "did you mean `holders.csv`?",
            ),
            (
                "holder import holders --as bola",
                4,
                "did you mean `holders.csv`?",
            ),
            (
                "holder import nothing-like-it --as bola",
                4,
                "there is no file `nothing-like-it`; nothing was written",
            ),
            (
                "holder import . --as bola",
                4,
                "`.` is a folder; name a file in it",
            ),
            (
                "bank import gtb.csv OPS --as bola",
                2,
                "prorata bank import OPS gtb.csv",
            ),
        ],
    );
    assert!(
        !desk
            .run("holder import nofile --as bola")
            .stderr
            .contains("os error")
    );
    desk.write(
        "short.csv",
        "code,name,bank_code,account_number\nh8,X,058,2.00E+08\nh9,Y,058,123456789\n",
    );
    answers(
        &desk,
        &[
            (
                "holder import short.csv --as bola",
                1,
                "was shortened by a spreadsheet",
            ),
            (
                "holder import short.csv --as bola",
                1,
                "may have dropped a leading zero",
            ),
        ],
    );
}

#[test]
fn a_usage_shows_only_flags_that_were_typed() {
    let desk = Desk::with_register();
    let mut command = desk.command(["event", "create"]);
    command
        .env("PRORATA_AS", "bola")
        .env("PRORATA_NO_INPUT", "1");
    let ran = crate::support::Ran::of(command.output().unwrap());
    assert_eq!(ran.code, 2);
    let usage = ran
        .stderr
        .lines()
        .find(|line| line.starts_with("usage: "))
        .unwrap();
    for flag in ["--as", "--ledger", "--no-input"] {
        assert!(!usage.contains(flag), "{usage}");
    }
}
