//! Remittances of tax: proposed by reference and exact amount, never matched, and never with anything
//! that fits more than one way.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    cases::{Case, cases},
    *,
};
use crate::domain::code::RemittanceNumber;

const RRR: &str = "RRR-3100084572";

fn remitted(number: i64, day: i64, money: &str, reference: &str) -> ExpectedRemittance {
    ExpectedRemittance {
        number: RemittanceNumber::new(number),
        amount: amount(money),
        date: date(day),
        reference: reference.to_owned(),
        line: None,
        is_here: true,
        caution: None,
    }
}

fn tax_link(line: i64, remittance: i64) -> Link {
    Link {
        kind: LinkKind::Remittance,
        remittance: Some(RemittanceNumber::new(remittance)),
        ..link(LinkKind::Remittance, &[line], &[])
    }
}

fn with<'a>(
    lines: &'a [Line],
    expected: &'a [Expected],
    remittances: &'a [ExpectedRemittance],
) -> Sides<'a> {
    Sides {
        remittances,
        ..input(lines, expected)
    }
}

/// The classes of lines, payments and remittances, in the order of their numbers.
fn all_classes(outcome: &Outcome) -> (Vec<Class>, Vec<Class>, Vec<Class>) {
    let (lines, expected) = classes(outcome);
    let remittances = outcome.remittances.values().copied().collect();
    (lines, expected, remittances)
}

/// The class of one line of 100 with a text, and that of the remittance of 100 with [`RRR`].
fn one(day: i64, money: &str, text: &str) -> (Class, Class) {
    let lines = [line(1, day, money, text)];
    let outcome = run(with(&lines, &[], &[remitted(1, 7, "100", RRR)]));
    let remittance = outcome.remittances[&RemittanceNumber::new(1)];
    assert!(outcome.matches.len() <= 1);
    for found in &outcome.matches {
        assert_eq!(found.certainty, Certainty::Proposed);
        assert_eq!(found.link, tax_link(1, 1));
        assert_eq!(found.tier, Tier::Reference);
    }
    (of_line(&outcome, 1), remittance)
}

#[test]
fn a_debit_with_the_reference_and_the_amount_is_proposed_whatever_words_it_begins_with() {
    for text in [
        "NRS/RRR-3100084572",
        "WHT REMITTANCE RRR 3100084572",
        "TAX RRR3100084572",
        "COMMISSION RRR3100084572",
        "STAMP DUTY rrr-3100084572",
        "INTEREST RRR-3100084572",
        "RVSL RRR-3100084572",
        "BULK PAYMENT RRR-3100084572",
    ] {
        let proposed = (Class::Proposed, Class::Proposed);
        assert_eq!(one(7, "-100", text), proposed, "{text}");
    }
    for day in [6, 17] {
        assert_eq!(one(day, "-100", RRR).0, Class::Proposed, "{day}");
    }
    // A field of its own needs no digits, and is short.
    let lines = [Line {
        reference: Some("wht".to_owned()),
        ..line(1, 7, "-100", "NRS")
    }];
    let outcome = run(with(&lines, &[], &[remitted(1, 7, "100", "WHT")]));
    assert_eq!(of_line(&outcome, 1), Class::Proposed);
    // What a bank is known to charge is proposed too.
    let lines = [line(1, 7, "-50", "WHT RRR-3100084572")];
    let outcome = run(with(&lines, &[], &[remitted(1, 7, "50", RRR)]));
    assert_eq!(of_line(&outcome, 1), Class::Proposed);
}

#[test]
fn what_lacks_the_reference_the_amount_the_day_or_the_direction_is_not_proposed() {
    #[rustfmt::skip]
    let cases = [
        (7,  "-100",    "NRS",               Class::OnBankNotInLedger),
        (7,  "-100",    "NRS RRR-3100084573", Class::OnBankNotInLedger),
        (7,  "-100",    "NRS 13100084572",   Class::OnBankNotInLedger),
        (7,  "-100.01", RRR,                 Class::AmountDiffers),
        (7,  "-50",     RRR,                 Class::AmountDiffers),
        (5,  "-100",    RRR,                 Class::DateOutOfWindow),
        (18, "-100",    RRR,                 Class::DateOutOfWindow),
        (7,  "100",     RRR,                 Class::UnexpectedCredit),
        (18, "-100.01", RRR,                 Class::OnBankNotInLedger),
    ];
    for (day, money, text, class) in cases {
        let found = one(day, money, text);
        assert_eq!(found, (class, Class::PaidNotOnBank), "{day} {money} {text}");
    }
    // A reference without a letter or a digit names nothing.
    let lines = [Line {
        reference: Some("-".to_owned()),
        ..line(1, 7, "-100", "NRS -")
    }];
    let outcome = run(with(&lines, &[], &[remitted(1, 7, "100", "/")]));
    assert_eq!(of_line(&outcome, 1), Class::OnBankNotInLedger);
}

