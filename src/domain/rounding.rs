//! Rounding of products: percentages of an amount, and a rate for tokens. Each product is exact, in
//! 256 bits, and divided once.

use ethnum::U256;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    quantity::{Amount, ONE, Percent, Tokens},
    words::words,
};

/// How what is between two steps becomes one of them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Rounding {
    /// To the nearer step, and up from exactly half.
    HalfUp,
    /// To the step below.
    Down,
    /// To the step above.
    Up,
}

words!(Rounding);

/// Computes `percent` of `base`, rounded to a multiple of `step`; `None` if the step is zero or the
/// result is out of range.
pub fn percent_of(
    base: Amount,
    percent: Percent,
    rounding: Rounding,
    step: Amount,
) -> Option<Amount> {
    // base * percent is in units of 10^-14 of the currency, times a hundred.
    rounded(base.units(), percent.units(), 100 * ONE, (rounding, step))
}

/// Computes `rate` for each of so many tokens, rounded to a multiple of `step`; `None` if the step
/// is zero or the result is out of range.
pub fn rate_for(rate: Amount, tokens: Tokens, rounding: Rounding, step: Amount) -> Option<Amount> {
    rounded(rate.units(), tokens.units(), ONE, (rounding, step))
}

/// Rounds `left * right / scale`, in ten-millionths, to a multiple of the step.
fn rounded(
    left: i128,
    right: i128,
    scale: i128,
    (rounding, step): (Rounding, Amount),
) -> Option<Amount> {
    // Both factors lie below 2^67, the divisor below 2^97.
    let product = U256::from(left.unsigned_abs()).checked_mul(U256::from(right.unsigned_abs()))?;
    let divisor =
        U256::from(scale.unsigned_abs()).checked_mul(U256::from(step.units().unsigned_abs()))?;
    let (floor, rest) = product.checked_div_rem(divisor)?;
    let up = match rounding {
        Rounding::HalfUp => rest.checked_mul(U256::from(2_u8))? >= divisor,
        Rounding::Down => false,
        Rounding::Up => rest > U256::ZERO,
    };
    let steps = i128::try_from(floor).ok()?.checked_add(i128::from(up))?;
    Amount::from_units(steps.checked_mul(step.units())?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn percentage(base: &str, percent: &str, rounding: Rounding, step: &str) -> String {
        let percent = Percent::parse(percent).unwrap();
        percent_of(amount(base), percent, rounding, amount(step))
            .unwrap()
            .plain(2)
    }

    #[test]
    fn a_percentage_is_rounded_once() {
        use Rounding::{Down, HalfUp, Up};
        for (base, percent, rounding, step, wanted) in [
            ("33.34", "10", HalfUp, "0.01", "3.33"),
            ("0.05", "10", HalfUp, "0.01", "0.01"),
            ("0.05", "10", Down, "0.01", "0.00"),
            ("0.041", "10", Up, "0.01", "0.01"),
            ("0.10", "10", Up, "0.01", "0.01"),
            ("333", "20.42", Down, "1", "67.00"),
            ("333", "20.42", HalfUp, "1", "68.00"),
            ("10.005", "10", HalfUp, "0.001", "1.001"),
            ("975.01", "33.3333333", HalfUp, "0.01", "325.00"),
            ("1000.01", "2.5", HalfUp, "0.01", "25.00"),
            ("16.60", "20", HalfUp, "0.01", "3.32"),
            (
                "9999999999999.9999999",
                "10",
                HalfUp,
                "0.01",
                "1000000000000.00",
            ),
        ] {
            let shown = percentage(base, percent, rounding, step);
            assert_eq!(shown, wanted, "{percent} % of {base}, {rounding}");
        }
    }

    #[test]
    fn a_rate_for_tokens_is_exact_before_it_is_rounded() {
        for (rate, tokens, wanted) in [
            ("0.04", "2524826359", "100993054.36"),
            ("16.60", "322085974", "5346627168.40"),
            ("0.3333333", "1000", "333.33"),
            ("0.0000001", "0.0000001", "0.00"),
        ] {
            let tokens = Tokens::parse(tokens).unwrap();
            let paid = rate_for(amount(rate), tokens, Rounding::HalfUp, amount("0.01"));
            assert_eq!(paid.unwrap().plain(2), wanted, "{rate} for {tokens}");
        }
    }

    #[test]
    fn what_is_out_of_range_gives_none() {
        assert_eq!(
            rate_for(Amount::MAX, Tokens::MAX, Rounding::Down, Amount::SMALLEST),
            None
        );
        let all = Percent::parse("100").unwrap();
        assert_eq!(
            percent_of(Amount::MAX, all, Rounding::Up, Amount::ZERO),
            None
        );
        assert_eq!(
            percent_of(Amount::MAX, all, Rounding::Up, Amount::SMALLEST),
            Some(Amount::MAX)
        );
    }

    proptest! {
        #[test]
        fn rounding_goes_to_a_neighbour_of_the_exact_product(
            base in 0..=Amount::MAX.units(), percent in 0..=100 * ONE, step in 1..=10_000_000_i128,
        ) {
            let (base, step) = (Amount::from_units(base).unwrap(), Amount::from_units(step).unwrap());
            let percent = Percent::from_units(percent).unwrap();
            let exact = U256::new(base.units().unsigned_abs()) * U256::new(percent.units().unsigned_abs());
            let scaled = |amount: Amount| U256::new(amount.units().unsigned_abs()) * U256::new((100 * ONE).unsigned_abs());
            let down = percent_of(base, percent, Rounding::Down, step).unwrap();
            prop_assert!(scaled(down) <= exact && exact < scaled(down) + scaled(step));
            prop_assert!(down.is_multiple_of(step));
            if let Some(up) = percent_of(base, percent, Rounding::Up, step) {
                prop_assert!(scaled(up) >= exact && up.units() - down.units() <= step.units());
                let half_up = percent_of(base, percent, Rounding::HalfUp, step).unwrap();
                let nearer_to_up = exact - scaled(down) >= (scaled(step) + U256::ONE) / 2;
                prop_assert_eq!(half_up, if nearer_to_up && up != down { up } else { down });
            }
        }
    }
}
