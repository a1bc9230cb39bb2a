//! Account numbers: masked everywhere, complete only on request, and the trail says who asked.

use serde_json::json;

use crate::support::{Desk, Ran};

const NUMBERS: [&str; 3] = ["0123456101", "0123456132", "0123456163"];

/// A ledger with requests, a payment and a paid event.
fn paid() -> Desk {
    let desk = Desk::with_event();
    desk.ok("withdrawal request --event E1 --all-holders --as bola");
    desk.ok("withdrawal approve --event E1 --all --hash REVIEWED --as chi");
    desk.ok("withdrawal pay W-000001 --reference R-1 --date 2026-06-30 --yes --as bola");
    desk
}

const READING: [&str; 12] = [
    "holder list",
    "holder show h1",
    "withdrawal list",
    "withdrawal show W-000001",
    "payment list",
    "payment show P-000001",
    "event show E1",
    "event allocations E1",
    "event explain E1 h1",
    "token history LAGOS",
    "audit log",
    "status",
];

#[test]
fn no_command_shows_an_account_number_unasked() {
    let desk = paid();
    for line in READING {
        for format in ["table", "csv", "json"] {
            let ran = desk.ok(&format!("{line} -f {format}"));
            for number in NUMBERS {
                assert!(
                    !ran.stdout.contains(number) && !ran.stderr.contains(number),
                    "`{line}` -f {format}"
                );
            }
        }
        for extension in ["csv", "json", "html", "md"] {
            desk.ok(&format!("{line} -o out.{extension} --force"));
            let file =
                std::fs::read_to_string(desk.path().join(format!("out.{extension}"))).unwrap();
            assert!(
                NUMBERS.iter().all(|number| !file.contains(number)),
                "`{line}` -o out.{extension}"
            );
        }
    }
    assert!(desk.ok("holder list").stdout.contains("******6101"));
}

#[test]
fn writing_commands_mask_what_they_print() {
    let desk = Desk::with_event();
    for line in [
        "holder set h1 --name N --as bola",
        "holder block h1 --reason R --as bola",
        "holder unblock h1 --reason R --as bola",
        "withdrawal request --event E1 --all-holders --as bola",
        "withdrawal approve W-000001 --as chi",
        "withdrawal reject W-000002 --reason R --as chi",
        "withdrawal pay W-000001 --reference R-1 --date 2026-06-30 --yes --as bola",
        "payment return P-000001 --date 2026-06-30 --reason Closed --as chi",
    ] {
        let ran = desk.ok(&format!("{line} -f json"));
        assert!(
            line.starts_with("payment") || ran.stdout.contains("******61"),
            "`{line}` shows it masked: {}",
            ran.stdout
        );
        assert!(
            NUMBERS
                .iter()
                .all(|number| !ran.stdout.contains(number) && !ran.stderr.contains(number)),
            "`{line}`"
        );
    }
}

#[test]
fn show_pii_unmasks_and_the_trail_says_who_asked_for_what() {
    let desk = paid();
    let ran = desk.ok("holder list --show-pii --as dayo -f json");
    assert!(
        NUMBERS.iter().all(|number| ran.stdout.contains(number)),
        "{}",
        ran.stdout
    );
    let shown = desk
        .ok("withdrawal show W-000001 --show-pii --as chi")
        .stdout;
    assert!(
        NUMBERS.iter().any(|number| shown.contains(number)) && !shown.contains("****"),
        "{shown}"
    );
    let entries = desk.json("audit log --type pii_shown");
    let noted: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (
                entry["performed_by"].clone(),
                entry["changes_summary"]["command"].clone(),
            )
        })
        .collect();
    assert_eq!(
        noted,
        [
            (json!("dayo"), json!("holder list")),
            (json!("chi"), json!("withdrawal show"))
        ]
    );
    desk.sound();
}

