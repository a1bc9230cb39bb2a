//! Returns: what the bank sent back.

use super::*;

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
    assert_eq!(outcome.matches[2].certainty, Certainty::Matched);
    assert_eq!(outcome.matches[2].link, link(LinkKind::Return, &[7], &[2]));
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
        let outcome = run(Sides {
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
    let outcome = run(Sides {
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
    let outcome = run(Sides {
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
fn what_the_ledger_says_is_returned_is_proven_by_a_credit_or_by_having_no_debit() {
    let payments = [Expected {
        returned: true,
        ..ours(expected(1, 7, "100", "X"), "PR7K3F9Q2M")
    }];
    let nothing = run(input(&[], &payments));
    assert_eq!(of_expected(&nothing, 1), Class::NeverSent);
    let in_flight = [Expected {
        maybe_sent: true,
        ..payments[0].clone()
    }];
    let nothing = run(input(&[], &in_flight));
    assert_eq!(of_expected(&nothing, 1), Class::ReturnedUnproven);
    let outcome = run(input(&[line(1, 7, "-100", "PR7K3F9Q2M")], &payments));
    assert_eq!(
        classes(&outcome),
        (vec![Class::Matched], vec![Class::ReturnedUnproven])
    );
    let outcome = run(input(&[line(1, 9, "100", "RVSL PR7K3F9Q2M")], &payments));
    assert_eq!(found(&outcome), [(Tier::Reversal, Certainty::Matched)]);
    let decided = [
        link(LinkKind::Payment, &[1], &[1]),
        link(LinkKind::Return, &[2], &[1]),
    ];
    let lines = [line(1, 7, "-100", "A"), line(2, 8, "100", "B")];
    let outcome = run(Sides {
        decided: &decided,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome),
        (vec![Class::Returned; 2], vec![Class::Returned])
    );
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
    let outcome = run(Sides {
        decided: &decided,
        ..input(&lines, &payments)
    });
    assert!(outcome.matches.is_empty());
    assert_eq!(of_line(&outcome, 3), Class::UnlinkedReversal);
}

#[test]
fn a_stray_debit_is_not_proposed_for_what_came_back() {
    let awaited = expected(1, 7, "100", "ADAEZE OKORO");
    let lines = [line(1, 7, "-100", "TRF TO ADAEZE OKORO")];
    let outcome = run(input(&lines, std::slice::from_ref(&awaited)));
    assert_eq!(of_line(&outcome, 1), Class::Proposed, "while it is awaited");
    let returned = [Expected {
        returned: true,
        ..awaited
    }];
    let outcome = run(input(&lines, &returned));
    assert_eq!(of_line(&outcome, 1), Class::OnBankNotInLedger);
    assert_eq!(of_expected(&outcome, 1), Class::NeverSent);
}
