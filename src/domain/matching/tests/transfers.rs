//! Transfers of several payments: one debit of the total shows all of them.

use super::*;

/// Three payments of 100, 50 and 30 that are one transfer with a reference of the bank.
fn transfer() -> Vec<Expected> {
    [(1, "100"), (2, "50"), (3, "30")]
        .map(|(number, money)| {
            let expected = recorded(expected(number, 7, money, "OKORO ADAEZE"), "FT26279911");
            of_transfer(expected, 4, 3)
        })
        .to_vec()
}

fn found(outcome: &Outcome) -> Vec<(LinkKind, Certainty, Vec<i64>, Vec<i64>)> {
    let numbers = |found: &Match| {
        (
            found.link.lines.iter().map(|line| line.number()).collect(),
            found
                .link
                .withdrawals
                .iter()
                .map(|each| each.number())
                .collect(),
        )
    };
    outcome
        .matches
        .iter()
        .map(|found| {
            let (lines, withdrawals) = numbers(found);
            (found.link.kind, found.certainty, lines, withdrawals)
        })
        .collect()
}

fn debit(number: i64, day: i64, money: &str) -> Line {
    line(number, day, money, "TRF FT26279911")
}

#[test]
fn one_debit_of_the_total_matches_all_payments_at_once() {
    let expected = transfer();
    let lines = [debit(1, 8, "-180")];
    let outcome = run(input(&lines, &expected));
    assert_eq!(
        found(&outcome),
        [(
            LinkKind::Payment,
            Certainty::Matched,
            vec![1],
            vec![1, 2, 3]
        )]
    );
    assert_eq!(
        classes(&outcome),
        (vec![Class::MatchedGroup], vec![Class::MatchedGroup; 3])
    );
    assert_eq!(outcome.lines[&LineNumber::new(1)].withdrawals.len(), 3);
    // A later run finds nothing new.
    let decided = [link(LinkKind::Payment, &[1], &[1, 2, 3])];
    let again = run(Sides {
        decided: &decided,
        ..input(&lines, &expected)
    });
    assert_eq!(found(&again), []);
    assert_eq!(classes(&again), classes(&outcome));
}

#[test]
fn a_debit_of_one_payment_of_a_transfer_matches_nothing() {
    let expected = transfer();
    for money in ["-100", "-50", "-150", "-181"] {
        let outcome = run(input(&[debit(1, 8, money)], &expected));
        assert_eq!(found(&outcome), [], "{money}");
        assert_eq!(
            classes(&outcome),
            (vec![Class::AmountDiffers], vec![Class::AmountDiffers; 3]),
            "{money}"
        );
    }
    // Nor does the account of a payment and its amount show it.
    let lines = [line(1, 8, "-100", "TRF TO 9000000000")];
    let outcome = run(input(&lines, &expected));
    assert_eq!(found(&outcome), []);
    assert_eq!(of_line(&outcome, 1), Class::OnBankNotInLedger);
    assert_eq!(of_expected(&outcome, 1), Class::PaidNotOnBank);
}

#[test]
fn the_account_or_the_name_and_the_total_are_proposed() {
    let expected = transfer();
    for text in ["TRF TO 9000000000", "TRF OKORO ADAEZE"] {
        let outcome = run(input(&[line(1, 8, "-180", text)], &expected));
        assert_eq!(
            found(&outcome),
            [(
                LinkKind::Payment,
                Certainty::Proposed,
                vec![1],
                vec![1, 2, 3]
            )],
            "{text}"
        );
    }
}

#[test]
fn the_same_transfer_twice_is_a_second_payment() {
    let lines = [debit(1, 8, "-180"), debit(2, 9, "-180")];
    let outcome = run(input(&lines, &transfer()));
    assert_eq!(found(&outcome), []);
    assert_eq!(
        classes(&outcome),
        (
            vec![Class::DuplicatePayment; 2],
            vec![Class::DuplicatePayment; 3]
        )
    );
}

#[test]
fn two_debits_that_add_up_to_a_transfer_are_proposed() {
    let lines = [debit(1, 8, "-100"), debit(2, 8, "-80")];
    let outcome = run(input(&lines, &transfer()));
    assert_eq!(
        found(&outcome),
        [(
            LinkKind::Payment,
            Certainty::Proposed,
            vec![1, 2],
            vec![1, 2, 3]
        )]
    );
}

#[test]
fn a_transfer_of_many_payments_is_found_by_its_reference() {
    let all: Vec<Expected> = (1..=40)
        .map(|number| {
            let expected = recorded(expected(number, 7, "2", "X"), "FT26279911");
            of_transfer(expected, 4, 40)
        })
        .collect();
    let outcome = run(input(&[debit(1, 7, "-80")], &all));
    assert_eq!(of_line(&outcome, 1), Class::MatchedGroup);
    assert_eq!(outcome.matches[0].link.withdrawals.len(), 40);
}

