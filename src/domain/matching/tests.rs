//! The tiers and rules, each on the smallest input that shows it. Dates are days of October 2026.

mod contradictions;
mod properties;

use super::*;
use crate::domain::time::parse_date;

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
        payment: Some(PaymentNumber::new(number)),
        amount: amount(money),
        date: date(day),
        reference: None,
        end_to_end: Vec::new(),
        account_number: AccountNumber::parse(&format!("{:010}", 9_000_000_000_i64 + number))
            .unwrap(),
        names: vec![name.to_owned()],
        file: None,
        returned: false,
        return_linked: false,
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
    }
}

pub(super) fn ngn() -> Currency {
    Currency::parse("NGN").unwrap()
}

fn input<'a>(lines: &'a [Line], expected: &'a [Expected]) -> Input<'a> {
    Input {
        currency: ngn(),
        lines,
        expected,
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
        .found
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
fn a_nigerian_statement_is_told_apart_line_by_line() {
    use Class::{FeeTaxLevy, Matched, Proposed, UnexpectedCredit};
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
        FeeTaxLevy,
    ];
    assert_eq!(classes(&outcome), (lines, vec![Matched, Matched]));
    let matched = (Tier::Reference, Certainty::Matched);
    // The reference of the reversal is cut, so that it is no id: the return is only proposed.
    assert_eq!(
        found(&outcome),
        [matched, matched, (Tier::Reversal, Certainty::Proposed)]
    );
}

#[test]
fn a_reversal_with_the_whole_reference_is_a_return() {
    let (mut lines, expected) = sample();
    lines[6].description = "RVSL NIP TRF TO BELLO MUSA/GTB/PR9C0QX4T1".to_owned();
    let outcome = run(input(&lines, &expected));
    for number in [5, 7] {
        assert_eq!(of_line(&outcome, number), Class::Returned);
    }
    assert_eq!(of_expected(&outcome, 2), Class::Returned);
    assert_eq!(of_expected(&outcome, 1), Class::Matched);
    assert_eq!(outcome.found[2].certainty, Certainty::Matched);
    assert_eq!(outcome.found[2].link, link(LinkKind::Return, &[7], &[2]));
}

#[test]
fn a_reference_is_found_where_the_bank_broke_or_hid_it() {
    for text in [
        "NIP/pr7k3f9q2m/x",
        "TRF PR7K 3F9Q 2M",
        "TRF-PR7K3-F9Q2M",
        "REFPR7K3F9Q2MZENITH",
        "A:PR7K3F9Q2M",
    ] {
        let lines = [line(1, 7, "-100", text)];
        let outcome = run(input(
            &lines,
            &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")],
        ));
        assert_eq!(of_line(&outcome, 1), Class::Matched, "{text}");
    }
    for text in ["TRF PR7K3F9Q2", "TRF PR7K3/F9Q2M", "TRF PR7K3F9Q2N"] {
        let lines = [line(1, 7, "-100", text)];
        let outcome = run(input(
            &lines,
            &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")],
        ));
        assert_eq!(of_line(&outcome, 1), Class::OnBankNotInLedger, "{text}");
    }
    let field = |change: fn(&mut Line)| {
        let mut lines = [line(1, 7, "-100", "TRF")];
        change(&mut lines[0]);
        of_line(
            &run(input(
                &lines,
                &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")],
            )),
            1,
        )
    };
    assert_eq!(
        field(|line| line.end_to_end = Some("PR7K3F9Q2M".into())),
        Class::Matched
    );
    assert_eq!(
        field(|line| line.reference = Some("NIP/PR7K3F9Q2M".into())),
        Class::Matched
    );
    assert_eq!(
        field(|line| line.bank_id = Some("pr7k3f9q2m".into())),
        Class::Matched
    );
}

#[test]
fn a_recorded_reference_is_a_field_or_whole_words_of_the_text() {
    let stands = |reference: &str, text: &str, field: Option<&str>| {
        let lines = [Line {
            reference: field.map(str::to_owned),
            ..line(1, 7, "-100", text)
        }];
        of_line(
            &run(input(
                &lines,
                &[recorded(expected(1, 7, "100", "X"), reference)],
            )),
            1,
        ) == Class::Matched
    };
    assert!(stands("S2207", "TRF", Some("s-2207")));
    assert!(
        !stands("S2207", "TRF S2207", None),
        "five characters are too few within a text"
    );
    assert!(stands("FT26-279911", "TRF FT/26279911 ZENITH", None));
    assert!(
        !stands("FT26279911", "TRF FT262799112", None),
        "no whole word"
    );
    assert!(!stands("ABC", "TRF", Some("ABC")));
    assert!(
        !stands("TRANSFER", "TRANSFER", Some("TRANSFER")),
        "a reference has a digit"
    );
    let session = "000013261007121314000123456789";
    assert!(stands(session, &format!("NIP{session}OKORO"), None));
    assert!(
        !stands(session, &format!("NIP9{session}"), None),
        "a longer number is another number"
    );
}

#[test]
fn the_window_of_a_reference_is_one_day_before_to_ten_days_after() {
    for (day, class) in [
        (5, Class::DateOutOfWindow),
        (6, Class::Matched),
        (17, Class::Matched),
        (18, Class::DateOutOfWindow),
    ] {
        let lines = [line(1, day, "-100", "PR7K3F9Q2M")];
        let outcome = run(input(
            &lines,
            &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")],
        ));
        assert_eq!(classes(&outcome), (vec![class], vec![class]), "{day}");
    }
    let value = [Line {
        value_date: Some(date(17)),
        ..line(1, 19, "-100", "PR7K3F9Q2M")
    }];
    assert_eq!(
        of_line(
            &run(input(
                &value,
                &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")]
            )),
            1
        ),
        Class::Matched
    );
}

#[test]
fn another_amount_is_an_exception_that_names_the_difference() {
    let detail = |lines: &[Line]| {
        let outcome = run(input(
            lines,
            &[ours(expected(1, 7, "100000", "X"), "PR7K3F9Q2M")],
        ));
        assert_eq!(of_line(&outcome, 1), Class::AmountDiffers);
        assert_eq!(of_expected(&outcome, 1), Class::AmountDiffers);
        assert!(outcome.found.is_empty());
        outcome.lines[&LineNumber::new(1)].detail.clone().unwrap()
    };
    let text = "NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3F9Q2M";
    assert!(
        detail(&[line(1, 7, "-100053.75", text)])
            .contains("53.75 more than expected; this is the transfer fee of 50.00")
    );
    assert!(
        detail(&[line(1, 7, "-99000", text)]).contains("1,000.00 less than expected; no known fee")
    );
    let fees = [
        line(1, 7, "-99930", text),
        line(2, 7, "-20", &format!("COMMISSION {text}")),
        line(3, 7, "-50", "VAT NIP TRF TO OKORO ADAEZE/ZENITH/PR7K3"),
    ];
    assert!(detail(&fees).contains(
        "70.00 less than expected; this is what the fees, taxes and levies beside it come to"
    ));
}

#[test]
fn the_same_payment_twice_is_decided_only_by_the_banks_own_reference() {
    let mut lines = vec![
        line(1, 7, "-100", "TRF PR7K3F9Q2M"),
        line(2, 8, "-100", "TRF PR7K3F9Q2M"),
    ];
    let expected = [recorded(
        ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M"),
        "S2207",
    )];
    let outcome = run(input(&lines, &expected));
    assert_eq!(
        classes(&outcome),
        (
            vec![Class::DuplicatePayment; 2],
            vec![Class::DuplicatePayment]
        )
    );
    lines[1].reference = Some("S2207".to_owned());
    let outcome = run(input(&lines, &expected));
    assert_eq!(
        classes(&outcome),
        (
            vec![Class::DuplicatePayment, Class::Matched],
            vec![Class::Matched]
        )
    );
    assert_eq!(
        outcome.lines[&LineNumber::new(1)].withdrawals,
        [WithdrawalNumber::new(1)]
    );
    // A credit that sends one of the two back cannot be told to be the return of either.
    lines.push(line(3, 9, "100", "RVSL TRF PR7K3F9Q2M"));
    let outcome = run(input(&lines, &expected));
    assert_eq!(of_line(&outcome, 3), Class::Ambiguous);
    assert_eq!(of_expected(&outcome, 1), Class::Matched);
}

#[test]
fn what_is_matched_makes_a_later_line_a_duplicate_or_an_unknown() {
    let lines = [
        line(1, 7, "-100", "TRF PR7K3F9Q2M"),
        line(2, 29, "-100", "TRF PR7K3F9Q2M"),
        line(3, 29, "-90", "TRF PR7K3F9Q2M 9000000002"),
    ];
    let expected = [
        ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M"),
        expected(2, 29, "90", "Y"),
    ];
    let decided = [link(LinkKind::Payment, &[1], &[1])];
    for decided in [&[][..], &decided] {
        let outcome = run(Input {
            decided,
            ..input(&lines, &expected)
        });
        use Class::{DuplicatePayment, Matched, OnBankNotInLedger, PaidNotOnBank};
        let expected = (
            vec![Matched, DuplicatePayment, OnBankNotInLedger],
            vec![Matched, PaidNotOnBank],
        );
        assert_eq!(
            classes(&outcome),
            expected,
            "the account does not overrule the reference"
        );
        assert_eq!(
            outcome.lines[&LineNumber::new(3)].withdrawals,
            [WithdrawalNumber::new(1)]
        );
    }
}

#[test]
fn two_references_in_one_line_are_ambiguous_and_fall_to_no_weaker_tier() {
    let lines = [
        line(1, 7, "-100", "PR7K3F9Q2M/PR9C0QX4T1"),
        line(2, 7, "-100", "TRF TO 9000000001"),
    ];
    let expected = [
        ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M"),
        ours(expected(2, 7, "100", "Y"), "PR9C0QX4T1"),
    ];
    let outcome = run(input(&lines, &expected));
    use Class::{Ambiguous, OnBankNotInLedger};
    assert_eq!(
        classes(&outcome),
        (
            vec![Ambiguous, OnBankNotInLedger],
            vec![Ambiguous, Ambiguous]
        )
    );
    assert_eq!(outcome.lines[&LineNumber::new(1)].withdrawals.len(), 2);
}

#[test]
fn a_line_that_is_the_rest_of_a_file_is_all_of_it() {
    let payments: Vec<Expected> = (1..=3)
        .map(|n| in_file(expected(n, 7, &format!("{n}00"), "X"), 1))
        .collect();
    let outcome = run(input(&[line(1, 9, "-600", "BULK SALARY")], &payments));
    assert_eq!(found(&outcome), [(Tier::FileTotal, Certainty::Matched)]);
    assert_eq!(
        classes(&outcome),
        (vec![Class::MatchedGroup], vec![Class::MatchedGroup; 3])
    );
    // One was paid by itself; what is left of the file is still its rest.
    let mut payments = payments;
    payments[0].end_to_end.push("PR7K3F9Q2M".to_owned());
    let lines = [
        line(1, 9, "-500", "BULK SALARY"),
        line(2, 9, "-100", "PR7K3F9Q2M"),
    ];
    let outcome = run(input(&lines, &payments));
    assert_eq!(classes(&outcome).0, [Class::MatchedGroup, Class::Matched]);
    // Two lines of the total are one too many.
    let lines = [line(1, 9, "-600", "BULK"), line(2, 9, "-600", "BULK")];
    let outcome = run(input(&lines, &payments));
    assert_eq!(
        classes(&outcome),
        (vec![Class::Ambiguous; 2], vec![Class::Ambiguous; 3])
    );
    // One that names the account of another payment of this amount may be either's.
    payments.push(expected(4, 7, "600", "Y"));
    let outcome = run(input(&[line(1, 9, "-600", "TRF TO 9000000004")], &payments));
    assert_eq!(of_line(&outcome, 1), Class::Ambiguous);
    let rejected = [link(LinkKind::Payment, &[1], &[1, 2, 3])];
    let lines = [line(1, 9, "-600", "BULK"), line(2, 9, "-600", "BULK")];
    let outcome = run(Input {
        rejected: &rejected,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome).0,
        [Class::OnBankNotInLedger, Class::MatchedGroup]
    );
}

#[test]
fn one_member_of_a_file_that_comes_back_is_returned_alone() {
    let payments: Vec<Expected> = (1..=2)
        .map(|n| {
            in_file(
                ours(
                    expected(n, 7, &format!("{n}00"), "X"),
                    &format!("PR7K3F9Q2{n}"),
                ),
                1,
            )
        })
        .collect();
    let lines = [
        line(1, 9, "-300", "BULK SALARY"),
        line(2, 10, "100", "RETURNED PR7K3F9Q21"),
    ];
    let outcome = run(input(&lines, &payments));
    use Class::{MatchedGroup, Returned};
    assert_eq!(
        classes(&outcome),
        (vec![MatchedGroup, Returned], vec![Returned, MatchedGroup])
    );
}

#[test]
fn the_account_number_is_a_proposal_within_five_days() {
    for (day, text, proposed) in [
        (12, "TRF TO 9000000001/ADA", true),
        (12, "TRF A/C9000000001", true),
        (13, "TRF TO 9000000001", false),
        (12, "TRF TO 90000000012", false),
        (12, "TRF TO 900000001", false),
    ] {
        let outcome = run(input(
            &[line(1, day, "-100", text)],
            &[expected(1, 7, "100", "Zed")],
        ));
        assert_eq!(
            found(&outcome) == [(Tier::Account, Certainty::Proposed)],
            proposed,
            "{text}"
        );
    }
    let lines = [
        line(1, 7, "-100", "TRF 9000000001"),
        line(2, 8, "-100", "TRF 9000000001"),
    ];
    let outcome = run(input(&lines, &[expected(1, 7, "100", "Zed")]));
    assert_eq!(
        classes(&outcome),
        (vec![Class::Ambiguous; 2], vec![Class::Ambiguous])
    );
    let rejected = [link(LinkKind::Payment, &[1], &[1])];
    let outcome = run(Input {
        rejected: &rejected,
        ..input(&lines, &[expected(1, 7, "100", "Zed")])
    });
    assert_eq!(
        classes(&outcome).0,
        [Class::OnBankNotInLedger, Class::Proposed]
    );
    assert_eq!(
        outcome.lines[&LineNumber::new(1)].detail.as_deref(),
        Some("rejected before: W-000001")
    );
}

#[test]
fn names_match_by_their_words_and_never_by_likeness() {
    for (name, text, fits) in [
        ("Mrs. Adaeze Okoro", "NIP TRF TO OKORO ADAEZE/ZENITH", true),
        ("Adaeze Okoro", "NIP TRF TO MRS A. OKORO/ZENITH", true),
        ("A. Okoro", "NIP TRF TO OKORO ADAEZE/ZENITH", true),
        ("A. Okoro", "NIP TRF TO OKORO BELLO/ACCESS", false),
        (
            "Adaeze Chioma Okoro",
            "NIP TRF TO OKORO ADAEZE/ZENITH",
            true,
        ),
        ("Abubakar Musa Bello", "TRF/BELLO MUSA ABUBAK/GTB", true),
        (
            "Helios Offtake Nigeria Limited",
            "NIP TRF TO HELIOS OFFTAKE LTD/ZENITH",
            true,
        ),
        ("Ṣadé Ọlátúnjí", "TRF TO SADE OLATUNJI", true),
        ("Adaeze Okoro", "TRF TO ADAEZE OKORA", false),
        ("Adaeze Okoro", "TRF TO OKORO", false),
        ("Adaeze Okoro", "TRF TO NGOZI FROM OKORO ADAEZE", false),
        ("Musa Bello", "TRF TO ADAEZE OKORO", false),
    ] {
        let outcome = run(input(
            &[line(1, 8, "-100", text)],
            &[expected(1, 7, "100", name)],
        ));
        assert_eq!(
            found(&outcome) == [(Tier::Name, Certainty::Proposed)],
            fits,
            "{name} / {text}"
        );
    }
    let both = [
        expected(1, 7, "100", "Adaeze Okoro"),
        expected(2, 7, "100", "A. Okoro"),
    ];
    let outcome = run(input(
        &[line(1, 8, "-100", "NIP TRF TO OKORO ADAEZE/ZENITH")],
        &both,
    ));
    assert_eq!(
        classes(&outcome),
        (vec![Class::Ambiguous], vec![Class::Ambiguous; 2])
    );
}

#[test]
fn a_sum_is_proposed_where_nothing_else_adds_up() {
    let lines = [
        line(1, 7, "-60", "A"),
        line(2, 8, "-40.01", "B"),
        line(3, 8, "-7", "C"),
    ];
    let outcome = run(input(&lines, &[expected(1, 7, "100.01", "X")]));
    assert_eq!(found(&outcome), [(Tier::Sum, Certainty::Proposed)]);
    assert_eq!(
        outcome.found[0].link,
        link(LinkKind::Payment, &[1, 2], &[1])
    );
    let payments = [
        expected(1, 7, "60", "X"),
        expected(2, 7, "40", "Y"),
        expected(3, 7, "9", "Z"),
    ];
    let outcome = run(input(&[line(1, 7, "-100", "A")], &payments));
    assert_eq!(
        outcome.found[0].link,
        link(LinkKind::Payment, &[1], &[1, 2])
    );
    // A second way to the same amount, and nothing is proposed.
    let lines = [
        line(1, 7, "-60", "A"),
        line(2, 8, "-40", "B"),
        line(3, 8, "-40", "C"),
    ];
    let outcome = run(input(&lines, &[expected(1, 7, "100", "X")]));
    assert!(outcome.found.is_empty());
    assert_eq!(of_line(&outcome, 1), Class::OnBankNotInLedger);
    assert_eq!(
        outcome.expected[&WithdrawalNumber::new(1)]
            .detail
            .as_deref(),
        Some("several sums fit: none is proposed")
    );
    // One of the ways rejected, the other is single.
    let rejected = [link(LinkKind::Payment, &[2, 1], &[1])];
    let payments = [expected(1, 7, "100", "X")];
    let outcome = run(Input {
        rejected: &rejected,
        ..input(&lines, &payments)
    });
    assert_eq!(
        outcome.found[0].link,
        link(LinkKind::Payment, &[1, 3], &[1])
    );
    // One payment of the line's own amount could be it as well as the two, and one line a part of
    // the sum.
    let payments = [
        expected(1, 7, "60", "X"),
        expected(2, 7, "40", "Y"),
        expected(3, 7, "100", "Z"),
    ];
    assert!(
        run(input(&[line(1, 7, "-100", "A")], &payments))
            .found
            .is_empty()
    );
    assert!(
        run(input(
            &[line(1, 7, "-100", "A"), line(2, 7, "-40", "B")],
            &payments[..2]
        ))
        .found
        .is_empty()
    );
    let rejected = [link(LinkKind::Payment, &[1], &[3])];
    let outcome = run(Input {
        rejected: &rejected,
        ..input(&[line(1, 7, "-100", "A")], &payments)
    });
    assert_eq!(
        outcome.found[0].link,
        link(LinkKind::Payment, &[1], &[1, 2])
    );
    // Forty-one candidates are not searched.
    // No line of 6 is among them, for that one could be it as well.
    let many: Vec<Line> = (1..=42)
        .filter(|n| *n != 3)
        .map(|n| line(n, 7, &format!("-{}", n * 2), "A"))
        .collect();
    let outcome = run(input(&many, &[expected(1, 7, "300.01", "X")]));
    let detail = outcome.expected[&WithdrawalNumber::new(1)]
        .detail
        .clone()
        .unwrap();
    assert!(detail.starts_with("more than 40"), "{detail}");
}

#[test]
fn parts_with_the_same_reference_are_proposed_as_a_sum() {
    let lines = [
        line(1, 7, "-60", "PR7K3F9Q2M 1/2"),
        line(2, 17, "-40", "PR7K3F9Q2M 2/2"),
    ];
    let outcome = run(input(
        &lines,
        &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")],
    ));
    assert_eq!(found(&outcome), [(Tier::Sum, Certainty::Proposed)]);
    let outcome = run(input(
        &lines,
        &[ours(expected(1, 7, "101", "X"), "PR7K3F9Q2M")],
    ));
    assert_eq!(
        classes(&outcome),
        (vec![Class::Ambiguous; 2], vec![Class::Ambiguous])
    );
}

#[test]
fn returns_are_within_thirty_days_and_unique_both_ways() {
    let decided = [link(LinkKind::Payment, &[1], &[1])];
    let payments = [expected(1, 1, "100", "X")];
    for (day, text, class) in [
        (1, "RVSL TRF", Class::Proposed),
        (31, "RVSL TRF", Class::Proposed),
        (32, "RVSL TRF", Class::UnlinkedReversal),
        (-1, "RVSL TRF", Class::UnlinkedReversal),
        (2, "NIP CR FROM X", Class::UnexpectedCredit),
        (2, "NIP CR BK-77120", Class::Returned),
    ] {
        let debit = Line {
            bank_id: Some("BK77120".to_owned()),
            ..line(1, 1, "-100", "TRF")
        };
        let outcome = run(Input {
            decided: &decided,
            ..input(&[debit, line(2, day, "100", text)], &payments)
        });
        assert_eq!(of_line(&outcome, 2), class, "{day} {text}");
    }
    let lines = [
        line(1, 1, "-100", "TRF"),
        line(2, 3, "100", "RVSL"),
        line(3, 3, "100", "RVSL"),
    ];
    let outcome = run(Input {
        decided: &decided,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome),
        (
            vec![Class::Matched, Class::Ambiguous, Class::Ambiguous],
            vec![Class::Matched]
        )
    );
    let rejected = [link(LinkKind::Return, &[2], &[1])];
    let outcome = run(Input {
        decided: &decided,
        rejected: &rejected,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome).0,
        [Class::Matched, Class::UnlinkedReversal, Class::Proposed]
    );
}

#[test]
fn what_the_ledger_says_is_returned_needs_no_debit_and_no_credit() {
    let payments = [Expected {
        returned: true,
        ..ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")
    }];
    assert_eq!(of_expected(&run(input(&[], &payments)), 1), Class::Returned);
    let outcome = run(input(&[line(1, 7, "-100", "PR7K3F9Q2M")], &payments));
    assert_eq!(
        classes(&outcome),
        (vec![Class::Returned], vec![Class::Returned])
    );
    let outcome = run(input(&[line(1, 9, "100", "RVSL PR7K3F9Q2M")], &payments));
    assert_eq!(found(&outcome), [(Tier::Reversal, Certainty::Matched)]);
    let decided = [
        link(LinkKind::Payment, &[1], &[1]),
        link(LinkKind::Return, &[2], &[1]),
    ];
    let lines = [line(1, 7, "-100", "A"), line(2, 8, "100", "B")];
    let outcome = run(Input {
        decided: &decided,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome),
        (vec![Class::Returned; 2], vec![Class::Returned])
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
    let outcome = run(Input {
        decided: &decided,
        ..input(&lines, &payments)
    });
    use Class::{
        Awaited, FeeTaxLevy, OnBankNotInLedger, PaidNotOnBank, Resolved, UnexpectedCredit,
        UnlinkedReversal,
    };
    let of_lines = vec![
        OnBankNotInLedger,
        UnexpectedCredit,
        UnexpectedCredit,
        OnBankNotInLedger,
        FeeTaxLevy,
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
    let outcome = run(Input {
        decided: &decided,
        ..input(&lines, &payments)
    });
    use Class::{Ambiguous, Matched};
    assert_eq!(
        classes(&outcome),
        (vec![Matched, Ambiguous], vec![Matched, Ambiguous])
    );
}

#[test]
fn two_lines_that_share_no_reference_are_not_called_a_second_payment() {
    let own = Line {
        reference: Some("S2207".to_owned()),
        ..line(1, 7, "-100", "TRF")
    };
    let lines = [own, line(2, 7, "-100", "TRF PR7K3F9Q2M")];
    let payments = [recorded(
        ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M"),
        "S2207",
    )];
    assert_eq!(
        classes(&run(input(&lines, &payments))),
        (vec![Class::Ambiguous; 2], vec![Class::Ambiguous])
    );
}

#[test]
fn a_reference_that_some_share_is_ambiguous_and_one_that_many_share_is_none() {
    let payments = |count: i64| {
        (1..=count)
            .map(|n| ours(expected(n, 7, "100", "X"), "PR7K3F9Q2M"))
            .collect::<Vec<_>>()
    };
    for (count, class) in [
        (2, Class::Ambiguous),
        (16, Class::Ambiguous),
        (17, Class::OnBankNotInLedger),
    ] {
        let outcome = run(input(
            &[line(1, 7, "-100", "TRF PR7K3F9Q2M")],
            &payments(count),
        ));
        assert_eq!(of_line(&outcome, 1), class, "{count}");
    }
}

#[test]
fn a_return_whose_id_is_contested_is_not_proposed_for_a_weaker_credit() {
    let lines = [
        line(1, 7, "-100", "TRF PR7K3F9Q2M"),
        line(2, 8, "100", "RVSL PR7K3F9Q2M"),
        line(3, 8, "100", "RVSL PR7K3F9Q2M"),
        line(4, 8, "100", "RVSL TRF"),
    ];
    let outcome = run(input(
        &lines,
        &[ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")],
    ));
    use Class::{Ambiguous, Matched, UnlinkedReversal};
    assert_eq!(
        classes(&outcome),
        (
            vec![Matched, Ambiguous, Ambiguous, UnlinkedReversal],
            vec![Matched]
        )
    );
}

#[test]
fn what_came_back_does_not_come_back_again() {
    let lines = [
        line(1, 7, "-100", "PR7K3F9Q2M"),
        line(2, 8, "100", "PR7K3F9Q2M"),
        line(3, 9, "100", "RVSL PR7K3F9Q2M"),
    ];
    let decided = [
        link(LinkKind::Payment, &[1], &[1]),
        link(LinkKind::Return, &[2], &[1]),
    ];
    let payments = [ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")];
    let outcome = run(Input {
        decided: &decided,
        ..input(&lines, &payments)
    });
    assert!(outcome.found.is_empty());
    assert_eq!(of_line(&outcome, 3), Class::UnlinkedReversal);
}

#[test]
fn lines_that_two_payments_need_or_that_were_not_searched_are_no_sum() {
    let lines = [line(1, 7, "-60", "A"), line(2, 7, "-40", "B")];
    assert!(
        run(input(
            &lines,
            &[expected(1, 7, "100", "X"), expected(2, 7, "100", "Y")]
        ))
        .found
        .is_empty()
    );
    // No line is 6 itself; 2 and 4 are 6, but they stand in the pool of 300.01 too, which is too
    // large to be searched.
    let many: Vec<Line> = (1..=42)
        .filter(|n| *n != 3)
        .map(|n| line(n, 7, &format!("-{}", n * 2), "A"))
        .collect();
    assert!(
        run(input(
            &many,
            &[expected(1, 7, "300.01", "X"), expected(2, 7, "6", "Y")]
        ))
        .found
        .is_empty()
    );
    assert_eq!(
        run(input(&many, &[expected(2, 7, "6", "Y")])).found.len(),
        1
    );
}
