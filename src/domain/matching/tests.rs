//! The tiers and rules, each on the smallest input that shows it. Dates are days of October 2026.

mod cases;
mod contradictions;
mod creditors;
mod fees;
mod properties;
mod proposals;
mod references;
mod remittances;
mod returns;
mod transfers;

use std::sync::LazyLock;

use super::*;
use crate::domain::status::Means;
use crate::domain::{
    account::AccountNumber,
    code::{FileNumber, LineNumber, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    quantity::Amount,
    signed::Signed,
    time::{Date, parse_date},
    transfer::TransferNumber,
};

pub(super) fn date(day: i64) -> Date {
    parse_date("2026-10-01").unwrap() + chrono::TimeDelta::days(day - 1)
}

pub(super) fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

pub(super) fn line(number: i64, day: i64, money: &str, description: &str) -> Line {
    let signed = match money.strip_prefix('-') {
        Some(out) => Signed::debit(amount(out)),
        None => Signed::credit(amount(money)),
    };
    Line {
        number: LineNumber::new(number),
        date: date(day),
        value_date: None,
        amount: signed,
        description: description.to_owned(),
        reference: None,
        bank_id: None,
        end_to_end: None,
        counterparty_name: None,
        counterparty_account: None,
        reversal: false,
    }
}

pub(super) fn expected(number: i64, day: i64, money: &str, name: &str) -> Expected {
    Expected {
        withdrawal: WithdrawalNumber::new(number),
        paid_from: PaidFrom::Here,
        payment: Some(PaymentNumber::new(number)),
        amount: amount(money),
        date: date(day),
        reference: None,
        end_to_end: Vec::new(),
        ended_references: Vec::new(),
        account_number: AccountNumber::parse(&format!("{:010}", 9_000_000_000_i64 + number)).ok(),
        means: Means::Transfer,
        names: vec![name.to_owned()],
        file: None,
        transfer: None,
        returned: false,
        return_linked: false,
        maybe_sent: false,
        settled: false,
    }
}

fn ours(expected: Expected, reference: &str) -> Expected {
    Expected {
        end_to_end: vec![reference.to_owned()],
        ..expected
    }
}

fn recorded(expected: Expected, reference: &str) -> Expected {
    Expected {
        reference: Some(reference.to_owned()),
        ..expected
    }
}

fn of_transfer(expected: Expected, transfer: i64, payments: u64) -> Expected {
    Expected {
        transfer: Some((TransferNumber::new(transfer), payments)),
        account_number: AccountNumber::parse("9000000000").ok(),
        ..expected
    }
}

fn in_file(expected: Expected, file: i64) -> Expected {
    Expected {
        file: Some(FileNumber::new(file)),
        ..expected
    }
}

pub(super) fn link(kind: LinkKind, lines: &[i64], withdrawals: &[i64]) -> Link {
    Link {
        kind,
        lines: lines
            .iter()
            .map(|number| LineNumber::new(*number))
            .collect(),
        withdrawals: withdrawals
            .iter()
            .map(|number| WithdrawalNumber::new(*number))
            .collect(),
        remittance: None,
    }
}

pub(super) fn ngn() -> Currency {
    Currency::parse("NGN").unwrap()
}

/// An account of which nothing but the number is known, and file 1, which was exported.
pub(super) static SETTING: LazyLock<Setting> = LazyLock::new(|| {
    let mut setting = Setting::new(AccountNumber::parse("0000014579").unwrap());
    let sent = |sent| SentFile {
        message_id: "F-000001-019f17c1".to_owned(),
        execution_date: date(7),
        sent,
    };
    setting.files = [
        (FileNumber::new(1), sent(Sent::Exported)),
        (FileNumber::new(2), sent(Sent::NotExported)),
    ]
    .into();
    setting
});

fn input<'a>(lines: &'a [Line], expected: &'a [Expected]) -> Sides<'a> {
    Sides {
        currency: ngn(),
        setting: &SETTING,
        lines,
        expected,
        remittances: &[],
        decided: &[],
        rejected: &[],
    }
}

fn of_line(outcome: &Outcome, number: i64) -> Class {
    outcome.lines[&LineNumber::new(number)].class
}

fn of_expected(outcome: &Outcome, number: i64) -> Class {
    outcome.expected[&WithdrawalNumber::new(number)].class
}

/// The classes of lines and of expectations, in the order of their numbers.
fn classes(outcome: &Outcome) -> (Vec<Class>, Vec<Class>) {
    (
        outcome.lines.values().map(|placed| placed.class).collect(),
        outcome
            .expected
            .values()
            .map(|placed| placed.class)
            .collect(),
    )
}

fn found(outcome: &Outcome) -> Vec<(Tier, Certainty)> {
    outcome
        .matches
        .iter()
        .map(|found| (found.tier, found.certainty))
        .collect()
}

#[test]
fn the_words_of_nigerian_banks_tell_what_a_line_is_about() {
    use LineKind::{Fee, Interest, Levy, Principal, Reversal, Tax};
    for (text, kind) in [
        ("COMMISSION NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3F9Q2M", Fee),
        ("VAT NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3F9Q2M", Tax),
        ("STAMP DUTY", Levy),
        ("Electronic  Money Transfer Levy/05-10-2026", Levy),
        ("EMTL", Levy),
        ("CYBERSECURITY LEVY NIP", Levy),
        ("ACCOUNT MAINTENANCE FEE", Fee),
        ("A/C MAINTENANCE", Fee),
        ("COMM. ON TRANSFER", Fee),
        ("NIP CHARGE", Fee),
        ("NIP VAT", Tax),
        ("SMS ALERT CHARGES SEP", Fee),
        ("CARD MAINTENANCE", Fee),
        ("COT", Fee),
        ("WHT ON INTEREST", Tax),
        ("INTEREST CAPITALISED", Interest),
        ("INT. CAPITALISED", Interest),
        ("***RSVL NIP TRF TO BELLO MUSA/GTB/PR9C0Q", Reversal),
        ("RVSL NIP TRF TO BELLO", Reversal),
        ("Rev-NIP TRF", Reversal),
        ("REV/NIP TRF", Reversal),
        ("REVERSAL OF TRF", Reversal),
        ("UNPAID ITEM", Reversal),
        ("RVSL COMMISSION NIP TRF", Fee),
        ("REVERSAL OF VAT", Tax),
        ("RSVL/STAMP DUTY", Levy),
        ("NIP TRF TO FEENEY LTD/ZENITH", Principal),
        ("TRF TO ADA/SCHOOL FEES", Principal),
        ("FEENEY LTD", Principal),
        ("COTTON MILLS", Principal),
        ("VATICAN TOURS", Principal),
        ("CARD PURCHASE SHOPRITE", Principal),
        ("REV JOHN OKAFOR", Principal),
        ("NIP/LEVY OKON/ZENITH", Principal),
        ("INTERSWITCH SETTLEMENT", Principal),
        ("", Principal),
    ] {
        assert_eq!(kind_of(&line(1, 1, "50", text)), kind, "{text}");
    }
    assert_eq!(
        kind_of(&Line {
            reversal: true,
            ..line(1, 1, "50", "NIP TRF")
        }),
        Reversal
    );
    assert_eq!(kind_of(&line(1, 1, "50", "REFUND FROM VENDOR")), Reversal);
    assert_eq!(
        kind_of(&line(1, 1, "-50", "REFUND TO ADAEZE/PR7K3F9Q2M")),
        Principal
    );
}

/// The statement of the sample `ng1-preamble-fees-reversal.csv` and the two payments behind it.
fn sample() -> (Vec<Line>, Vec<Expected>) {
    let lines = vec![
        line(
            1,
            5,
            "5000000",
            "NIP CR/HELIOS OFFTAKE LTD/ZENITH/Q3 TARIFF",
        ),
        line(
            2,
            7,
            "-4612500",
            "NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3F9Q2M",
        ),
        line(
            3,
            7,
            "-50",
            "COMMISSION NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3F9Q2M",
        ),
        line(
            4,
            7,
            "-3.75",
            "VAT NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3F9Q2M",
        ),
        line(5, 7, "-2700000", "NIP TRF TO BELLO MUSA/GTB/PR9C0QX4T1"),
        line(6, 7, "-50", "STAMP DUTY"),
        line(7, 9, "2700000", "***RSVL NIP TRF TO BELLO MUSA/GTB/PR9C0Q"),
        line(8, 30, "-1075", "ACCOUNT MAINTENANCE FEE"),
    ];
    let expected = vec![
        ours(expected(1, 7, "4612500", "Mrs Adaeze Okoro"), "PR7K3F9Q2M"),
        ours(expected(2, 7, "2700000", "Alhaji Musa Bello"), "PR9C0QX4T1"),
    ];
    (lines, expected)
}

#[test]
fn a_nigerian_statement_is_read_line_by_line() {
    use Class::{FeeTaxLevy, Matched, OnBankNotInLedger, Proposed, UnexpectedCredit};
    let (lines, expected) = sample();
    let outcome = run(input(&lines, &expected));
    let lines = vec![
        UnexpectedCredit,
        Matched,
        FeeTaxLevy,
        FeeTaxLevy,
        Matched,
        FeeTaxLevy,
        Proposed,
        // The maintenance fee of the month is not a fixed amount.
        OnBankNotInLedger,
    ];
    assert_eq!(classes(&outcome), (lines, vec![Matched, Matched]));
    let matched = (Tier::Reference, Certainty::Matched);
    // The reference of the reversal is cut, so that it is not an id: the return is only proposed.
    assert_eq!(
        found(&outcome),
        [matched, matched, (Tier::Reversal, Certainty::Proposed)]
    );
}

#[test]
fn what_is_left_is_named_for_what_it_is() {
    let lines = [
        line(1, 7, "-5", "POS PURCHASE"),
        line(2, 7, "5", "LODGEMENT"),
        line(3, 7, "5", "INTEREST"),
        line(4, 7, "-5", "INTEREST ON OVERDRAFT"),
        line(5, 7, "5", "RVSL COMMISSION"),
        line(6, 7, "0", "NOTE"),
        line(7, 7, "-5", "BANK DRAFT"),
        line(8, 7, "-5", "RVSL LODGEMENT"),
    ];
    let decided = [link(LinkKind::Other, &[7], &[])];
    let payments = [
        expected(1, 20, "1", "X"),
        Expected {
            payment: None,
            ..expected(2, 20, "1", "Y")
        },
    ];
    let outcome = run(Sides {
        decided: &decided,
        ..input(&lines, &payments)
    });
    use Class::{
        Awaited, OnBankNotInLedger, PaidNotOnBank, Resolved, UnexpectedCredit, UnlinkedReversal,
    };
    let of_lines = vec![
        OnBankNotInLedger,
        UnexpectedCredit,
        UnexpectedCredit,
        OnBankNotInLedger,
        UnexpectedCredit,
        Resolved,
        Resolved,
        UnlinkedReversal,
    ];
    assert_eq!(classes(&outcome), (of_lines, vec![PaidNotOnBank, Awaited]));
}

#[test]
fn a_line_that_fits_a_paid_and_an_open_payment_belongs_to_neither() {
    let lines = [
        line(1, 7, "-100", "TRF PR7K3F9Q2M"),
        line(2, 7, "-100", "PR7K3F9Q2M/PR9C0QX4T1"),
    ];
    let payments = [
        ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M"),
        ours(expected(2, 7, "100", "Y"), "PR9C0QX4T1"),
    ];
    let decided = [link(LinkKind::Payment, &[1], &[1])];
    let outcome = run(Sides {
        decided: &decided,
        ..input(&lines, &payments)
    });
    use Class::{Ambiguous, Matched};
    assert_eq!(
        classes(&outcome),
        (vec![Matched, Ambiguous], vec![Matched, Ambiguous])
    );
}
