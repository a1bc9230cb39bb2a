//! The tiers below references: totals of files, account numbers, names and sums.

use super::*;

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
    let outcome = run(Sides {
        rejected: &rejected,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome).0,
        [Class::OnBankNotInLedger, Class::MatchedGroup]
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
    let outcome = run(Sides {
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
fn a_sum_is_proposed_if_nothing_else_adds_up() {
    let lines = [
        line(1, 7, "-60", "A"),
        line(2, 8, "-40.01", "B"),
        line(3, 8, "-7", "C"),
    ];
    let outcome = run(input(&lines, &[expected(1, 7, "100.01", "X")]));
    assert_eq!(found(&outcome), [(Tier::Sum, Certainty::Proposed)]);
    assert_eq!(
        outcome.matches[0].link,
        link(LinkKind::Payment, &[1, 2], &[1])
    );
    let payments = [
        expected(1, 7, "60", "X"),
        expected(2, 7, "40", "Y"),
        expected(3, 7, "9", "Z"),
    ];
    let outcome = run(input(&[line(1, 7, "-100", "A")], &payments));
    assert_eq!(
        outcome.matches[0].link,
        link(LinkKind::Payment, &[1], &[1, 2])
    );
    // A second way to the same amount, and nothing is proposed.
    let lines = [
        line(1, 7, "-60", "A"),
        line(2, 8, "-40", "B"),
        line(3, 8, "-40", "C"),
    ];
    let outcome = run(input(&lines, &[expected(1, 7, "100", "X")]));
    assert!(outcome.matches.is_empty());
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
    let outcome = run(Sides {
        rejected: &rejected,
        ..input(&lines, &payments)
    });
    assert_eq!(
        outcome.matches[0].link,
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
            .matches
            .is_empty()
    );
    assert!(
        run(input(
            &[line(1, 7, "-100", "A"), line(2, 7, "-40", "B")],
            &payments[..2]
        ))
        .matches
        .is_empty()
    );
    let rejected = [link(LinkKind::Payment, &[1], &[3])];
    let outcome = run(Sides {
        rejected: &rejected,
        ..input(&[line(1, 7, "-100", "A")], &payments)
    });
    assert_eq!(
        outcome.matches[0].link,
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
fn lines_that_two_payments_need_or_that_were_not_searched_make_no_sum() {
    let lines = [line(1, 7, "-60", "A"), line(2, 7, "-40", "B")];
    assert!(
        run(input(
            &lines,
            &[expected(1, 7, "100", "X"), expected(2, 7, "100", "Y")]
        ))
        .matches
        .is_empty()
    );
    // No line is 6 itself; 2 and 4 are 6, but they are in the pool of 300.01 too, which is too
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
        .matches
        .is_empty()
    );
    assert_eq!(
        run(input(&many, &[expected(2, 7, "6", "Y")])).matches.len(),
        1
    );
}
