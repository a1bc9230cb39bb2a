//! Lines whose references speak for more than one payment.

use super::*;

/// A transfer of 60 with an id of the bank.
fn transfer(number: i64, text: &str, bank_id: &str) -> Line {
    Line {
        bank_id: Some(bank_id.to_owned()),
        ..line(number, 7, "-60", text)
    }
}

#[test]
fn a_later_run_counts_the_same_transfers_as_the_one_that_linked_them() {
    use Class::{Matched, OnBankNotInLedger, UnexpectedCredit};
    // The id of the credit is on two debits, one of which is a transfer by our reference only.
    let credit = Line {
        bank_id: Some("S2208".to_owned()),
        ..line(3, 8, "60", "NIP CR")
    };
    let lines = [
        transfer(1, "RVSL TRF/PRAAAAAAA1", "S2208"),
        transfer(2, "TRF", "S2208"),
        credit,
    ];
    let payments = [ours(expected(1, 7, "60", "X"), "PRAAAAAAA1")];
    let decided = [link(LinkKind::Payment, &[1], &[1])];
    for decided in [&[][..], &decided] {
        let outcome = run(Sides {
            decided,
            ..input(&lines, &payments)
        });
        assert_eq!(
            classes(&outcome),
            (
                vec![Matched, OnBankNotInLedger, UnexpectedCredit],
                vec![Matched]
            )
        );
    }
}

#[test]
fn a_line_with_our_reference_of_one_payment_and_the_recorded_one_of_another_is_ambiguous() {
    use Class::{Ambiguous, Matched, PaidNotOnBank};
    let payments = [
        ours(expected(1, 7, "60", "X"), "PRAAAAAAA1"),
        recorded(expected(2, 7, "60", "Y"), "S-2207"),
    ];
    for text in ["RVSL TRF/PRAAAAAAA1", "TRF TO X/PRAAAAAAA1"] {
        let lines = [transfer(1, text, "S2207")];
        let outcome = run(input(&lines, &payments));
        assert_eq!(
            classes(&outcome),
            (vec![Ambiguous], vec![Ambiguous, Ambiguous]),
            "{text}"
        );
        assert!(outcome.matches.is_empty());
    }
    // An id that the bank printed on nothing of that payment contradicts nothing.
    let outcome = run(input(
        &[transfer(1, "TRF TO X/PRAAAAAAA1", "S2208")],
        &payments,
    ));
    assert_eq!(
        classes(&outcome),
        (vec![Matched], vec![Matched, PaidNotOnBank])
    );
    // What is on the bank already may be the line's as well: it is not a second payment of it
    // for certain, and not the open one's.
    let lines = [
        transfer(1, "TRF", "BK-7712"),
        transfer(2, "TRF TO X/PRAAAAAAA1", "S2207"),
    ];
    for (paid, class) in [(1, vec![Matched, Ambiguous]), (2, vec![Ambiguous, Matched])] {
        let outcome = run(Sides {
            decided: &[link(LinkKind::Payment, &[1], &[paid])],
            ..input(&lines, &payments)
        });
        assert_eq!(
            classes(&outcome),
            (vec![Matched, Ambiguous], class),
            "{paid}"
        );
    }
}

#[test]
fn a_reference_that_the_bank_prints_on_a_batch_contradicts_none_of_ours() {
    use Class::{Ambiguous, Matched, OnBankNotInLedger};
    // The first was recorded with the reference of the whole batch.
    let first = recorded(ours(expected(1, 7, "60", "X"), "PRAAAAAAA1"), "S2207");
    let payments = [first, ours(expected(2, 7, "60", "Y"), "PRBBBBBBB2")];
    let batch = [
        transfer(1, "TRF TO X/PRAAAAAAA1", "S2207"),
        transfer(2, "TRF TO Y/PRBBBBBBB2", "S2207"),
    ];
    let decided = [link(LinkKind::Payment, &[1], &[1])];
    for decided in [&[][..], &decided] {
        let outcome = run(Sides {
            decided,
            ..input(&batch, &payments)
        });
        assert_eq!(
            classes(&outcome),
            (vec![Matched, Matched], vec![Matched, Matched])
        );
    }
    // One transfer with its fee is not a batch.
    let lines = [
        transfer(1, "TRF TO Y/PRBBBBBBB2", "S2207"),
        transfer(2, "COMMISSION TRF TO X/PRAAAAAAA1", "S2207"),
    ];
    let outcome = run(input(&lines, &payments));
    assert_eq!(
        classes(&outcome),
        (
            vec![Ambiguous, OnBankNotInLedger],
            vec![Ambiguous, Ambiguous]
        )
    );
}

#[test]
fn a_recorded_reference_on_the_line_of_another_payment_leaves_no_other_line_certain() {
    use Class::{Ambiguous, AmountDiffers};
    let payments = [
        ours(expected(1, 7, "100", "X"), "PRAAAAAAA1"),
        recorded(expected(2, 7, "60", "Y"), "S-2207"),
    ];
    let lines = [
        transfer(1, "TRF TO X/PRAAAAAAA1", "S2207"),
        transfer(2, "TRF", "S2207"),
    ];
    let outcome = run(input(&lines, &payments));
    assert_eq!(
        classes(&outcome),
        (
            vec![AmountDiffers, Ambiguous],
            vec![AmountDiffers, Ambiguous]
        )
    );
    assert!(outcome.matches.is_empty());
}

#[test]
fn what_a_user_rejected_does_not_block_another_reference() {
    let payments = [
        ours(expected(1, 7, "60", "X"), "PRAAAAAAA1"),
        recorded(expected(2, 7, "60", "Y"), "S-2207"),
    ];
    let lines = [transfer(1, "TRF TO X/PRAAAAAAA1", "S2207")];
    let rejected = [link(LinkKind::Payment, &[1], &[1])];
    let outcome = run(Sides {
        rejected: &rejected,
        ..input(&lines, &payments)
    });
    assert_eq!(
        classes(&outcome),
        (
            vec![Class::Matched],
            vec![Class::PaidNotOnBank, Class::Matched]
        )
    );
}
