//! `prorata export …`: what hledger and Beancount make of the ledger.

use std::{collections::BTreeMap, process::Command};

use prorata::{
    domain::time::{Instant, parse_date},
    ops,
    report::journal::{path, trial_balance},
    store::{Access, AsOf, Ledger},
};
use serde_json::Value;

use crate::{
    event::once::unchanged,
    global::habits::wrong_usage,
    month,
    support::{Desk, Ran, has_program},
};

/// A title with all that means something in either layout.
const HOSTILE: &str = r#"Rent "Q2"; (net) | 50%, date:2020-01-01 [2020-01-02]  two  spaces \back"#;

/// The work of a day.
type Work = fn(&Desk);

/// A day of the books: when, and the two journals that were exported at its end.
type Told = (&'static str, String, String);

/// Books over five days: three currencies and units of all sizes, payments in part, rejected,
/// cancelled, returned and replaced, an approved event that was cancelled, events that nobody
/// approved, codes that are close to each other, and a bank account.
struct Books {
    desk: Desk,
    days: Vec<Told>,
}

impl Books {
    fn new() -> Self {
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
            let told = (
                day,
                books.desk.ok("export hledger").stdout,
                books.desk.ok("export beancount").stdout,
            );
            books.days.push(told);
        }
        books.desk.sound();
        books
    }

    /// W-1 and W-2 lie in a payment file; W-1 is paid whole and W-3 in part.
    fn pays(desk: &Desk) {
        desk.ok("payment file create W-1 W-2 --account OPS --profile generic --as bola");
        desk.ok("withdrawal pay W-1 --reference TRX-9001 --date 2026-06-23 --as bola");
        desk.ok(
            "withdrawal pay W-3 --reference TRX-9003 --date 2026-06-24 --amount 9.50 --as bola",
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
        desk.ok("withdrawal approve --event K1 --all --yes --as chi");
        desk.ok("withdrawal pay W-5 --reference K-5 --date 2026-07-02 --as bola");
        desk.ok("withdrawal pay W-6 --reference K-6 --date 2026-07-02 --amount 1 --as bola");
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
            "bola",
        ]);
    }

    /// What came back is paid again; the bank's lines are explained, and two matches are taken
    /// back: of a payment that was in a payment file, and of one that only its line tells the
    /// account of.
    fn settles(desk: &Desk) {
        let paid = desk.json("payment show P-4");
        let holder = paid["holder"].as_str().unwrap();
        desk.ok(&format!(
            "withdrawal request --event K1 --holder {holder} --all --as bola"
        )); // W-14
        desk.ok("withdrawal approve W-14 --as chi");
        desk.ok("withdrawal pay W-14 --reference K-14 --date 2026-07-04 --as bola");
        desk.ok("bank resolve L-5 --kind funding --reason rent --as bola");
        for line in ["L-1", "L-7"] {
            desk.done(&[
                "bank", "unmatch", line, "--reason", "not sure", "--as", "bola",
            ]);
        }
    }
}

