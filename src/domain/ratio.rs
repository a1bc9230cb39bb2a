//! Quotients for reading: parts of a whole, averages, indices. No amount is ever computed from one.

use ethnum::I256;

use super::{
    quantity::{Amount, DECIMALS, Tokens},
    signed::Signed,
};

/// The decimals of percentages, averages and indices in reports.
pub const PLACES: u32 = 4;

/// Divides, rounded half away from zero at so many decimals, up to seven; `None` if `of` is zero
/// or the quotient has too many digits.
///
/// Both numbers lie below 2^128 in magnitude after scaling by the caller, so that the product with
/// 10^7 fits 256 bits.
pub fn ratio(part: I256, of: I256, places: u32) -> Option<Signed> {
    if of == I256::ZERO {
        return None;
    }
    let scale = I256::from(10_i128.checked_pow(places.min(DECIMALS))?);
    let scaled = part.checked_mul(scale)?;
    let (quotient, rest) = (scaled.checked_div(of)?, scaled.checked_rem(of)?);
    let rounds_up = rest.checked_abs()?.checked_mul(I256::from(2_i128))? >= of.checked_abs()?;
    let away = if (scaled < I256::ZERO) == (of < I256::ZERO) {
        I256::ONE
    } else {
        I256::MINUS_ONE
    };
    let rounded = if rounds_up {
        quotient.checked_add(away)?
    } else {
        quotient
    };
    let to_units = 10_i128.checked_pow(DECIMALS.checked_sub(places.min(DECIMALS))?)?;
    Signed::from_units(i128::try_from(rounded).ok()?.checked_mul(to_units)?)
}

/// Returns how many of a hundred parts of a whole something is.
pub fn percentage(part: i128, of: i128) -> Option<Signed> {
    ratio(
        I256::from(part).checked_mul(I256::from(100_i128))?,
        I256::from(of),
        PLACES,
    )
}

/// Returns the amount for one token, cut to seven decimals; `None` without tokens.
pub fn cut_per_token(amount: Amount, tokens: Tokens) -> Option<Signed> {
    // The amount is below 10^20, so that 10^7 times as much stays below 2^127.
    let scaled = amount.units().checked_mul(10_i128.pow(DECIMALS))?;
    Signed::from_units(scaled.checked_div(tokens.units())?)
}

/// The decimals of an amount for one token.
const PER_TOKEN: usize = 10;

/// Writes the amount for one token: ten decimals, rounded half up, without zeros at the end beyond
/// two decimals.
pub fn per_token(amount: Amount, tokens: Tokens) -> String {
    // The amount and the tokens are below 10^20, so that twice the amount times 10^10 stays below
    // 2^127.
    let (of, scaled) = (tokens.units(), amount.units() * 10_i128.pow(10));
    let Some(doubled) = (2 * scaled + of).checked_div(2 * of) else {
        return "0.00".to_owned();
    };
    let digits = format!("{doubled:0width$}", width = PER_TOKEN + 1);
    let (whole, fraction) = digits.split_at(digits.len() - PER_TOKEN);
    let fraction = fraction.trim_end_matches('0');
    format!("{whole}.{fraction:0<2}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(part: i128, of: i128, places: u32) -> String {
        ratio(I256::from(part), I256::from(of), places)
            .unwrap()
            .plain(0)
    }

    #[test]
    fn a_half_is_rounded_away_from_zero() {
        for (part, of, places, wanted) in [
            (1, 3, 4, "0.3333"),
            (2, 3, 4, "0.6667"),
            (1, 2, 0, "1"),
            (-1, 2, 0, "-1"),
            (1, -2, 0, "-1"),
            (-1, 3, 2, "-0.33"),
            (5, 2, 7, "2.5"),
            (0, 9, 4, "0"),
            (25, 100_000, 4, "0.0003"),
        ] {
            assert_eq!(shown(part, of, places), wanted, "{part}/{of}");
        }
        assert_eq!(ratio(I256::ONE, I256::ZERO, 4), None);
        assert_eq!(percentage(1, 8).unwrap().plain(0), "12.5");
    }

    #[test]
    fn the_amount_for_one_token_shows_that_a_declared_rate_was_missed() {
        for (amount, tokens, wanted) in [
            ("100993054.36", "2524826000", "0.0400000057"),
            ("100993040.00", "2524826000", "0.04"),
            ("400000", "400", "1000.00"),
            ("2", "3", "0.6666666667"),
            ("0.01", "9999999999999", "0.00"),
            (
                "9999999999999.9999999",
                "0.0000001",
                "99999999999999999999.00",
            ),
        ] {
            let (amount, tokens) = (Amount::parse(amount), Tokens::parse(tokens));
            assert_eq!(per_token(amount.unwrap(), tokens.unwrap()), wanted);
        }
    }

    #[test]
    fn the_amount_for_one_token_is_cut_for_a_column_of_numbers() {
        for (amount, tokens, wanted) in [
            ("100", "3", "33.3333333"),
            ("200", "3", "66.6666666"),
            ("100993054.36", "2524826000", "0.04"),
            ("9999999999999.9999999", "0.0000001", "99999999999999999999"),
        ] {
            let (amount, tokens) = (Amount::parse(amount), Tokens::parse(tokens));
            let cut = cut_per_token(amount.unwrap(), tokens.unwrap()).unwrap();
            assert_eq!(cut.plain(0), wanted);
        }
        assert_eq!(cut_per_token(Amount::MAX, Tokens::ZERO), None);
    }

    proptest! {
        #[test]
        fn a_quotient_is_within_half_a_unit_of_the_exact_one(part in -(1_i128 << 66)..1 << 66, of in 1_i128..1 << 66) {
            let quotient = ratio(I256::from(part), I256::from(of), 7).unwrap().units();
            // 2·|quotient·of − part·10^7| ≤ of
            let off = I256::from(quotient) * I256::from(of) - I256::from(part) * I256::from(10_000_000_i128);
            prop_assert!(off.abs() * I256::from(2_i128) <= I256::from(of));
        }
    }
}
