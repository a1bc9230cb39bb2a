//! Allocation by largest remainder (Hamilton's method).

use std::cmp::Reverse;

use ethnum::U256;

use super::{
    id::{AllocationId, EventRef, HolderRef},
    quantity::{Amount, ONE, Percent, Tokens},
    tax::rate::FrozenRate,
};

pub use super::balance::{AllocationStatus, Balance, BalanceParts, CarryTotals, Movement};

/// One holder's part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactShare {
    /// The whole units that the exact share contains.
    pub floor: i128,
    /// The numerator of what is left, over the sum of all weights.
    pub remainder: i128,
    /// Whether a unit left over was added.
    pub spare: bool,
}

impl ExactShare {
    /// Returns the units allocated.
    pub const fn units(self) -> i128 {
        if self.spare {
            self.floor + 1
        } else {
            self.floor
        }
    }
}

/// Splits `units` over `weights` by largest remainder; equal remainders go by position, earlier
/// first.
///
/// `units` and each weight lie between 0 and 10^20, and so does the sum of the weights, which is
/// above zero; otherwise `None`. The parts sum to `units` exactly and each is within one unit of
/// its exact share.
///
/// # Source
/// Balinski and Young, *Fair Representation*, 1982: Hamilton's method. It has the Alabama paradox.
pub fn largest_remainder(units: i128, weights: &[i128]) -> Option<Vec<ExactShare>> {
    let total = weights
        .iter()
        .try_fold(0_i128, |sum, weight| sum.checked_add(*weight))?;
    let in_range = |value: i128| (0..=Amount::MAX.units()).contains(&value);
    if total == 0
        || !in_range(units)
        || !in_range(total)
        || !weights.iter().all(|weight| in_range(*weight))
    {
        return None;
    }
    let mut parts = weights
        .iter()
        .map(|weight| exact_part(units, *weight, total))
        .collect::<Option<Vec<_>>>()?;
    let given: i128 = parts.iter().map(|part| part.floor).sum();
    // Each remainder is below one unit, so fewer units than there are parts are left over.
    let left_over = usize::try_from(units.checked_sub(given)?).ok()?;
    if left_over > 0 {
        let mut order: Vec<u32> = (0..u32::try_from(parts.len()).ok()?).collect();
        let rank = |at: &u32| {
            let at = usize::try_from(*at).unwrap_or(usize::MAX);
            (Reverse(parts.get(at).map(|part| part.remainder)), at)
        };
        order.select_nth_unstable_by_key(left_over.checked_sub(1)?, rank);
        for at in order.into_iter().take(left_over) {
            parts.get_mut(usize::try_from(at).ok()?)?.spare = true;
        }
    }
    Some(parts)
}

/// Computes floor and remainder of `units * weight / total`.
fn exact_part(units: i128, weight: i128, total: i128) -> Option<ExactShare> {
    // Most products fit 128 bits, which divide several times as fast.
    if let Some(product) = units.unsigned_abs().checked_mul(weight.unsigned_abs()) {
        let total = total.unsigned_abs();
        let (floor, remainder) = (product.checked_div(total)?, product.checked_rem(total)?);
        return Some(ExactShare {
            floor: i128::try_from(floor).ok()?,
            remainder: i128::try_from(remainder).ok()?,
            spare: false,
        });
    }
    // units <= 10^20 < 2^67 and weight < 2^67, so the product stays below 2^134, far inside 256
    // bits.
    let product =
        U256::from(units.unsigned_abs()).checked_mul(U256::from(weight.unsigned_abs()))?;
    let (floor, remainder) = product.checked_div_rem(U256::from(total.unsigned_abs()))?;
    // weight <= total, so floor <= units and remainder < total: both fit 67 bits.
    Some(ExactShare {
        floor: i128::try_from(floor).ok()?,
        remainder: i128::try_from(remainder).ok()?,
        spare: false,
    })
}

/// Allocates an amount in steps of `unit` over tokens in the order of the holders' codes.
/// `None` if the amount is not a multiple of the unit, or the tokens are none or too many.
pub fn allocate(total: Amount, unit: Amount, tokens: &[Tokens]) -> Option<Vec<Amount>> {
    if !total.is_multiple_of(unit) {
        return None;
    }
    let steps = total.units().checked_div(unit.units())?;
    let weights: Vec<i128> = tokens.iter().map(|held| held.units()).collect();
    let parts = largest_remainder(steps, &weights)?;
    parts
        .into_iter()
        .map(|part| Amount::from_units(part.units().checked_mul(unit.units())?))
        .collect()
}

/// Splits 100 % over tokens by the same rule in steps of 10^-7, so that the percentages sum to
/// exactly 100.
pub fn percentages(tokens: &[Tokens]) -> Option<Vec<Percent>> {
    let weights: Vec<i128> = tokens.iter().map(|held| held.units()).collect();
    let parts = largest_remainder(100 * ONE, &weights)?;
    parts
        .into_iter()
        .map(|part| Percent::from_units(part.units()))
        .collect()
}