/// Writes a journal beside the ledger and runs a program on it.
fn program(desk: &Desk, words: &[&str], journal: &str) -> Ran {
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
fn holds(desk: &Desk, words: &[&str], journal: &str) -> String {
    let ran = program(desk, words, journal);
    assert_eq!(
        ran.code, 0,
        "{words:?}: {}{}\n{journal}",
        ran.stdout, ran.stderr
    );
    ran.stdout
}

const STRICT: [&str; 5] = ["hledger", "-f", "journal.txt", "check", "--strict"];
const BEAN: [&str; 2] = ["bean-check", "journal.txt"];

/// Reads hledger's balances: account and currency to the digits that it prints.
fn balances(desk: &Desk, journal: &str, more: &[&str]) -> BTreeMap<(String, String), String> {
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
fn units(number: &str) -> i128 {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or((1, number), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<i128>().unwrap() * 10_000_000
        + format!("{fraction:0<7}").parse::<i128>().unwrap())
}

/// Adds up what the allocations of active and completed events say: account and currency to what is
/// owed, as a credit.
fn owed(desk: &Desk) -> BTreeMap<(String, String), i128> {
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
            for field in ["available", "pending"] {
                let account = format!(
                    "liabilities:holders:{}:{}:{field}",
                    text(event, "project"),
                    text(row, "holder")
                );
                *sums.entry((account, text(event, "currency"))).or_insert(0) -=
                    units(&text(row, &format!("{field}_amount")));
            }
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

#[test]
fn both_programs_accept_the_journal_and_come_to_what_the_allocations_say() {
    if !has_program("hledger") || !has_program("bean-check") {
        return;
    }
    let books = Books::new();
    let (_, hledger, beancount) = books.days.last().unwrap();
    holds(&books.desk, &STRICT, hledger);
    holds(&books.desk, &BEAN, beancount);
    let found: BTreeMap<_, i128> = balances(&books.desk, hledger, &["liabilities"])
        .into_iter()
        .map(|(account, number)| (account, units(&number)))
        .collect();
    let owed = owed(&books.desk);
    assert_eq!(found, owed);
    for account in ["k.1:a.b", "k.1:a_b", "k_1:a-b", "k_1:.x", "LAGOS:h1"] {
        assert!(
            owed.keys()
                .any(|(name, _)| name.starts_with(&format!("liabilities:holders:{account}:"))),
            "{owed:?}"
        );
    }
    let declared = balances(&books.desk, hledger, &["equity:distributions"]);
    let shown: Vec<_> = declared
        .iter()
        .map(|((account, currency), sum)| format!("{account} {sum} {currency}"))
        .collect();
    let expected = [
        "equity:distributions:LAGOS 101.0000000 NGN",
        "equity:distributions:k.1 10.001 KWD",
        "equity:distributions:k_1 1000 JPY",
    ];
    assert_eq!(
        shown, expected,
        "drafts, calculated and cancelled events declare nothing"
    );
}

#[test]
fn what_the_bank_shows_stands_against_what_explains_it() {
    if !has_program("hledger") {
        return;
    }
    let books = Books::new();
    let told = |day: &str| {
        let (_, hledger, _) = books.days.iter().find(|(told, ..)| *told == day).unwrap();
        let query = [
            "assets",
            "expenses",
            "income",
            "equity:funding",
            "equity:opening",
            "equity:other",
        ];
        let found = balances(&books.desk, hledger, &query);
        found
            .into_iter()
            .map(|((account, currency), sum)| format!("{account} {sum} {currency}"))
            .collect::<Vec<_>>()
    };
    // W-1 was paid from the account of its payment file; of W-3 nothing is known.
    assert_eq!(
        told("2026-06-30"),
        [
            "assets:bank:OPS -30.00 NGN",
            "assets:unassigned payments -9.50 NGN"
        ]
    );
    // The bank opened with 1,000.00 and closed with 981.50; all three payments are on it.
    let expected = [
        "assets:bank:OPS 981.5000000 NGN",
        "assets:suspense:OPS -43.0000000 NGN",
        "assets:unassigned payments -3.917 KWD",
        "equity:opening balances -1000.0000000 NGN",
        "equity:other 1.5000000 NGN",
        "expenses:bank charges 0.5000000 NGN",
    ];
    assert_eq!(told("2026-07-02"), expected);
    assert_eq!(
        books.desk.json("report reconciliation")["bank_proof"][0]["closing_balance"],
        "981.50"
    );
    // What came in is explained. The lines of W-1 and W-3 are no payment's any more, so the account
    // shows payment and line of W-1 until it is; where W-3 was paid from is not known again.
    let expected = [
        "assets:bank:OPS 951.5000000 NGN",
        "assets:suspense:OPS 46.5000000 NGN",
        "assets:unassigned payments -3.917 KWD",
        "assets:unassigned payments -9.5000000 NGN",
        "equity:funding -50.0000000 NGN",
        "equity:opening balances -1000.0000000 NGN",
        "equity:other 1.5000000 NGN",
        "expenses:bank charges 0.5000000 NGN",
    ];
    assert_eq!(told("2026-07-04"), expected);
    let (_, hledger, beancount) = books.days.last().unwrap();
    let masked = [
        "POS, \"PURCHASE\" / ******6789",
        "POS; \\\"PURCHASE\\\" | ******6789",
    ];
    assert!(
        hledger.contains(masked[0]) && beancount.contains(masked[1]),
        "{hledger}{beancount}"
    );
}

#[test]
fn lines_before_the_first_opening_balance_are_not_counted_twice() {
    if !has_program("hledger") {
        return;
    }
    let desk = Desk::with_bank();
    // The first statement tells lines and no balance, the second one what stood in the account
    // after them.
    desk.write(
        "may.csv",
        "Trans Date,Value Date,Reference,Debit,Credit,Narration\n2026-05-29,2026-05-29,S1,,200.00,TRANSFER FROM B\n",
    );
    desk.ok("bank import OPS may.csv --as bola");
    desk.statement(
        "june.csv",
        100_000,
        &[("2026-06-24", "S2", -700, "POS PURCHASE")],
    );
    desk.ok("bank import OPS june.csv --as bola");
    let journal = desk.ok("export hledger").stdout;
    holds(&desk, &STRICT, &journal);
    let found = balances(&desk, &journal, &[]);
    let of = |account: &str| found[&(account.to_owned(), "NGN".to_owned())].as_str();
    assert_eq!(
        (of("assets:bank:OPS"), of("equity:opening balances")),
        ("993.00", "-800.00")
    );
}

#[test]
fn each_past_day_is_told_as_it_was_exported_on_that_day() {
    let mut books = Books::new();
    books.desk.at("2026-07-09T10:00:00.000000Z");
    for (day, hledger, beancount) in &books.days {
        assert_eq!(
            &books
                .desk
                .ok(&format!("export hledger --as-of {day}"))
                .stdout,
            hledger,
            "{day}"
        );
        assert_eq!(
            &books
                .desk
                .ok(&format!("export beancount --as-of {day}"))
                .stdout,
            beancount,
            "{day}"
        );
        if has_program("hledger") && has_program("bean-check") {
            holds(&books.desk, &STRICT, hledger);
            holds(&books.desk, &BEAN, beancount);
        }
    }
    // What is owed at the end of a day stands in every later journal too.
    if has_program("hledger") {
        let (_, last, _) = books.days.last().unwrap();
        let next = books
            .days
            .iter()
            .skip(1)
            .map(|(day, ..)| *day)
            .chain(["2026-07-05"]);
        for ((day, hledger, _), next) in books.days.iter().zip(next) {
            let of_day = |journal: &str| -> BTreeMap<_, i128> {
                let found = balances(&books.desk, journal, &["liabilities", "-e", next]);
                found
                    .into_iter()
                    .map(|(account, number)| (account, units(&number)))
                    .collect()
            };
            assert_eq!(of_day(hledger), of_day(last), "{day}");
        }
    }
}

#[test]
fn the_journal_holds_only_where_entries_and_allocations_agree() {
    if !has_program("hledger") || !has_program("bean-check") {
        return;
    }
    let desk = Desk::with_bank();
    let export = || {
        (
            desk.ok("export hledger").stdout,
            desk.ok("export beancount").stdout,
        )
    };
    let (hledger, beancount) = export();
    holds(&desk, &STRICT, &hledger);
    holds(&desk, &BEAN, &beancount);
    desk.tamper(
        "UPDATE distribution_allocations SET available_amount = '3.3400001', pending_amount = '29.9999999'
         WHERE pending_amount = '30.0000000'",
    );
    assert_eq!(
        desk.json("event allocations E1")[0]["pending_amount"],
        "29.9999999"
    );
    let (hledger, beancount) = export();
    assert_ne!(program(&desk, &STRICT, &hledger).code, 0, "{hledger}");
    assert_ne!(program(&desk, &BEAN, &beancount).code, 0, "{beancount}");
}

#[test]
fn the_trial_balance_is_what_hledger_adds_up() {
    if !has_program("hledger") {
        return;
    }
    let books = Books::new();
    let wait = std::time::Duration::from_secs(1);
    let mut ledger = Ledger::open(&books.desk.ledger(), Access::Read, wait).unwrap();
    for (day, hledger, _) in &books.days {
        let at = Instant::end_of(parse_date(day).unwrap()).unwrap();
        let rows = ledger
            .read(|tx| ops::export::trial_balance(tx, AsOf::At(at)))
            .unwrap();
        let told: BTreeMap<_, i128> = rows
            .iter()
            .map(|row| {
                (
                    (path(&row.account).to_string(), row.currency.to_string()),
                    row.balance.units(),
                )
            })
            .filter(|(_, balance)| *balance != 0)
            .collect();
        let mut found: BTreeMap<_, i128> = BTreeMap::new();
        for ((account, currency), number) in balances(&books.desk, hledger, &[]) {
            let parts: Vec<&str> = account.split(':').collect();
            let account = match parts.as_slice() {
                ["liabilities", "holders", project, _, state] => {
                    format!("liabilities:holders:{project}:{state}")
                }
                _ => account,
            };
            *found.entry((account, currency)).or_insert(0) += units(&number);
        }
        found.retain(|_, sum| *sum != 0);
        assert_eq!(told, found, "{day}");
        let table = trial_balance(&rows);
        let columns = table.columns.iter().map(|column| column.field);
        assert_eq!(
            columns.collect::<Vec<_>>(),
            ["account", "currency", "debit", "credit", "balance"]
        );
    }
}

#[test]
fn no_title_breaks_out_of_its_line() {
    if !has_program("hledger") || !has_program("bean-check") {
        return;
    }
    let desk = Desk::with_event();
    for title in [
        HOSTILE,
        "a\n2026-01-01 * x\n  assets:x  1 NGN\r",
        "; all of it",
        "(x) y",
        "* y",
        "! y",
        "\\",
        "\"",
        "\u{202e}",
        "=",
    ] {
        let quoted = title.replace('\'', "''");
        desk.tamper(&format!(
            "UPDATE distribution_events SET title = '{quoted}'"
        ));
        holds(&desk, &STRICT, &desk.ok("export hledger").stdout);
        holds(&desk, &BEAN, &desk.ok("export beancount").stdout);
    }
}

#[test]
fn a_ledger_without_anything_has_a_journal_without_entries() {
    let desk = Desk::new();
    for (line, check) in [
        ("export hledger", &STRICT[..]),
        ("export beancount", &BEAN[..]),
    ] {
        let journal = desk.ok(line).stdout;
        assert!(!journal.contains(" * "), "{journal}");
        if has_program(check[0]) {
            holds(&desk, check, &journal);
        }
    }
}

#[test]
fn the_month_at_the_bank_closes_with_the_banks_own_balance() {
    if !has_program("hledger") || !has_program("bean-check") {
        return;
    }
    let (_outer, folder, _) = month::walk();
    let desk = Desk::empty();
    std::fs::copy(folder.join("prorata.db"), desk.ledger()).unwrap();
    let hledger = desk.ok("export hledger").stdout;
    holds(&desk, &STRICT, &hledger);
    holds(&desk, &BEAN, &desk.ok("export beancount").stdout);
    let found = balances(&desk, &hledger, &["assets", "expenses"]);
    let shown: Vec<_> = found
        .iter()
        .map(|((account, _), sum)| format!("{account} {sum}"))
        .collect();
    let proof = desk.json("report reconciliation")["bank_proof"][0]["closing_balance"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        shown,
        [
            format!("assets:bank:RENT {proof}"),
            "expenses:bank charges 5275.00".to_owned()
        ]
    );
}

#[test]
fn a_file_of_any_name_is_written_once_and_again_with_the_same_bytes() {
    let desk = Desk::with_bank();
    for (line, name, check) in [
        (
            "export hledger",
            "books.journal",
            "`hledger -f books.journal check --strict`",
        ),
        (
            "export beancount",
            "books.beancount",
            "`bean-check books.beancount`",
        ),
    ] {
        let read = || std::fs::read_to_string(desk.path().join(name)).unwrap();
        let ran = unchanged(&desk, || desk.ok(&format!("{line} -o {name}")));
        assert_eq!(ran.stdout, "");
        assert!(
            ran.stderr.contains("wrote 6 entries as of 2026-06-30") && ran.stderr.contains(check),
            "{}",
            ran.stderr
        );
        let first = read();
        let refused = desk.run(&format!("{line} -o {name}"));
        assert!(
            refused.code == 1 && refused.stderr.contains("exists already"),
            "{}",
            refused.stderr
        );
        desk.ok(&format!("{line} -o {name} --force"));
        assert_eq!(read(), first);
        assert_eq!(desk.ok(line).stdout, first, "standard output has the same");
        let head = desk.json("audit head");
        let head = format!(
            "audit head {} {}",
            head["seq"],
            head["hash"].as_str().unwrap()
        );
        assert!(first.contains(&head), "{first}");
    }
    let refused = desk.run("export hledger -o prorata.db --force");
    assert!(
        refused.code == 1 && refused.stderr.contains("is the ledger itself"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_journal_has_no_format_no_key_and_no_future() {
    let desk = Desk::with_event();
    for line in ["export hledger", "export beancount"] {
        wrong_usage(
            &desk,
            &format!("{line} -f csv"),
            "invalid value 'csv' for '--format <FORMAT>'",
        );
        desk.refused(&format!("{line} --key k"), 2, "usage.invalid");
        wrong_usage(
            &desk,
            &format!("{line} --key k"),
            "unexpected argument '--key'",
        );
        wrong_usage(
            &desk,
            &format!("{line} --as-of 2026-07-01"),
            "in the future",
        );
    }
}
