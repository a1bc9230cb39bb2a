//! How many days lie between an approval and its payment.

use std::collections::BTreeMap;

use ethnum::I256;

use super::super::{currency::Currency, ratio, signed::Signed, time::Date};

/// The days of payments, gathered. Memory: four bytes a payment.
#[derive(Debug, Default)]
pub struct Delays {
    days: BTreeMap<&'static str, (Option<Currency>, Vec<i32>)>,
}

/// How long the payments of a currency took. A payment that the bank dates before its approval
/// counts below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentDays {
    /// The currency.
    pub currency: Currency,
    /// How many payments were not returned.
    pub payments: u64,
    /// The mean of their days.
    pub average: Signed,
    /// The middle one.
    pub median: Signed,
    /// The shortest.
    pub shortest: i64,
    /// The longest.
    pub longest: i64,
}

impl Delays {
    /// Adds a payment that was not returned, or returns `None` for dates that no calendar has.
    pub fn add(&mut self, currency: Currency, approved: Date, paid: Date) -> Option<()> {
        let days = i32::try_from(paid.signed_duration_since(approved).num_days()).ok()?;
        let (named, list) = self.days.entry(currency.code()).or_default();
        *named = Some(currency);
        list.push(days);
        Some(())
    }

    /// Computes averages and medians.
    pub(super) fn finish(self) -> Option<Vec<PaymentDays>> {
        self.days
            .into_values()
            .filter_map(|(currency, days)| Some((currency?, days)))
            .map(of)
            .collect()
    }
}

fn of((currency, mut days): (Currency, Vec<i32>)) -> Option<PaymentDays> {
    days.sort_unstable();
    let count = i64::try_from(days.len()).ok()?;
    let sum: i64 = days.iter().copied().map(i64::from).sum();
    let upper = days.len() / 2;
    let lower = upper.checked_sub(usize::from(days.len().is_multiple_of(2)))?;
    let middle = i64::from(*days.get(lower)?) + i64::from(*days.get(upper)?);
    Some(PaymentDays {
        currency,
        payments: u64::try_from(count).ok()?,
        average: ratio::ratio(I256::from(sum), I256::from(count), ratio::PLACES)?,
        median: ratio::ratio(I256::from(middle), I256::from(2_i64), ratio::PLACES)?,
        shortest: days.first().copied().map(i64::from)?,
        longest: days.last().copied().map(i64::from)?,
    })
}
