//! In how few hands the money is: the ten largest holders, the Gini coefficient and the
//! Herfindahl-Hirschman index.

use std::collections::BTreeMap;

use ethnum::I256;

use super::super::{code::Code, currency::Currency, quantity::Total, ratio, signed::Signed};

/// How many of the largest holders are named.
const TOP: usize = 10;
/// The index of a single holder.
const HHI_SCALE: i128 = 10_000;

/// What holders were allocated, gathered in order of their codes. Memory: sixteen bytes a holder
/// and currency.
#[derive(Debug, Default)]
pub struct Shares {
    currencies: BTreeMap<&'static str, OfCurrency>,
}

#[derive(Debug)]
struct OfCurrency {
    currency: Currency,
    amounts: Vec<i128>,
    sum: Total,
    /// The largest so far, the largest first; equal ones stay in the order in which they came.
    top: Vec<(Code, String, Total)>,
}

/// How the allocations of a currency are spread over holders.
///
/// # Source
/// C. Gini, *Variabilità e mutabilità*, 1912; O. Herfindahl, 1950, and A. Hirschman, 1945.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// The currency.
    pub currency: Currency,
    /// How many holders were allocated anything.
    pub holders: u64,
    /// What they were allocated.
    pub allocated: Total,
    /// The part of the ten largest, in percent.
    pub top_ten: Signed,
    /// The Gini coefficient: 0 if all have the same, near 1 if one has all.
    pub gini: Signed,
    /// The Herfindahl-Hirschman index: 10,000 for a single holder.
    pub hhi: Signed,
}

/// One of the ten holders with the largest allocations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopHolder {
    /// The currency.
    pub currency: Currency,
    /// The place, from 1 on; equal allocations in order of code.
    pub rank: u64,
    /// The code.
    pub holder: Code,
    /// The name.
    pub holder_name: String,
    /// What was allocated.
    pub allocated: Total,
    /// The part of all, in percent.
    pub share: Signed,
    /// The part of all of this one and those before it, in percent.
    pub cumulative: Signed,
}

impl Shares {
    /// Adds a holder; of each currency they come in order of code. `None` if the sum has too
    /// many digits.
    pub fn add(
        &mut self,
        currency: Currency,
        holder: &Code,
        name: &str,
        allocated: Total,
    ) -> Option<()> {
        if allocated.is_zero() {
            return Some(());
        }
        let of = self
            .currencies
            .entry(currency.code())
            .or_insert_with(|| OfCurrency {
                currency,
                amounts: Vec::new(),
                sum: Total::ZERO,
                top: Vec::with_capacity(TOP + 1),
            });
        of.amounts.push(allocated.units());
        of.sum = of.sum.checked_add(allocated)?;
        let place = of.top.partition_point(|(_, _, known)| *known >= allocated);
        if place < TOP {
            of.top
                .insert(place, (holder.clone(), name.to_owned(), allocated));
            of.top.truncate(TOP);
        }
        Some(())
    }

    /// Computes the figures; `None` if one has too many digits.
    pub(super) fn finish(self) -> Option<(Vec<Concentration>, Vec<TopHolder>)> {
        let (mut rows, mut top) = (Vec::new(), Vec::new());
        for of in self.currencies.into_values() {
            let ranked = of.ranked()?;
            let top_ten = ranked.last().map_or(Signed::ZERO, |last| last.cumulative);
            top.extend(ranked);
            rows.push(of.concentration(top_ten)?);
        }
        Some((rows, top))
    }
}

impl OfCurrency {
    fn ranked(&self) -> Option<Vec<TopHolder>> {
        let whole = self.sum.units();
        let mut before = Total::ZERO;
        let mut rows = Vec::with_capacity(TOP);
        for (rank, (holder, name, allocated)) in (1..).zip(&self.top) {
            before = before.checked_add(*allocated)?;
            rows.push(TopHolder {
                currency: self.currency,
                rank,
                holder: holder.clone(),
                holder_name: name.clone(),
                allocated: *allocated,
                share: ratio::percentage(allocated.units(), whole)?,
                cumulative: ratio::percentage(before.units(), whole)?,
            });
        }
        Some(rows)
    }

    fn concentration(mut self, top_ten: Signed) -> Option<Concentration> {
        self.amounts.sort_unstable();
        let holders = i128::try_from(self.amounts.len()).ok()?;
        let sum = I256::from(self.sum.units());
        // Each amount is below 10^28 and there are fewer than 2^40 holders, so that weighted sums
        // stay below 10^41, and the sum of squares, at most the square of the sum, below 10^56:
        // with the factors of a quotient all of it is far inside 256 bits.
        let (mut weighted, mut squares) = (I256::ZERO, I256::ZERO);
        for (place, amount) in (1_i128..).zip(&self.amounts) {
            let amount = I256::from(*amount);
            let weight = I256::from(place.checked_mul(2)?.checked_sub(holders)?.checked_sub(1)?);
            weighted = weighted.checked_add(weight.checked_mul(amount)?)?;
            squares = squares.checked_add(amount.checked_mul(amount)?)?;
        }
        Some(Concentration {
            currency: self.currency,
            holders: u64::try_from(holders).ok()?,
            allocated: self.sum,
            top_ten,
            gini: ratio::ratio(
                weighted,
                sum.checked_mul(I256::from(holders))?,
                ratio::PLACES,
            )?,
            hhi: ratio::ratio(
                squares.checked_mul(I256::from(HHI_SCALE))?,
                sum.checked_mul(sum)?,
                ratio::PLACES,
            )?,
        })
    }
}