#[test]
fn what_fits_more_than_one_way_is_never_decided() {
    use Class::{Ambiguous, Matched, PaidNotOnBank, Proposed};
    let taxes = [
        remitted(1, 7, "100", RRR),
        remitted(2, 8, "100", "RRR-77770001"),
    ];
    let both = format!("NRS {RRR} RRR-77770001");
    // Two remittances for one line, and one for two lines.
    let outcome = run(with(&[line(1, 7, "-100", &both)], &[], &taxes));
    assert_eq!(
        all_classes(&outcome),
        (vec![Ambiguous], vec![], vec![PaidNotOnBank; 2])
    );
    let named = &outcome.lines[&LineNumber::new(1)].remittances;
    assert_eq!(named.len(), 2);
    let lines = [line(1, 7, "-100", RRR), line(2, 9, "-100", RRR)];
    let outcome = run(with(&lines, &[], &taxes[..1]));
    assert_eq!(
        all_classes(&outcome),
        (vec![Ambiguous; 2], vec![], vec![PaidNotOnBank])
    );
    assert!(outcome.matches.is_empty());
    // A payment and a remittance for one line: by reference, by account, by name.
    let payment = ours(expected(1, 7, "100", "Mrs Adaeze Okoro"), "PX7K3F9Q2M");
    for text in [
        format!("NIP TRF TO ADAEZE OKORO/PX7K3F9Q2M/{RRR}"),
        format!("TRF 9000000001/{RRR}"),
        format!("ADAEZE OKORO/{RRR}"),
    ] {
        let lines = [line(1, 7, "-100", &text)];
        let payments = [payment.clone()];
        let outcome = run(with(&lines, &payments, &taxes[..1]));
        let expected = (vec![Ambiguous], vec![Ambiguous], vec![PaidNotOnBank]);
        assert_eq!(all_classes(&outcome), expected, "{text}");
        assert!(outcome.matches.is_empty(), "{text}");
    }
    // With a line of its own that carries the same reference, the payment may be either.
    let lines = [
        line(1, 7, "-100", &format!("TRF PX7K3F9Q2M/{RRR}")),
        line(2, 7, "-100", "TRF PX7K3F9Q2M"),
    ];
    let payments = [payment.clone()];
    let outcome = run(with(&lines, &payments, &taxes[..1]));
    assert_eq!(
        all_classes(&outcome),
        (vec![Ambiguous; 2], vec![Ambiguous], vec![PaidNotOnBank])
    );
    // What is certain for the payment stays so if only its name is in the remittance's line.
    let lines = [
        line(1, 7, "-100", &format!("ADAEZE OKORO/{RRR}")),
        line(2, 7, "-100", "TRF PX7K3F9Q2M"),
    ];
    let payments = [payment];
    let outcome = run(with(&lines, &payments, &taxes[..1]));
    assert_eq!(
        all_classes(&outcome),
        (vec![Proposed, Matched], vec![Matched], vec![Proposed])
    );
}

#[test]
fn a_payment_file_that_the_line_names_fits_as_well_and_a_chance_sum_does_not() {
    let members = [
        in_file(expected(1, 7, "60", "Ada"), 1),
        in_file(expected(2, 7, "40", "Ben"), 1),
    ];
    for (text, class) in [
        (format!("BULK PAYMENT {RRR}"), Class::Ambiguous),
        (format!("F-000001 {RRR}"), Class::Ambiguous),
        (format!("NRS {RRR}"), Class::Proposed),
    ] {
        let lines = [line(1, 7, "-100", &text)];
        let outcome = run(with(&lines, &members, &[remitted(1, 7, "100", RRR)]));
        assert_eq!(of_line(&outcome, 1), class, "{text}");
        for found in &outcome.matches {
            assert_eq!(found.link.withdrawals, [], "never in a group with payments");
        }
    }
}