/// A holder's part of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The row number.
    pub number: i64,
    /// The id.
    pub id: AllocationId,
    /// The event.
    pub event: EventRef,
    /// The holder.
    pub holder: HolderRef,
    /// The holder's name.
    pub holder_name: String,
    /// The tokens held on the record date.
    pub tokens: Tokens,
    /// Their part of the tokens that the amount is divided over.
    pub percentage: Percent,
    /// What of the gross share was assigned from excluded holders.
    pub assigned: Amount,
    /// The class of its tax rates, if the event withholds tax.
    pub tax_class: Option<u32>,
    /// The rate of all of it and why; none if its components differ, or it was not looked up.
    pub tax_rate: Option<FrozenRate>,
    /// The money.
    pub balance: Balance,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amounts(total: &str, unit: &str, tokens: &[&str]) -> Vec<String> {
        let tokens: Vec<Tokens> = tokens.iter().map(|t| Tokens::parse(t).unwrap()).collect();
        let parts = allocate(
            Amount::parse(total).unwrap(),
            Amount::parse(unit).unwrap(),
            &tokens,
        )
        .unwrap();
        parts.into_iter().map(|part| part.plain(2)).collect()
    }

    #[test]
    fn equal_thirds_give_the_odd_kobo_to_the_first_code() {
        assert_eq!(
            amounts("100.00", "0.01", &["1", "1", "1"]),
            ["33.34", "33.33", "33.33"]
        );
        assert_eq!(
            amounts("0.02", "0.01", &["1", "1", "1"]),
            ["0.01", "0.01", "0.00"]
        );
    }

    #[test]
    fn one_holder_gets_all() {
        assert_eq!(
            amounts("9999999999999.99", "0.01", &["0.0000001"]),
            ["9999999999999.99"]
        );
        assert_eq!(
            percentages(&[Tokens::SMALLEST]).unwrap()[0].canonical(),
            "100.0000000"
        );
    }

    #[test]
    fn the_smallest_holding_next_to_the_largest_gets_its_exact_share() {
        assert_eq!(
            amounts("1000000", "0.01", &["9999999999999.9999998", "0.0000001"]),
            ["1000000.00", "0.00"]
        );
        assert_eq!(
            amounts("0.01", "0.01", &["0.0000001", "9999999999999"]),
            ["0.00", "0.01"]
        );
    }

    #[test]
    fn the_largest_amounts_of_the_range_are_exact() {
        let all = allocate(Amount::MAX, Amount::SMALLEST, &[Tokens::MAX]).unwrap();
        assert_eq!(all, [Amount::MAX]);
        let half = Tokens::from_units(Tokens::MAX.units() / 2).unwrap();
        let two = allocate(Amount::MAX, Amount::SMALLEST, &[half, half]).unwrap();
        assert_eq!(two[0].checked_sub(two[1]), Some(Amount::SMALLEST));
    }

    #[test]
    fn the_alabama_paradox_is_known() {
        // One more unit for all takes one from the third holder: known of the method, and
        // documented.
        let (a, b) = (
            largest_remainder(10, &[6, 6, 2]).unwrap(),
            largest_remainder(11, &[6, 6, 2]).unwrap(),
        );
        let units =
            |parts: &[ExactShare]| parts.iter().map(|part| part.units()).collect::<Vec<_>>();
        assert_eq!((units(&a), units(&b)), (vec![4, 4, 2], vec![5, 5, 1]));
    }

    #[test]
    fn nothing_is_split_where_there_are_no_tokens_or_no_whole_units() {
        assert_eq!(largest_remainder(10, &[]), None);
        assert_eq!(largest_remainder(10, &[0, 0]), None);
        assert_eq!(largest_remainder(10, &[Amount::MAX.units(), 1]), None);
        let one = [Tokens::parse("1").unwrap()];
        assert_eq!(
            allocate(
                Amount::parse("0.005").unwrap(),
                Amount::parse("0.01").unwrap(),
                &one
            ),
            None
        );
        assert_eq!(
            allocate(Amount::parse("1").unwrap(), Amount::ZERO, &one),
            None
        );
    }

    #[test]
    fn a_million_holders_sum_exactly() {
        let weights: Vec<i128> = (0..1_000_000_i128)
            .map(|n| (n * 7_919) % 1_000_003 + 1)
            .collect();
        let parts = largest_remainder(10_099_305_436, &weights).unwrap();
        assert_eq!(
            parts.iter().map(|part| part.units()).sum::<i128>(),
            10_099_305_436
        );
    }

    fn weights() -> impl Strategy<Value = Vec<i128>> {
        prop_oneof![
            proptest::collection::vec(1..=1_000_i128, 1..40),
            proptest::collection::vec(1..=Tokens::MAX.units() / 64, 1..40),
        ]
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole_and_stay_within_one_unit(units in 0..=Amount::MAX.units(), weights in weights()) {
            let parts = largest_remainder(units, &weights).unwrap();
            let total: i128 = weights.iter().sum();
            prop_assert_eq!(parts.iter().map(|part| part.units()).sum::<i128>(), units);
            for (part, weight) in parts.iter().zip(&weights) {
                // units * weight = floor * total + remainder, and 0 <= remainder < total.
                let left = U256::new(units.unsigned_abs()) * U256::new(weight.unsigned_abs());
                let right = U256::new(part.floor.unsigned_abs()) * U256::new(total.unsigned_abs());
                prop_assert_eq!(left - right, U256::new(part.remainder.unsigned_abs()));
                prop_assert!(part.remainder < total);
            }
        }

        #[test]
        fn a_unit_left_over_never_passes_a_larger_remainder(units in 0..=10_000_i128, weights in weights()) {
            let parts = largest_remainder(units, &weights).unwrap();
            for (at, given) in parts.iter().enumerate().filter(|(_, part)| part.spare) {
                for (other, without) in parts.iter().enumerate().filter(|(_, part)| !part.spare) {
                    let fair = given.remainder > without.remainder
                        || (given.remainder == without.remainder && at < other);
                    prop_assert!(fair, "{at} {given:?} before {other} {without:?}");
                }
            }
        }
    }
}
