//! `prorata export …`: what hledger and Beancount make of the ledger.

pub(crate) mod books;

use std::collections::BTreeMap;

use books::{BEAN, Books, HOSTILE, STRICT, balances, holds, owed, program, units};
use prorata::{
    domain::time::{Instant, parse_date},
    ops,
    report::journal::{path, trial_balance},
    store::{Access, AsOf, Ledger},
};

use crate::{
    event::once::unchanged,
    global::habits::wrong_usage,
    month,
    support::{Desk, has_program},
};

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
fn what_the_bank_shows_is_booked_against_what_explains_it() {
    if !has_program("hledger") {
        return;
    }
    let books = Books::new();
    let reported = |day: &str| {
        let (_, hledger, _) = books
            .days
            .iter()
            .find(|(reported, ..)| *reported == day)
            .unwrap();
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
        reported("2026-06-30"),
        [
            "assets:bank:OPS -30.00 NGN",
            "assets:unassigned payments -9.50 NGN"
        ]
    );
    // The bank opened with 1,000.00 and closed with 981.50; all three payments are on it. What reads
    // like a fee and is not proven is not explained.
    let expected = [
        "assets:bank:OPS 981.5000000 NGN",
        "assets:suspense:OPS -42.5000000 NGN",
        "assets:unassigned payments -3.917 KWD",
        "equity:opening balances -1000.0000000 NGN",
        "equity:other 1.5000000 NGN",
    ];
    assert_eq!(reported("2026-07-02"), expected);
    assert_eq!(
        books.desk.json("report reconciliation")["bank_proof"][0]["closing_balance"],
        "981.50"
    );
    // What came in is explained. The lines of W-1 and W-3 do not belong to a payment any more, so
    // the account shows payment and line of W-1 until it is; where W-3 was paid from is not known
    // again.
    let expected = [
        "assets:bank:OPS 951.5000000 NGN",
        "assets:suspense:OPS 47.0000000 NGN",
        "assets:unassigned payments -3.917 KWD",
        "assets:unassigned payments -9.5000000 NGN",
        "equity:funding -50.0000000 NGN",
        "equity:opening balances -1000.0000000 NGN",
        "equity:other 1.5000000 NGN",
    ];
    assert_eq!(reported("2026-07-04"), expected);
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
    // The first statement has lines and no balance, the second one what was in the account
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
fn each_past_day_is_exported_as_it_was_on_that_day() {
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
    // What is owed at the end of a date is in every later journal too.
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
        let reported: BTreeMap<_, i128> = rows
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
        assert_eq!(reported, found, "{day}");
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
            refused.code == 1 && refused.stderr.contains("already exists"),
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