#[test]
fn what_is_decided_stays_and_a_second_debit_says_so() {
    let lines = [
        line(1, 7, "-100", &format!("WHT {RRR}")),
        line(2, 30, "-100", &format!("WHT {RRR}")),
        line(3, 7, "-0.50", &format!("VAT WHT {RRR}")),
    ];
    let taxes = [ExpectedRemittance {
        line: Some(LineNumber::new(1)),
        ..remitted(1, 7, "100", RRR)
    }];
    let decided = [tax_link(1, 1)];
    let outcome = run(Sides {
        decided: &decided,
        ..with(&lines, &[], &taxes)
    });
    assert_eq!(
        all_classes(&outcome),
        (
            vec![
                Class::TaxRemittance,
                Class::DuplicatePayment,
                Class::FeeTaxLevy
            ],
            vec![],
            vec![Class::TaxRemittance]
        ),
        "and the charge next to it is proven by it"
    );
    // Matched on another account it has no class here.
    let outcome = run(with(&lines[..1], &[], &taxes));
    assert_eq!(
        all_classes(&outcome),
        (vec![Class::DuplicatePayment], vec![], vec![])
    );
    // What is not expected here has none either, until a line shows it.
    let elsewhere = [ExpectedRemittance {
        is_here: false,
        caution: Some("odd".to_owned()),
        ..remitted(1, 7, "100", RRR)
    }];
    assert!(run(with(&[], &[], &elsewhere)).remittances.is_empty());
    let outcome = run(with(&lines[..1], &[], &elsewhere));
    assert_eq!(outcome.remittances.len(), 1);
    assert!(outcome.matches[0].evidence.ends_with("; odd"));
}

#[test]
fn what_was_rejected_is_not_proposed_again() {
    let lines = [line(1, 7, "-100", RRR)];
    let taxes = [remitted(1, 7, "100", RRR), remitted(2, 7, "100", "R-2")];
    let rejected = [tax_link(1, 1)];
    let outcome = run(Sides {
        rejected: &rejected,
        ..with(&lines, &[], &taxes)
    });
    assert!(outcome.matches.is_empty());
    let placed = &outcome.lines[&LineNumber::new(1)];
    assert_eq!(placed.class, Class::OnBankNotInLedger);
    assert_eq!(placed.detail.as_deref(), Some("rejected before: T-000001"));
    // Another one is: a rejection is of a pair.
    let other = [tax_link(1, 2)];
    let outcome = run(Sides {
        rejected: &other,
        ..with(&lines, &[], &taxes)
    });
    assert_eq!(of_line(&outcome, 1), Class::Proposed);
}

#[test]
fn an_explanation_names_the_remittance() {
    let told = |lines: &[Line], expected: &[Expected], taxes: &[ExpectedRemittance]| {
        let told = explain(with(lines, expected, taxes), LineNumber::new(1));
        let names = told.iter().map(|alternative| {
            let remittance = alternative.remittance.map(|number| number.to_string());
            let withdrawal = alternative.withdrawal.map(|number| number.to_string());
            let name = remittance.or(withdrawal).unwrap();
            format!("{name}: {}", alternative.verdict)
        });
        names.collect::<Vec<_>>()
    };
    let one = [remitted(1, 7, "100", RRR)];
    let fits = [line(1, 7, "-100", &format!("WHT {RRR}"))];
    assert_eq!(
        told(&fits, &[], &one),
        ["T-000001: the same reference, amount and day: a reviewer who did not record it confirms"]
    );
    let two = [
        remitted(1, 7, "100", RRR),
        remitted(2, 7, "100", "RRR-7777"),
    ];
    assert_eq!(
        told(&fits, &[], &two)[1],
        "T-000002: no reference that is the same"
    );
    let both = [line(1, 7, "-100", &format!("{RRR} RRR-7777"))];
    assert_eq!(
        told(&both, &[], &two),
        [
            "T-000001: fits as well as T-000002: ambiguous",
            "T-000002: fits as well as T-000001: ambiguous"
        ]
    );
    let twice = [fits[0].clone(), line(2, 8, "-100", RRR)];
    assert_eq!(
        told(&twice, &[], &one),
        ["T-000001: L-000002 fits as well: ambiguous"]
    );
    let payments = [ours(expected(1, 7, "100", "Ada"), "PX7K3F9Q2M")];
    let contested = [line(1, 7, "-100", &format!("PX7K3F9Q2M {RRR}"))];
    assert_eq!(
        told(&contested, &payments, &one),
        [
            "T-000001: fits as well as W-000001: ambiguous",
            "W-000001: fits as well as T-000001: ambiguous"
        ]
    );
    let late = [line(1, 20, "-100.50", RRR)];
    assert_eq!(
        told(&late, &[], &one),
        ["T-000001: another amount: 0.50 more; 13 days from the day of the payment"]
    );
    let on_bank = [ExpectedRemittance {
        line: Some(LineNumber::new(5)),
        ..one[0].clone()
    }];
    assert_eq!(
        told(&fits, &[], &on_bank),
        [
            "T-000001: matched already with L-000005; the reference and the amount are the same: a second payment"
        ]
    );
}

