//! The trial balance of a journal.

use std::collections::BTreeMap;

use super::{
    currency::Currency,
    journal::{Account, Posting},
    quantity::Total,
    signed::Signed,
};

/// The debits and credits of an account in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialRow {
    /// The account.
    pub account: Account,
    /// The currency.
    pub currency: Currency,
    /// The sum of its debits.
    pub debit: Total,
    /// The sum of its credits.
    pub credit: Total,
    /// Debits less credits.
    pub balance: Signed,
}

/// Adds postings up, account by account and currency by currency; the accounts of the holders of a
/// project into one.
#[derive(Clone, Debug, Default)]
pub struct TrialBalance {
    sums: BTreeMap<(Account, &'static str), TrialRow>,
}

impl TrialBalance {
    /// Adds the postings of an entry, or returns `None` if a sum has too many digits.
    pub fn add(&mut self, postings: Vec<Posting>, currency: Currency) -> Option<()> {
        for (account, amount) in postings {
            let account = account.summed();
            let row = self
                .sums
                .entry((account.clone(), currency.code()))
                .or_insert(TrialRow {
                    account,
                    currency,
                    debit: Total::ZERO,
                    credit: Total::ZERO,
                    balance: Signed::ZERO,
                });
            let side = if amount.is_negative() {
                &mut row.credit
            } else {
                &mut row.debit
            };
            *side = side.checked_add(amount.magnitude())?;
            row.balance = row.balance.checked_add(amount)?;
        }
        Some(())
    }

    /// Returns the rows in the order of the chart of accounts, or `None` if the debits of a
    /// currency are not its credits.
    pub fn finish(self) -> Option<Vec<TrialRow>> {
        let mut sides: BTreeMap<&'static str, (Total, Total)> = BTreeMap::new();
        for row in self.sums.values() {
            let (debit, credit) = sides
                .entry(row.currency.code())
                .or_insert((Total::ZERO, Total::ZERO));
            *debit = debit.checked_add(row.debit)?;
            *credit = credit.checked_add(row.credit)?;
        }
        let even = sides.values().all(|(debit, credit)| debit == credit);
        even.then(|| self.sums.into_values().collect())
    }
}
