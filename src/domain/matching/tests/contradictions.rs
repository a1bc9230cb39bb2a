//! Lines whose references speak for more than one payment.

use super::*;

/// A transfer of 60 with an id of the bank.
fn transfer(number: i64, text: &str, bank_id: &str) -> Line {
    Line { bank_id: Some(bank_id.to_owned()), ..line(number, 7, "-60", text) }
}

#[test]
fn a_later_run_counts_the_same_transfers_as_the_one_that_linked_them() {
    use Standing::{Matched, OnBankNotInLedger, UnexpectedCredit};
    // The id of the credit stands on two debits, one of which is a transfer by our reference only.
    let credit = Line { bank_id: Some("S2208".to_owned()), ..line(3, 8, "60", "NIP CR") };
    let lines = [transfer(1, "RVSL TRF/PRAAAAAAA1", "S2208"), transfer(2, "TRF", "S2208"), credit];
    let payments = [ours(expected(1, 7, "60", "X"), "PRAAAAAAA1")];
    let standing = [link(LinkKind::Payment, &[1], &[1])];
    for standing in [&[][..], &standing] {
        let outcome = run(Input { standing, ..input(&lines, &payments) });
        assert_eq!(standings(&outcome), (vec![Matched, OnBankNotInLedger, UnexpectedCredit], vec![Matched]));
    }
}

#[test]
fn what_a_user_rejected_stands_in_the_way_of_no_other_reference() {
    let payments = [ours(expected(1, 7, "60", "X"), "PRAAAAAAA1"), recorded(expected(2, 7, "60", "Y"), "S-2207")];
    let lines = [transfer(1, "TRF TO X/PRAAAAAAA1", "S2207")];
    let rejected = [link(LinkKind::Payment, &[1], &[1])];
    let outcome = run(Input { rejected: &rejected, ..input(&lines, &payments) });
    assert_eq!(standings(&outcome), (vec![Standing::Matched], vec![Standing::PaidNotOnBank, Standing::Matched]));
}