#[test]
fn a_transfer_of_which_not_all_is_seen_is_only_proposed() {
    let expected = transfer();
    let outcome = run(input(&[debit(1, 8, "-150")], &expected[..2]));
    assert_eq!(
        found(&outcome),
        [(LinkKind::Payment, Certainty::Proposed, vec![1], vec![1, 2])]
    );
    assert_eq!(
        classes(&outcome),
        (vec![Class::Proposed], vec![Class::Proposed; 2])
    );
    let one = run(input(&[debit(1, 8, "-100")], &expected[..1]));
    assert_eq!(
        found(&one),
        [(LinkKind::Payment, Certainty::Proposed, vec![1], vec![1])]
    );
}

#[test]
fn a_payment_that_is_said_to_be_returned_before_the_debit_is_on_it_all_the_same() {
    let mut expected = transfer();
    expected[0].returned = true;
    let outcome = run(input(&[debit(1, 8, "-180")], &expected));
    assert_eq!(
        found(&outcome),
        [(
            LinkKind::Payment,
            Certainty::Matched,
            vec![1],
            vec![1, 2, 3]
        )]
    );
    use Class::{MatchedGroup, ReturnedUnproven};
    assert_eq!(
        classes(&outcome),
        (
            vec![MatchedGroup],
            vec![ReturnedUnproven, MatchedGroup, MatchedGroup]
        )
    );
    let decided = [link(LinkKind::Payment, &[1], &[1, 2, 3])];
    let lines = [debit(1, 8, "-180")];
    let again = run(Sides {
        decided: &decided,
        ..input(&lines, &expected)
    });
    assert_eq!(classes(&again), classes(&outcome));
    // A debit of the others is not the transfer.
    let outcome = run(input(&[debit(1, 8, "-80")], &expected));
    assert_eq!(
        found(&outcome),
        [(LinkKind::Payment, Certainty::Proposed, vec![1], vec![2, 3])]
    );
}

/// What credits after the debit of the transfer are.
fn returned(credits: &[(i64, &str)]) -> Outcome {
    let mut lines = vec![debit(1, 8, "-180")];
    lines.extend(
        (2..)
            .zip(credits)
            .map(|(number, (day, money))| line(number, *day, money, "RVSL TRF FT26279911")),
    );
    let expected = transfer();
    let decided = [link(LinkKind::Payment, &[1], &[1, 2, 3])];
    let first = run(input(&lines, &expected));
    let later = run(Sides {
        decided: &decided,
        ..input(&lines, &expected)
    });
    assert_eq!(classes(&first), classes(&later), "{credits:?}");
    later
}

#[test]
fn a_credit_of_the_whole_transfer_is_the_return_of_all_of_its_payments() {
    let outcome = returned(&[(10, "180")]);
    assert_eq!(
        found(&outcome),
        [(LinkKind::Return, Certainty::Matched, vec![2], vec![1, 2, 3])]
    );
    assert_eq!(
        classes(&outcome),
        (vec![Class::Returned; 2], vec![Class::Returned; 3])
    );
}

#[test]
fn a_credit_of_one_payment_is_the_return_of_that_one() {
    let outcome = returned(&[(10, "50")]);
    assert_eq!(
        found(&outcome),
        [(LinkKind::Return, Certainty::Matched, vec![2], vec![2])]
    );
    use Class::{MatchedGroup, Returned};
    assert_eq!(
        classes(&outcome),
        (
            vec![MatchedGroup, Returned],
            vec![MatchedGroup, Returned, MatchedGroup]
        )
    );
    // And the others, one after the other.
    let outcome = returned(&[(10, "50"), (10, "30"), (11, "100")]);
    assert_eq!(outcome.matches.len(), 3);
    assert_eq!(classes(&outcome), (vec![Returned; 4], vec![Returned; 3]));
}

#[test]
fn a_credit_that_fits_no_payment_or_two_is_left() {
    let outcome = returned(&[(10, "80")]);
    assert_eq!(found(&outcome), []);
    assert_eq!(of_line(&outcome, 2), Class::UnlinkedReversal);
    assert_eq!(of_expected(&outcome, 1), Class::MatchedGroup);
    // Twice the same payment, or the whole and a payment of it.
    for credits in [[(10, "50"), (11, "50")], [(10, "180"), (11, "50")]] {
        let outcome = returned(&credits);
        assert_eq!(found(&outcome), [], "{credits:?}");
        assert_eq!(
            (of_line(&outcome, 2), of_line(&outcome, 3)),
            (Class::Ambiguous, Class::Ambiguous),
            "{credits:?}"
        );
        assert_eq!(of_expected(&outcome, 2), Class::MatchedGroup);
    }
    // Two payments of one amount.
    let expected: Vec<Expected> = [(1, "50"), (2, "50")]
        .map(|(number, money)| {
            of_transfer(
                recorded(expected(number, 7, money, "X"), "FT26279911"),
                4,
                2,
            )
        })
        .to_vec();
    let lines = [debit(1, 8, "-100"), line(2, 9, "50", "RVSL TRF FT26279911")];
    let outcome = run(input(&lines, &expected));
    assert_eq!(of_line(&outcome, 1), Class::MatchedGroup);
    assert_eq!(of_line(&outcome, 2), Class::Ambiguous);
}