/// Cases with remittances whose references are those of some payments, so that both collide.
fn taxed_cases() -> impl Strategy<Value = (Case, Vec<ExpectedRemittance>)> {
    let one = (
        1_i64..40,
        prop::sample::select(vec!["100", "60", "40", "200"]),
        prop::sample::select(vec![
            "PR7K3F9Q2M",
            "PR9C0QX4T1",
            "S2207",
            "OKORO",
            "BK-7712",
        ]),
        prop::bool::weighted(0.8),
    );
    let taxes = prop::collection::vec(one, 0..4).prop_map(|all| {
        let build = |(at, (day, money, reference, is_here)): (usize, (i64, &str, &str, bool))| {
            ExpectedRemittance {
                is_here,
                ..remitted(i64::try_from(at).unwrap() + 1, day, money, reference)
            }
        };
        all.into_iter().enumerate().map(build).collect()
    });
    (cases(), taxes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_remittance_is_only_proposed_alone_and_if_nothing_else_fits((case, taxes) in taxed_cases()) {
        let outcome = run(Sides { remittances: &taxes, ..case.input() });
        prop_assert_eq!(outcome.lines.len(), case.lines.len());
        prop_assert_eq!(outcome.expected.len(), case.expected.len());
        let mut held = BTreeSet::new();
        for link in case.decided.iter().chain(outcome.matches.iter().map(|found| &found.link)) {
            for line in &link.lines {
                prop_assert!(held.insert(*line), "{line} is in two links");
            }
        }
        let is_decided = |line: &Line| case.decided.iter().any(|link| link.lines.contains(&line.number));
        for found in outcome.matches.iter().filter(|found| found.link.kind == LinkKind::Remittance) {
            prop_assert_eq!(found.certainty, Certainty::Proposed);
            prop_assert!(found.link.withdrawals.is_empty() && found.link.lines.len() == 1);
            let number = found.link.remittance.unwrap();
            let fits = |line: &Line, tax: &ExpectedRemittance| {
                let days = [Some(line.date), line.value_date].into_iter().flatten();
                let mut days = days.map(|day| (day - tax.date).num_days());
                !is_decided(line) && line.amount == Signed::debit(tax.amount)
                    && days.any(|away| (-1..=10).contains(&away)) && tax.is_named_by(line)
            };
            let pairs: Vec<_> = case.lines.iter()
                .flat_map(|line| taxes.iter().filter(move |tax| fits(line, tax)).map(move |tax| (line.number, tax.number)))
                .filter(|(line, tax)| found.link.lines.contains(line) || *tax == number)
                .collect();
            prop_assert_eq!(pairs, [(found.link.lines[0], number)], "it is the only one both ways");
        }
        for found in outcome.matches.iter().filter(|found| found.certainty == Certainty::Matched) {
            prop_assert!(found.link.remittance.is_none());
        }
    }

    #[test]
    fn the_order_of_remittances_means_nothing_and_a_run_again_finds_the_same((case, mut taxes) in taxed_cases()) {
        let plain = run(Sides { remittances: &taxes, ..case.input() });
        taxes.reverse();
        let mut lines = case.lines.clone();
        lines.reverse();
        let other = run(Sides { remittances: &taxes, lines: &lines, ..case.input() });
        prop_assert_eq!(&plain, &other);
        // With what is certain recorded as decided, what was proposed is proposed again.
        let certain = plain.matches.iter().filter(|found| found.certainty == Certainty::Matched);
        let mut decided = case.decided.clone();
        decided.extend(certain.map(|found| found.link.clone()));
        let again = run(Sides { remittances: &taxes, decided: &decided, ..case.input() });
        let proposed = |outcome: &Outcome| -> Vec<Match> {
            outcome.matches.iter().filter(|found| found.link.remittance.is_some()).cloned().collect()
        };
        prop_assert_eq!(proposed(&plain), proposed(&again));
        prop_assert_eq!(&plain.remittances, &again.remittances);
    }

    #[test]
    fn remittances_that_no_line_shows_change_nothing(case in cases()) {
        let taxes = [remitted(1, 7, "100", "NRS-1234"), remitted(2, 9, "777", "PR7K3F9Q2M-9")];
        let plain = case.run();
        let taxed = run(Sides { remittances: &taxes, ..case.input() });
        prop_assert_eq!(&plain.matches, &taxed.matches);
        prop_assert_eq!(&plain.lines, &taxed.lines);
        prop_assert_eq!(&plain.expected, &taxed.expected);
        prop_assert!(taxed.remittances.values().all(|class| *class == Class::PaidNotOnBank));
    }
}
