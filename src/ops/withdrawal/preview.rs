//! What a bulk command is about to do, for the question that is asked before it.

use super::{BatchTotals, Error, Selection, WithdrawalCursor, add_total};
use crate::{
    domain::{code::Code, withdrawal::WithdrawalStatus},
    intake,
    store::{Ledger, Noun},
};

/// What would be done, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// How many, and the totals.
    pub what: BatchTotals,
    /// The first holders, in order of withdrawal.
    pub holders: Vec<Code>,
}

/// How many holders a preview names.
const NAMED: usize = 5;

/// Looks at the withdrawals that a command is about; `states` are those that it can be done to.
///
/// # Errors
/// What the file refuses.
pub fn preview(
    ledger: &mut Ledger,
    selection: &Selection,
    states: &[WithdrawalStatus],
) -> Result<Preview, Error> {
    ledger.read(|tx| {
        let mut selected = WithdrawalCursor::of(tx, selection, states)?;
        let mut preview = Preview {
            what: BatchTotals {
                count: 0,
                totals: Vec::new(),
            },
            holders: Vec::new(),
        };
        while let Some((withdrawal, _)) = selected.next(tx)? {
            preview.what.count += 1;
            add_total(
                &mut preview.what.totals,
                withdrawal.currency,
                withdrawal.amount.widen(),
            )?;
            if preview.holders.len() < NAMED && !preview.holders.contains(&withdrawal.holder.code) {
                preview.holders.push(withdrawal.holder.code);
            }
        }
        Ok(preview)
    })
}

/// Looks at the withdrawals that a payment file names. Totals are of what is to be paid.
///
/// # Errors
/// [`Error::BadLines`], or what the file refuses.
pub fn preview_payments(ledger: &mut Ledger, bytes: &[u8]) -> Result<Preview, Error> {
    let rows = intake::payments(bytes)?.rows;
    ledger.read(|tx| {
        let mut preview = Preview {
            what: BatchTotals {
                count: 0,
                totals: Vec::new(),
            },
            holders: Vec::new(),
        };
        for row in &rows {
            // An unknown withdrawal is told with its line by the command itself.
            let Some(number) = tx.find(Noun::Withdrawal, &row.withdrawal)? else {
                continue;
            };
            let withdrawal = tx.withdrawal(number)?;
            preview.what.count += 1;
            let amount = row.payment.amount.unwrap_or(withdrawal.amount);
            add_total(
                &mut preview.what.totals,
                withdrawal.currency,
                amount.widen(),
            )?;
            if preview.holders.len() < NAMED && !preview.holders.contains(&withdrawal.holder.code) {
                preview.holders.push(withdrawal.holder.code);
            }
        }
        Ok(preview)
    })
}