#[test]
fn account_numbers_whose_showing_cannot_be_recorded_stay_masked() {
    let desk = Desk::with_register();
    let other = rusqlite::Connection::open(desk.ledger()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let masked = |line: &str, exit: i32, words: &str| {
        let ran = desk.run(line);
        assert_eq!(ran.code, exit, "`{line}`: {}", ran.stderr);
        assert!(
            ran.stdout.contains("******6101") && !ran.stdout.contains(NUMBERS[0]),
            "`{line}`: {}",
            ran.stdout
        );
        assert!(
            ran.stderr.contains("error: account numbers stay masked, since the audit trail could not record that they were shown")
                && ran.stderr.contains(words),
            "`{line}`: {}",
            ran.stderr
        );
    };
    for line in [
        "holder show h1 --show-pii --as dayo --wait 0",
        "holder list --show-pii --as dayo --wait 0 -f csv",
    ] {
        masked(line, 5, "another command holds the ledger");
    }
    drop(other);
    masked("holder list --show-pii", 2, "is not a user of this ledger");
    assert_eq!(desk.json("audit log --type pii_shown"), json!([]));
}

#[test]
fn no_account_number_is_in_the_trail_or_in_a_refusal() {
    let desk = paid();
    desk.ok("holder set h1 --account-number 7777766664 --as bola");
    desk.refused(
        "holder add h1 --name N --account-number 7777766664 --as bola",
        1,
        "holder.exists",
    );
    desk.write(
        "requests.csv",
        "holder,amount,bank_name,account_number\nh9,1,GTBank,7777766664\nh1,0,GTBank,7777766664\n",
    );
    let ran = desk.run("withdrawal request --event E1 --from requests.csv --as bola");
    assert_eq!(ran.code, 1);
    assert!(!ran.stderr.contains("7777766664"), "{}", ran.stderr);
    let trail = desk.ok("audit log -f json --as ada").stdout;
    assert!(!trail.contains("7777766664") && NUMBERS.iter().all(|number| !trail.contains(number)));
}

/// An account number in place of another cell, as in a file whose columns have slipped: the
/// file's first line, its bad lines with `#` for the number, and the command that reads it.
const SLIPPED: [(&str, &[&str], &str); 5] = [
    (
        "code,name,email,country,bank_name,bank_code,account_number,account_name",
        &[
            "#;,N,,,,,,",
            "#,,,,,,,",
            "x,N,#,#,#,#,#!,#",
            "x,N,,,,058,#1,",
            "#",
            "h1,#,,,,,,",
            "#,N,,,,,,",
            "#,N,,,,,,",
        ],
        "holder import",
    ),
    (
        "holder,amount,bank_name,account_number,notes",
        &[
            "#,1,,,",
            "h1,# ,,,#",
            "h1,# x,,,",
            "h1,-#,,,",
            "h1,0,#,#,",
            "h1,1,,#,",
            "h1,1,GTBank,# or #,",
        ],
        "withdrawal request --event E1 --from",
    ),
    (
        "withdrawal,reference,date,amount,notes",
        &[
            "#,R,2026-06-30,,",
            "W-2,#,#,,",
            "W-2,#,2026-06-30,# x,",
            "W-2,#,2026-06-30,1,",
            "W-3,#,2026-06-30,1,",
            "W-2,,2026-06-30,#,#",
        ],
        "withdrawal pay --from",
    ),
    (
        "holder,tokens",
        &["#,1", "h1,# x", "h2,-#", "#,#,#"],
        "token import --project LAGOS --date 2026-01-01 --add",
    ),
    (
        "kind,holder,to,tokens,date,reference",
        &[
            "#,h1,,1,2026-01-01,",
            "issue,#,,1,2026-01-01,",
            "issue,h1,,1,#,#",
            "issue,h1,#,1,2026-01-01,#",
            "transfer,h1,#,1,#,",
        ],
        "token import --project LAGOS",
    ),
];

#[test]
fn a_file_whose_columns_have_slipped_has_no_account_number_in_its_messages() {
    const SLIP: &str = "4455667782";
    let desk = paid();
    let mut named = 0;
    for (header, lines, command) in SLIPPED {
        let with = |number: &str| {
            let lines: Vec<String> = lines.iter().map(|line| line.replace('#', number)).collect();
            format!("{header}\n{}\n", lines.join("\n"))
        };
        for number in [SLIP, "DE44500105175407324931"] {
            desk.write("slipped.csv", &with(number));
            for flags in ["", "-f json", "-v", "--dry-run"] {
                let ran = desk.run(&format!("{command} slipped.csv --as bola {flags}"));
                assert_eq!(ran.code, 1, "`{command}` {flags}: {}", ran.stderr);
                assert!(
                    !ran.stderr.contains(number) && ran.stdout.is_empty(),
                    "`{command}` {flags}: {}",
                    ran.stderr
                );
                named += ran.stderr.matches(&number[number.len() - 4..]).count();
            }
        }
        // Without a header, the message is about the first line, which has a number too.
        desk.write("headless.csv", with(SLIP).split_once('\n').unwrap().1);
        let ran = desk.run(&format!("{command} headless.csv --as bola"));
        assert!(
            matches!(ran.code, 1 | 2) && !ran.stderr.contains(SLIP),
            "`{command}`: {}",
            ran.stderr
        );
    }
    assert!(
        named > 100,
        "the messages name what they are about by its last digits: {named}"
    );
    let conn = rusqlite::Connection::open(desk.ledger()).unwrap();
    let sql = "SELECT count(*) FROM distribution_activity_log WHERE changes_summary LIKE '%' || ?1 || '%'";
    assert_eq!(
        conn.query_row(sql, [SLIP], |row| row.get::<_, i64>(0))
            .unwrap(),
        0
    );
}

#[test]
fn an_account_number_in_a_reason_or_reference_is_in_no_entry_and_no_error() {
    const SLIP: &str = "4455667793";
    let desk = paid();
    for line in [
        "holder add h4 --name 4455667793 --as bola",
        "holder set h4 --name A-4455667793 --as bola",
        "holder block h4 --reason 4455667793 --as bola",
        "project set LAGOS --name 4455667793 --as bola",
        "token issue h1 1 --project LAGOS --date 2026-05-01 --reference 4455667793 --as bola",
        "withdrawal pay W-2 --reference 4455667793 --date 2026-06-30 --yes --notes 4455667793 --as bola",
        "payment return P-2 --date 2026-06-30 --reason 4455667793 --as chi",
        "withdrawal request --event E1 --holder h2 --amount 1 --notes 4455667793 --as bola",
        "withdrawal reject W-4 --reason 4455667793 --as chi",
        "event create E2 --project LAGOS --type other --title 4455667793 --amount 1 --date 2026-06-30 --as bola",
        "event cancel E2 --reason to-4455667793 --as bola",
        "user set dayo --name 4455667793 --as ada",
    ] {
        desk.ok(line);
    }
    for line in [
        "withdrawal pay W-3 --reference 4455667793 --date 2026-06-30 --yes --as bola",
        "withdrawal pay W-2 --reference 4455667793 --date 2026-06-29 --yes --as bola",
        "token issue h1 1 --project LAGOS --date 2026-05-01 --reference 4455667793 --as bola",
        "holder show 4455667793",
        "event approve E1 --hash 4455667793 --as chi",
        "withdrawal request --event E1 --holder h1 --amount -4455667793 --as bola",
        "event create E3 --project LAGOS --type 4455667793 --title T --amount 1 --date 4455667793 --as bola",
        "holder list 4455667793",
        "bank import 4455667793 4455667793.csv --as bola",
    ] {
        let ran = desk.run(line);
        assert!((1..=4).contains(&ran.code), "`{line}`: {}", ran.stderr);
        assert!(!ran.stderr.contains(SLIP), "`{line}`: {}", ran.stderr);
    }
    let log = desk.ok("audit log -f json --as ada").stdout;
    assert!(
        !log.contains(SLIP) && log.matches("******7793").count() >= 12,
        "{log}"
    );
    desk.sound();
}

/// The number of h1 as banks write it, with blanks, hyphens and letters.
const WRITTEN: [&str; 4] = [
    "0123 456 101",
    "0123-456-101",
    "GTB0123456101NGN",
    "0123456101",
];

#[test]
fn a_number_with_letters_blanks_or_dashes_is_masked_in_every_text_and_reference_of_the_bank() {
    let mut desk = Desk::with_bank();
    desk.statement(
        "june.csv",
        100_000,
        &[
            (
                "2026-06-24",
                "0123456101",
                -3_000,
                "TRF TO 0123 456 101 ADA",
            ),
            (
                "2026-06-24",
                "S-2",
                -100,
                "TRF TO 0123-456-101 AND GTB0123456101NGN",
            ),
            (
                "2026-06-25",
                "000013261007123456789012345678",
                -200,
                "POS 123456789012 T 8765432",
            ),
        ],
    );
    desk.ok("bank import OPS june.csv --as bola");
    let before = desk.ok("bank lines OPS -f csv").stdout;
    assert!(
        before.contains("TRF TO ******6101 AND GTB******6101NGN")
            && before.contains(",******6101,"),
        "{before}"
    );
    assert!(
        before.contains("000013261007123456789012345678")
            && before.contains("POS ********9012 T 8765432"),
        "ids stay, runs of 10 to 19 digits do not: {before}"
    );
    desk.run("bank reconcile OPS --as bola");
    for line in [
        "bank lines OPS -f csv",
        "bank lines OPS -f json",
        "bank explain L-1 -f json",
        "report reconciliation -f json",
        "report reconciliation -f csv",
        "export hledger",
        "export beancount",
        "bank statements OPS -f json",
    ] {
        let ran = desk.run(line);
        for number in WRITTEN {
            assert!(
                !ran.stdout.contains(number) && !ran.stderr.contains(number),
                "`{line}` shows {number}: {}",
                ran.stdout
            );
        }
    }
    let shown = desk
        .words(&[
            "bank",
            "lines",
            "OPS",
            "--show-pii",
            "--as",
            "dayo",
            "-f",
            "csv",
        ])
        .stdout;
    assert!(
        WRITTEN.iter().all(|number| shown.contains(number)),
        "{shown}"
    );
    // A number that becomes known later is hidden from then on, and a past day stays as it was.
    let past = desk.ok("bank lines OPS --as-of 2026-06-30 -f csv").stdout;
    desk.at("2026-07-02T09:00:00.000000Z");
    desk.ok("holder set h2 --account-number 8765432 --bank-code XX --as bola");
    let words = "bank lines OPS --as-of 2026-06-30 -f csv".split(' ');
    let again = Ran::unwatched(desk.command(words).output().unwrap());
    assert_eq!(again.stdout, past);
    let now = desk.ok("bank lines OPS -f csv").stdout;
    assert!(now.contains("POS ********9012 T *******"), "{now}");
}
