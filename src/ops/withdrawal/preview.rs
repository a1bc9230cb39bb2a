//! What a bulk command is about to do, for the question that is asked before it.

use super::{
    batch::add,
    cursor::{Selection, WithdrawalCursor},
};
use crate::{
    domain::{
        batch::BatchTotals,
        code::Code,
        quantity::Amount,
        withdrawal::{Withdrawal, WithdrawalStatus},
    },
    intake,
    ops::Error,
    store::{Ledger, Noun},
};

/// What would be done, and to whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How many, and the totals.
    pub what: BatchTotals,
    /// The first holders, in order of withdrawal.
    pub holders: Vec<Code>,
}

/// How many holders a preview names.
const NAMED: usize = 5;

impl Preview {
    fn add(&mut self, withdrawal: Withdrawal, amount: Amount) -> Result<(), Error> {
        self.what.count += 1;
        add(&mut self.what.totals, withdrawal.currency, amount)?;
        if self.holders.len() < NAMED && !self.holders.contains(&withdrawal.holder.code) {
            self.holders.push(withdrawal.holder.code);
        }
        Ok(())
    }
}

/// Looks at the withdrawals that a command is about; `states` are those that it can be done to.
///
/// # Errors
/// [`Error::Store`] if the ledger cannot be read.
pub fn preview(
    ledger: &mut Ledger,
    selection: &Selection,
    states: &[WithdrawalStatus],
) -> Result<Preview, Error> {
    ledger.read(|tx| {
        let mut selected = WithdrawalCursor::of(tx, selection, states)?;
        let mut preview = Preview::default();
        while let Some((withdrawal, _)) = selected.next(tx)? {
            let amount = withdrawal.amount;
            preview.add(withdrawal, amount)?;
        }
        Ok(preview)
    })
}

/// Looks at the withdrawals that a payment file names. Totals are of what is to be paid.
///
/// # Errors
/// [`Error::BadLines`], or [`Error::Store`] if the ledger cannot be read.
pub fn preview_payments(ledger: &mut Ledger, bytes: &[u8]) -> Result<Preview, Error> {
    let rows = intake::payments(bytes)?.rows;
    ledger.read(|tx| {
        let mut preview = Preview::default();
        for row in &rows {
            // The command itself reports an unknown withdrawal with its line.
            let Some(number) = tx.find(Noun::Withdrawal, &row.withdrawal)? else {
                continue;
            };
            let withdrawal = tx.withdrawal(number)?;
            let amount = row.payment.amount.unwrap_or(withdrawal.amount);
            preview.add(withdrawal, amount)?;
        }
        Ok(preview)
    })
}
