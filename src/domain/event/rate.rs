//! A declared rate: so much for each token. The rate is the promise, so that equal holdings get
//! equal amounts; what is distributed is their sum.

use ethnum::U256;

use crate::domain::{
    Refused,
    quantity::{Amount, Tokens, Total},
    refused::ProceedsRefusal,
    rounding::{Rounding, rate_for},
};

/// A declared rate, and how a holder's amount is rounded to the allocation unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredRate {
    /// The amount for one token.
    pub per_token: Amount,
    /// How what is between two units becomes one of them.
    pub rounding: Rounding,
}

/// Computes what the rate gives for each holding, in steps of `unit`.
///
/// # Errors
/// [`ProceedsRefusal::TooLarge`].
pub fn amounts_of_rate(
    rate: DeclaredRate,
    unit: Amount,
    tokens: &[Tokens],
) -> Result<Vec<Amount>, Refused> {
    let amount = |tokens: &Tokens| rate_for(rate.per_token, *tokens, rate.rounding, unit);
    let amounts: Option<Vec<Amount>> = tokens.iter().map(amount).collect();
    Ok(amounts.ok_or(ProceedsRefusal::TooLarge)?)
}

/// Adds up what a declared rate gives: what is distributed.
///
/// # Errors
/// [`ProceedsRefusal::TooLarge`], [`ProceedsRefusal::RateGivesNothing`].
pub fn total_of_rate(amounts: impl Iterator<Item = Amount>) -> Result<Amount, Refused> {
    let sum: Option<Total> = amounts.sum();
    let total = sum.and_then(|sum| Amount::from_units(sum.units()));
    let total = total.ok_or(ProceedsRefusal::TooLarge)?;
    if total.is_zero() {
        return Err(ProceedsRefusal::RateGivesNothing.into());
    }
    Ok(total)
}

/// Writes the exact product of a rate and tokens, with up to fourteen decimals.
pub fn exact_product(per_token: Amount, tokens: Tokens) -> String {
    /// Twice the decimals of a factor.
    const PLACES: usize = 14;
    // Both factors lie below 2^67, so the product stays far inside 256 bits.
    let product =
        U256::from(per_token.units().unsigned_abs()) * U256::from(tokens.units().unsigned_abs());
    let digits = format!("{product:0>width$}", width = PLACES + 1);
    let (whole, fraction) = digits.split_at(digits.len() - PLACES);
    let fraction = fraction.trim_end_matches('0');
    format!("{whole}.{fraction:0<2}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    fn tokens(text: &str) -> Tokens {
        Tokens::parse(text).unwrap()
    }

    fn rate(per_token: &str, rounding: Rounding) -> DeclaredRate {
        DeclaredRate {
            per_token: amount(per_token),
            rounding,
        }
    }

    #[test]
    fn equal_holdings_get_equal_amounts() {
        let thirds = [tokens("1000"), tokens("1000"), tokens("1000")];
        for (rounding, wanted) in [
            (Rounding::HalfUp, "333.33"),
            (Rounding::Down, "333.33"),
            (Rounding::Up, "333.34"),
        ] {
            let paid = amounts_of_rate(rate("0.3333333", rounding), amount("0.01"), &thirds);
            assert_eq!(paid.unwrap(), [amount(wanted); 3], "{rounding}");
        }
    }

    #[test]
    fn published_declarations_come_to_their_totals() {
        for (per_token, holding, wanted) in [
            ("0.04", "2524826359", "100993054.36"),
            ("16.60", "322085974", "5346627168.40"),
            ("3.85", "1", "3.85"),
        ] {
            let rate = rate(per_token, Rounding::HalfUp);
            let paid = amounts_of_rate(rate, amount("0.01"), &[tokens(holding)]).unwrap();
            assert_eq!(total_of_rate(paid.into_iter()), Ok(amount(wanted)));
        }
    }

    #[test]
    fn seven_decimals_by_seven_decimals_are_rounded_once() {
        // Rounded to seven decimals first, it would be 0.0050000 and then 0.01.
        let close = rate("0.0707107", Rounding::HalfUp);
        let paid = amounts_of_rate(close, amount("0.01"), &[tokens("0.0707106")]).unwrap();
        assert_eq!(
            exact_product(amount("0.0707107"), tokens("0.0707106")),
            "0.00499999602342"
        );
        assert_eq!(paid, [Amount::ZERO]);
        assert_eq!(
            exact_product(amount("0.04"), tokens("2524826359")),
            "100993054.36"
        );
        assert_eq!(exact_product(amount("1"), tokens("3")), "3.00");
        assert_eq!(
            exact_product(Amount::MAX, Tokens::MAX),
            "99999999999999999998000000.00000000000001"
        );
    }

    #[test]
    fn what_is_too_large_or_nothing_is_refused() {
        let rate = rate("9999999999999", Rounding::HalfUp);
        let refused = amounts_of_rate(rate, amount("0.01"), &[tokens("2")]).unwrap_err();
        assert_eq!(refused.code(), "event.too_large");
        let two = [amount("9999999999999"), amount("9999999999999")];
        assert_eq!(
            total_of_rate(two.into_iter()).unwrap_err().code(),
            "event.too_large"
        );
        assert_eq!(
            total_of_rate([Amount::ZERO].into_iter())
                .unwrap_err()
                .code(),
            "event.amount_zero"
        );
    }

    proptest! {
        #[test]
        fn each_amount_is_the_product_to_within_one_unit(
            per_token in 1..1_000_000_000_i128, held in 1..1_000_000_000_000_i128, unit in 1..10_000_000_i128,
        ) {
            let [per_token, unit] = [per_token, unit].map(|units| Amount::from_units(units).unwrap());
            let held = Tokens::from_units(held).unwrap();
            let exact = per_token.units() * held.units();
            for rounding in Rounding::ALL {
                let rate = DeclaredRate { per_token, rounding: *rounding };
                let paid = amounts_of_rate(rate, unit, &[held]).unwrap()[0];
                let off = paid.units() * 10_000_000 - exact;
                prop_assert!(off.abs() < unit.units() * 10_000_000);
                prop_assert!(paid.is_multiple_of(unit));
                match rounding {
                    Rounding::Down => prop_assert!(off <= 0),
                    Rounding::Up => prop_assert!(off >= 0),
                    Rounding::HalfUp => prop_assert!(2 * off.abs() <= unit.units() * 10_000_000),
                }
            }
        }
    }
}