#[test]
fn a_reversal_without_the_reference_is_proposed_if_one_payment_alone_has_its_amount() {
    let mut expected = transfer();
    let mut lines = vec![debit(1, 8, "-180"), line(2, 9, "50", "RVSL NIP TRF")];
    let outcome = run(input(&lines, &expected));
    assert_eq!(
        found(&outcome)[1..],
        [(LinkKind::Return, Certainty::Proposed, vec![2], vec![2])]
    );
    assert_eq!(of_expected(&outcome, 2), Class::MatchedGroup);
    // A payment of its own with the same amount may be the one as well.
    expected.push(recorded(super::expected(9, 7, "50", "Y"), "FT77777777"));
    lines.push(line(3, 8, "-50", "TRF FT77777777"));
    let outcome = run(input(&lines, &expected));
    assert_eq!(of_line(&outcome, 2), Class::Ambiguous);
    assert_eq!(of_line(&outcome, 3), Class::Matched);
}

#[test]
fn what_was_rejected_of_a_transfer_is_not_found_again() {
    let expected = transfer();
    let lines = [debit(1, 8, "-180"), line(2, 9, "50", "RVSL TRF FT26279911")];
    let rejected = [link(LinkKind::Payment, &[1], &[1, 2, 3])];
    let outcome = run(Sides {
        rejected: &rejected,
        ..input(&lines[..1], &expected)
    });
    assert_eq!(found(&outcome), []);
    assert_eq!(of_line(&outcome, 1), Class::OnBankNotInLedger);
    let rejected = [link(LinkKind::Return, &[2], &[2])];
    let decided = [link(LinkKind::Payment, &[1], &[1, 2, 3])];
    let outcome = run(Sides {
        rejected: &rejected,
        decided: &decided,
        ..input(&lines, &expected)
    });
    assert_eq!(found(&outcome), []);
    // That one payment was rejected says nothing about all of them.
    let lines = [
        debit(1, 8, "-180"),
        line(2, 9, "180", "RVSL TRF FT26279911"),
    ];
    let rejected = [link(LinkKind::Return, &[2], &[1])];
    let outcome = run(Sides {
        rejected: &rejected,
        decided: &decided,
        ..input(&lines, &expected)
    });
    assert_eq!(
        found(&outcome),
        [(LinkKind::Return, Certainty::Matched, vec![2], vec![1, 2, 3])]
    );
}

#[test]
fn after_a_return_of_one_payment_another_may_come_back() {
    let mut expected = transfer();
    expected[1].returned = true;
    expected[1].return_linked = true;
    let lines = [
        debit(1, 8, "-180"),
        line(2, 9, "50", "RVSL TRF FT26279911"),
        line(3, 10, "30", "RVSL TRF FT26279911"),
    ];
    let decided = [
        link(LinkKind::Payment, &[1], &[1, 2, 3]),
        link(LinkKind::Return, &[2], &[2]),
    ];
    let outcome = run(Sides {
        decided: &decided,
        ..input(&lines, &expected)
    });
    assert_eq!(
        found(&outcome),
        [(LinkKind::Return, Certainty::Matched, vec![3], vec![3])]
    );
    use Class::{MatchedGroup, Returned};
    assert_eq!(
        classes(&outcome),
        (
            vec![MatchedGroup, Returned, Returned],
            vec![MatchedGroup, Returned, Returned]
        )
    );
}

#[test]
fn an_explanation_names_the_other_payments_of_the_transfer() {
    let expected = transfer();
    let lines = [debit(1, 8, "-180")];
    let alternatives = explain(input(&lines, &expected), LineNumber::new(1));
    assert_eq!(alternatives.len(), 1);
    let verdict = &alternatives[0].verdict;
    assert!(
        verdict.contains("one transfer with W-000002, W-000003"),
        "{verdict}"
    );
    let amount = alternatives[0]
        .compared
        .iter()
        .find(|compared| compared.field == "amount")
        .unwrap();
    assert_eq!((amount.ledger.as_str(), amount.agrees), ("180.00", true));
}
