//! The books that the journals are made of, and what the two programs read in them.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use crate::support::{Desk, Ran};

/// A title with all that means something in either layout.
pub(crate) const HOSTILE: &str =
    r#"Rent "Q2"; (net) | 50%, date:2020-01-01 [2020-01-02]  two  spaces \back"#;

/// The work of a day.
type Work = fn(&Desk);

/// A day of the books: when, and the two journals that were exported at its end.
pub(crate) type Day = (&'static str, String, String);

/// Books over five days: three currencies and units of all sizes, payments in part, rejected,
/// cancelled, returned and replaced, an approved event that was cancelled, events that nobody
/// approved, codes that are close to each other, and a bank account.
pub(crate) struct Books {
    pub(crate) desk: Desk,
    pub(crate) days: Vec<Day>,
}

impl Books {
    pub(crate) fn new() -> Self {
        let mut books = Self {
            desk: Desk::with_bank(),
            days: Vec::new(),
        };
        let days: [(&str, Work); 5] = [
            ("2026-06-30", Self::pays),
            ("2026-07-01", Self::declares),
            ("2026-07-02", Self::reconciles),
            ("2026-07-03", Self::takes_back),
            ("2026-07-04", Self::settles),
        ];
        for (day, work) in days {
            books.desk.at(&format!("{day}T10:00:00.000000Z"));
            work(&books.desk);
            let reported = (
                day,
                books.desk.ok("export hledger").stdout,
                books.desk.ok("export beancount").stdout,
            );
            books.days.push(reported);
        }
        books.desk.sound();
        books
    }

    /// W-1 and W-2 lie in a payment file; W-1 is paid whole and W-3 in part.
    fn pays(desk: &Desk) {
        desk.ok("payment file create W-1 W-2 --account OPS --profile generic --as bola");
        desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --yes --as bola");
        desk.ok(
            "withdrawal pay W-3 --reference TRX-9003 --date 2026-06-24 --yes --amount 9.50 --as bola",
        );
    }

    fn declares(desk: &Desk) {
        for (project, currency) in [("k.1", "KWD"), ("k_1", "JPY")] {
            desk.ok(&format!(
                "project add {project} --name P --currency {currency} --as bola"
            ));
        }
        for (at, holder) in ["a.b", "a_b", "a-b", ".x"].into_iter().enumerate() {
            desk.ok(&format!(
                "holder add {holder} --name N --bank-name B --account-number 99990000{at} --as bola"
            ));
            for project in ["k.1", "k_1", "LAGOS"] {
                desk.ok(&format!(
                    "token issue {holder} {}.5 --project {project} --date 2026-01-01 --as bola",
                    at + 1
                ));
            }
        }
        let create = |code: &str, project: &str, amount: &str, title: &str, more: &[&str]| {
            let words = [
                "event",
                "create",
                code,
                "--project",
                project,
                "--type",
                "other",
                "--title",
                title,
            ];
            let words = [
                &words,
                &["--amount", amount, "--date", "2026-06-30", "--as", "bola"][..],
                more,
            ]
            .concat();
            desk.done(&words);
        };
        create("K1", "k.1", "10.001", HOSTILE, &[]);
        create("J1", "k_1", "1000", "Yen", &[]);
        create("FINE", "LAGOS", "1", "Fine", &["--unit", "0.0000001"]);
        create("VOID", "LAGOS", "77.77", "Void", &[]);
        create("ONLY", "LAGOS", "5", "Calculated only", &[]);
        create("DRAFT", "LAGOS", "6", "Draft", &[]);
        for event in ["K1", "J1", "FINE", "VOID", "ONLY"] {
            desk.ok(&format!("event calculate {event} --as bola"));
        }
        for event in ["K1", "J1", "FINE", "VOID"] {
            desk.ok(&format!("event approve {event} --as chi"));
        }
        desk.ok("withdrawal request --event K1 --all-holders --as bola"); // W-4 to W-7
        desk.ok("withdrawal request --event VOID --holder a.b --all --as bola"); // W-8
        desk.ok("withdrawal request --event VOID --holder h1 --all --as bola"); // W-9
        desk.ok("withdrawal request --event J1 --all-holders --as bola"); // W-10 to W-13
    }

    /// The bank shows W-1, W-2, W-3 and a charge, and three lines that nothing explains; one of
    /// them is explained.
    fn reconciles(desk: &Desk) {
        let reference = desk.end_to_end("F-1", "W-000002");
        desk.imported(
            "june.csv",
            &[
                ("2026-06-24", "S1", -3000, "TRF TRX-9001"),
                ("2026-06-24", "S2", -50, "COMMISSION TRF TRX-9001"),
                ("2026-06-30", "S3", -2000, &format!("NIP TRF {reference}")),
                ("2026-06-30", "S4", -700, "POS; \"PURCHASE\" | 0123456789"),
                ("2026-06-30", "S5", 5000, "TRANSFER FROM B"),
                ("2026-06-30", "S6", -150, "POS PURCHASE 2"),
                ("2026-06-30", "S7", -950, "TRF TRX-9003"),
            ],
        );
        desk.ok("bank resolve L-6 --kind other --reason office --as bola");
        assert_eq!(desk.run("bank reconcile OPS --as bola").code, 3);
        desk.ok("withdrawal approve W-8 --as chi");
        desk.ok("withdrawal approve --event K1 --all --hash REVIEWED --as chi");
        desk.ok("withdrawal pay W-5 --reference K-5 --date 2026-07-02 --yes --as bola");
        desk.ok("withdrawal pay W-6 --reference K-6 --date 2026-07-02 --yes --amount 1 --as bola");
    }

    fn takes_back(desk: &Desk) {
        desk.done(&[
            "event", "cancel", "VOID", "--reason", "typo", "--yes", "--as", "bola",
        ]);
        desk.done(&[
            "withdrawal",
            "reject",
            "W-10",
            "--reason",
            "wrong; | account, really",
            "--as",
            "chi",
        ]);
        desk.ok("withdrawal cancel W-7 --as bola");
        desk.done(&[
            "payment",
            "return",
            "P-4",
            "--date",
            "2026-07-03",
            "--reason",
            "closed \"early\"",
            "--as",
            "chi",
        ]);
    }

    /// What came back is paid again; the bank's lines are explained, and two matches are taken
    /// back: of a payment that was in a payment file, and of one that only its line names the
    /// account of.
    fn settles(desk: &Desk) {
        let paid = desk.json("payment show P-4");
        let holder = paid["holder"].as_str().unwrap();
        desk.ok(&format!(
            "withdrawal request --event K1 --holder {holder} --all --as bola"
        )); // W-14
        desk.ok("withdrawal approve W-14 --as chi");
        desk.ok("withdrawal pay W-14 --reference K-14 --date 2026-07-04 --yes --as bola");
        desk.ok("bank resolve L-5 --kind funding --reason rent --as bola");
        for line in ["L-1", "L-7"] {
            desk.done(&[
                "bank", "unmatch", line, "--reason", "not sure", "--as", "bola",
            ]);
        }
    }
}

/// Writes a journal next to the ledger and runs a program on it.
pub(crate) fn program(desk: &Desk, words: &[&str], journal: &str) -> Ran {
    desk.write("journal.txt", journal);
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .current_dir(desk.path())
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", desk.path());
    Ran::of(command.output().unwrap())
}

#[track_caller]
pub(crate) fn holds(desk: &Desk, words: &[&str], journal: &str) -> String {
    let ran = program(desk, words, journal);
    assert_eq!(
        ran.code, 0,
        "{words:?}: {}{}\n{journal}",
        ran.stdout, ran.stderr
    );
    ran.stdout
}

pub(crate) const STRICT: [&str; 5] = ["hledger", "-f", "journal.txt", "check", "--strict"];
pub(crate) const BEAN: [&str; 2] = ["bean-check", "journal.txt"];

/// Reads hledger's balances: account and currency to the digits that it prints.
pub(crate) fn balances(
    desk: &Desk,
    journal: &str,
    more: &[&str],
) -> BTreeMap<(String, String), String> {
    let words = [
        &[
            "hledger",
            "-f",
            "journal.txt",
            "balance",
            "--flat",
            "-N",
            "-O",
            "csv",
        ],
        more,
    ]
    .concat();
    let text = holds(desk, &words, journal);
    let mut found = BTreeMap::new();
    for row in csv::ReaderBuilder::new()
        .from_reader(text.as_bytes())
        .records()
    {
        let row = row.unwrap();
        for amount in row[1].split(", ").filter(|amount| *amount != "0") {
            let (number, currency) = amount.split_once(' ').unwrap();
            found.insert((row[0].to_owned(), currency.to_owned()), number.to_owned());
        }
    }
    found
}

/// Counts ten-millionths.
pub(crate) fn units(number: &str) -> i128 {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or((1, number), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<i128>().unwrap() * 10_000_000
        + format!("{fraction:0<7}").parse::<i128>().unwrap())
}

/// Adds up what the allocations of active and completed events say: account and currency to what is
/// owed, as a credit.
pub(crate) fn owed(desk: &Desk) -> BTreeMap<(String, String), i128> {
    let mut sums = BTreeMap::new();
    for event in desk.json("event list").as_array().unwrap() {
        if !["active", "completed"].contains(&event["status"].as_str().unwrap()) {
            continue;
        }
        let text = |value: &Value, field: &str| value[field].as_str().unwrap().to_owned();
        for row in desk
            .json(&format!("event allocations {}", text(event, "code")))
            .as_array()
            .unwrap()
        {
            let amount = |field: &str| units(&text(row, field));
            let carried = amount("carried_forward_amount") - amount("brought_forward_amount");
            for (account, owed) in [
                ("available", amount("available_amount")),
                ("pending", amount("pending_amount")),
                ("carried forward", carried),
            ] {
                let account = format!(
                    "liabilities:holders:{}:{}:{account}",
                    text(event, "project"),
                    text(row, "holder")
                );
                *sums.entry((account, text(event, "currency"))).or_insert(0) -= owed;
            }
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}
