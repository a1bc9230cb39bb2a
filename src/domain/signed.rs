//! Signed money, as banks write it: money in is positive, money out negative.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::quantity::{Amount, Quantity, QuantityKind, Total};

/// An exact decimal with seven fractional digits and a sign: a bank line, a balance, a difference.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signed {
    units: i128,
}

impl Signed {
    /// Nothing.
    pub const ZERO: Self = Self { units: 0 };

    /// Builds it from ten-millionths, or `None` beyond what a [`Total`] holds.
    pub fn from_units(units: i128) -> Option<Self> {
        Total::from_units(units.checked_abs()?).map(|_| Self { units })
    }

    /// Returns the value in ten-millionths.
    pub const fn units(self) -> i128 {
        self.units
    }

    /// Makes money in.
    pub fn credit(amount: Amount) -> Self {
        Self {
            units: amount.units(),
        }
    }

    /// Makes money out.
    pub fn debit(amount: Amount) -> Self {
        Self {
            units: -amount.units(),
        }
    }

    /// Checks whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Checks whether it is below zero: money out, or an overdrawn balance.
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Returns it without its sign.
    pub fn magnitude(self) -> Total {
        // The constructors keep the units within the range of a `Total`, either way.
        Total::from_units(self.units.abs()).unwrap_or(Total::MAX)
    }

    /// Returns it without its sign as an amount, or `None` if it has more digits than one.
    pub fn amount(self) -> Option<Amount> {
        Amount::from_units(self.units.abs())
    }

    /// Turns its sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { units: -self.units }
    }

    /// Adds, or `None` if the sum has too many digits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.units
            .checked_add(other.units)
            .and_then(Self::from_units)
    }

    /// Subtracts, or `None` if the difference has too many digits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.units
            .checked_sub(other.units)
            .and_then(Self::from_units)
    }

    /// Reads the canonical form: an optional `-`, digits without leading zeros, exactly seven
    /// decimals; never `-0`.
    pub fn from_canonical(text: &str) -> Option<Self> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |digits| (true, digits));
        let units = Total::from_canonical(digits)?.units();
        if negative && units == 0 {
            return None;
        }
        Some(Self {
            units: if negative { -units } else { units },
        })
    }

    /// Writes the canonical form.
    pub fn canonical(self) -> String {
        format!("{}{}", self.sign(), self.magnitude().canonical())
    }

    /// Writes a plain decimal with at least `decimals` fractional digits.
    pub fn plain(self, decimals: u32) -> String {
        let magnitude = self.magnitude().plain(decimals);
        if self.is_negative() {
            format!("-{magnitude}")
        } else {
            magnitude
        }
    }

    /// Writes it for people, the thousands grouped by commas.
    pub fn grouped(self, decimals: u32) -> String {
        format!("{}{}", self.sign(), self.magnitude().grouped(decimals))
    }

    const fn sign(self) -> &'static str {
        if self.is_negative() { "-" } else { "" }
    }
}

impl<K: QuantityKind> From<Quantity<K>> for Signed {
    fn from(quantity: Quantity<K>) -> Self {
        Self {
            units: quantity.units(),
        }
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signed({})", self.plain(0))
    }
}

/// Writes the canonical form.
impl fmt::Display for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}

impl Serialize for Signed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical())
    }
}

impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_canonical(&text)
            .ok_or_else(|| serde::de::Error::custom("not a canonical signed decimal"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn money_out_is_written_with_a_minus() {
        let out = Signed::debit(Amount::parse("4612500").unwrap());
        assert_eq!(out.canonical(), "-4612500.0000000");
        assert_eq!(out.plain(2), "-4612500.00");
        assert_eq!(out.grouped(2), "-4,612,500.00");
        assert_eq!(
            out.negated(),
            Signed::credit(Amount::parse("4612500").unwrap())
        );
        assert_eq!(out.checked_add(out.negated()), Some(Signed::ZERO));
        assert_eq!(Signed::ZERO.negated().canonical(), "0.0000000");
    }

    #[test]
    fn only_the_canonical_form_is_read_back() {
        for bad in [
            "-0.0000000",
            "+1.0000000",
            "--1.0000000",
            "1.0",
            "-01.0000000",
            "",
        ] {
            assert_eq!(Signed::from_canonical(bad), None, "{bad}");
        }
        assert_eq!(Signed::from_units(Total::MAX.units() + 1), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(units in -Total::MAX.units()..=Total::MAX.units()) {
            let signed = Signed::from_units(units).unwrap();
            prop_assert_eq!(Signed::from_canonical(&signed.canonical()), Some(signed));
        }
    }
}
