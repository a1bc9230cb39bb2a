//! References: tier 1, and what a reference with another amount or day means.

use super::*;

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
    let is_found = |reference: &str, text: &str, field: Option<&str>| {
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
    assert!(is_found("S2207", "TRF", Some("s-2207")));
    assert!(
        !is_found("S2207", "TRF S2207", None),
        "five characters are too few within a text"
    );
    assert!(is_found("FT26-279911", "TRF FT/26279911 ZENITH", None));
    assert!(
        !is_found("FT26279911", "TRF FT262799112", None),
        "no whole word"
    );
    assert!(!is_found("ABC", "TRF", Some("ABC")));
    assert!(
        !is_found("TRANSFER", "TRANSFER", Some("TRANSFER")),
        "a reference has a digit"
    );
    let session = "000013261007121314000123456789";
    assert!(is_found(session, &format!("NIP{session}OKORO"), None));
    assert!(
        !is_found(session, &format!("NIP9{session}"), None),
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
        assert!(outcome.matches.is_empty());
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
        "70.00 less than expected; this is what the fees, taxes and levies next to it come to"
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
    // A credit that sends one of the two back cannot be assigned to either as its return.
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
        let outcome = run(Sides {
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
