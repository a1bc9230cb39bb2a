//! Transfers to be recorded: which payments may be one transfer.

use crate::domain::{
    Refused,
    code::WithdrawalNumber,
    currency::Currency,
    quantity::Amount,
    status::Means,
    time::Date,
    transfer::{Destination, TransferDifference},
    withdrawal::{PaymentFacts, Withdrawal},
};

/// A transfer to be recorded, with all of its payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTransfer {
    /// Its first withdrawal.
    first: WithdrawalNumber,
    /// The bank's reference.
    pub reference: String,
    /// Where it goes; nowhere if it is paid by other means than a transfer.
    pub destination: Option<Destination>,
    /// The currency.
    pub currency: Currency,
    /// The value date.
    pub date: Date,
    /// How many payments it has.
    pub payments: u64,
    /// What they add up to.
    pub total: Amount,
}

impl NewTransfer {
    /// Makes the transfer of one payment.
    pub fn of(withdrawal: &Withdrawal, facts: &PaymentFacts) -> Self {
        Self {
            first: withdrawal.number,
            reference: facts.reference.clone(),
            destination: withdrawal.bank.as_ref().map(Destination::from),
            currency: withdrawal.currency,
            date: facts.date,
            payments: 1,
            total: facts.amount,
        }
    }

    /// Adds a payment to a transfer of several, or begins it if `transfer` is empty. Returns `None`
    /// if the total has too many digits.
    ///
    /// # Errors
    /// [`Refused::TransferDiffers`], [`Refused::TransferMeans`].
    pub fn add(
        transfer: &mut Option<Self>,
        withdrawal: &Withdrawal,
        facts: &PaymentFacts,
    ) -> Result<Option<()>, Refused> {
        let one = Self::of(withdrawal, facts);
        if withdrawal.means != Means::Transfer || one.destination.is_none() {
            return Err(Refused::TransferMeans {
                withdrawal: withdrawal.number,
                reference: one.reference,
            });
        }
        let Some(all) = transfer else {
            *transfer = Some(one);
            return Ok(Some(()));
        };
        if let Some(difference) = all.difference(&one) {
            return Err(Refused::TransferDiffers {
                withdrawal: withdrawal.number,
                reference: one.reference,
                difference,
                others: all.first,
            });
        }
        let total = all.total.checked_add(one.total);
        Ok(total.map(|total| {
            all.payments += 1;
            all.total = total;
        }))
    }

    /// Returns in what another transfer differs, if they are not the same.
    fn difference(&self, other: &Self) -> Option<TransferDifference> {
        let differences = [
            (
                self.currency != other.currency,
                TransferDifference::Currency,
            ),
            (self.date != other.date, TransferDifference::Date),
            (
                self.destination != other.destination,
                TransferDifference::Account,
            ),
        ];
        let found = differences.into_iter().find(|(differs, _)| *differs);
        found.map(|(_, difference)| difference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        account::AccountNumber,
        event::tests::day,
        withdrawal::{
            WithdrawalStatus,
            tests::{facts, withdrawal},
        },
    };

    fn other(number: i64) -> Withdrawal {
        Withdrawal {
            number: WithdrawalNumber::new(number),
            ..withdrawal(WithdrawalStatus::Approved)
        }
    }

    #[test]
    fn payments_of_one_account_currency_and_date_are_one_transfer() {
        let mut transfer = None;
        for number in 1..=3 {
            assert_eq!(
                NewTransfer::add(&mut transfer, &other(number), &facts()),
                Ok(Some(()))
            );
        }
        let transfer = transfer.unwrap();
        let single = facts().amount.units();
        assert_eq!(transfer.payments, 3);
        assert_eq!(transfer.total.units(), 3 * single);
        assert_eq!(transfer.reference, facts().reference);
    }

    #[test]
    fn what_differs_is_refused_and_named() {
        let dollars = Withdrawal {
            currency: Currency::parse("USD").unwrap(),
            ..other(2)
        };
        let mut elsewhere = other(2);
        if let Some(bank) = &mut elsewhere.bank {
            bank.account_number = AccountNumber::parse("2000000009").unwrap();
        }
        let mut other_bank = other(2);
        if let Some(bank) = &mut other_bank.bank {
            bank.bank_code = Some("999".to_owned());
        }
        let later = PaymentFacts {
            date: day("2026-04-03"),
            ..facts()
        };
        for (withdrawal, facts, expected) in [
            (&dollars, &facts(), TransferDifference::Currency),
            (&elsewhere, &facts(), TransferDifference::Account),
            (&other_bank, &facts(), TransferDifference::Account),
            (&other(2), &later, TransferDifference::Date),
        ] {
            let mut transfer = Some(NewTransfer::of(&other(1), &self::facts()));
            let before = transfer.clone();
            match NewTransfer::add(&mut transfer, withdrawal, facts) {
                Err(Refused::TransferDiffers { difference, .. }) => {
                    assert_eq!(difference, expected);
                }
                found => panic!("{expected:?}: {found:?}"),
            }
            assert_eq!(transfer, before, "a refused payment changes nothing");
        }
    }

    #[test]
    fn a_cheque_is_in_no_transfer_of_several() {
        let cheque = Withdrawal {
            means: Means::Cheque,
            bank: None,
            ..other(1)
        };
        for mut transfer in [None, Some(NewTransfer::of(&other(2), &facts()))] {
            let before = transfer.clone();
            let refused = NewTransfer::add(&mut transfer, &cheque, &facts());
            assert_eq!(refused.unwrap_err().code(), "payment.transfer_differs");
            assert_eq!(transfer, before);
        }
    }
}
