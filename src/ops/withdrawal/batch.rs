//! What a command did to many withdrawals.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        Refused,
        batch::{BatchTotals, add_total},
        code::{Code, WithdrawalNumber},
        currency::Currency,
        payment::OddPayment,
        quantity::{Amount, Total},
        time::Instant,
        withdrawal::Withdrawal,
    },
    ops::{Error, OutputError, Sink},
    store::{self, Tx},
};

/// How many rows are read at a time in bulk work.
pub(super) const PAGE: i64 = 5_000;

/// The withdrawals that a command was done to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Their row numbers, as runs in ascending order.
    pub(super) runs: Vec<(i64, i64)>,
    /// How many.
    pub count: u64,
    /// How many of them were recorded before and not written again.
    pub repeated: u64,
    /// Their amounts, per currency: what was paid if the command pays, else what was requested.
    pub totals: Vec<(Currency, Total)>,
    /// What was recorded as paid now, per currency. Only known the first time.
    #[serde(skip)]
    pub paid: Vec<(Currency, Total)>,
    /// Who was left out, and why. Only known the first time.
    #[serde(skip)]
    pub left_out: Vec<HolderRefusal>,
    /// The first requests that there are already, if nothing was left to request.
    #[serde(skip)]
    pub requested: Vec<WithdrawalNumber>,
    /// What was paid less than asked for, and is available again: withdrawal and amount. Only known
    /// the first time.
    #[serde(skip)]
    pub less: Vec<(WithdrawalNumber, Currency, Amount)>,
    /// The payments that are odd and were recorded all the same. Only known the first time.
    #[serde(skip)]
    pub odd: Vec<OddPayment>,
}

/// A holder who was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRefusal {
    /// The holder.
    pub holder: Code,
    /// Why.
    pub refused: Refused,
}

impl Batch {
    /// Returns the numbers of the withdrawals.
    pub fn numbers(&self) -> impl Iterator<Item = WithdrawalNumber> {
        let runs = self.runs.iter().flat_map(|(first, last)| *first..=*last);
        runs.map(WithdrawalNumber::new)
    }

    pub(super) fn add(&mut self, withdrawal: &Withdrawal, amount: Amount) -> Result<(), Error> {
        let number = withdrawal.number.number();
        match self.runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            Some(_) | None => self.runs.push((number, number)),
        }
        self.count += 1;
        add(&mut self.totals, withdrawal.currency, amount)
    }

    /// Refuses to do what a user did not agree to.
    ///
    /// # Errors
    /// Those of [`BatchTotals::must_be`].
    pub(in crate::ops) fn must_be(&self, confirmed: Option<&BatchTotals>) -> Result<(), Refused> {
        let Some(shown) = confirmed else {
            return Ok(());
        };
        let found = BatchTotals {
            count: self.count,
            totals: self.totals.clone(),
            odd: self.odd.clone(),
        };
        found.must_be(shown)
    }
}

/// Adds an amount to totals per currency.
pub(super) fn add(
    totals: &mut Vec<(Currency, Total)>,
    currency: Currency,
    amount: Amount,
) -> Result<(), Error> {
    let too_much = || store::Error::bug("the amounts of these withdrawals add up to too much");
    Ok(add_total(totals, currency, amount).ok_or_else(too_much)?)
}

/// Hands the withdrawals of an earlier batch on, as they were at its instant.
pub(super) fn recall(
    each: &RefCell<Sink<'_, Withdrawal>>,
    tx: &mut Tx<'_>,
    batch: Batch,
    at: Instant,
) -> Result<Batch, Error> {
    tx.each_numbered(&batch.runs, at, |withdrawal| hand_on(each, withdrawal))?;
    Ok(batch)
}

pub(super) fn hand_on(
    each: &RefCell<Sink<'_, Withdrawal>>,
    withdrawal: Withdrawal,
) -> Result<(), Error> {
    let taken: Result<(), OutputError> = (each.borrow_mut())(withdrawal);
    taken.map_err(Error::Output)
}
