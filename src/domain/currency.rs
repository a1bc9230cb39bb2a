//! Currencies: ISO 4217 codes and the smallest amount that a bank can pay.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::quantity::{Amount, DECIMALS};

/// An ISO 4217 currency that has a minor unit of at most seven decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency {
    code: &'static str,
    decimals: u32,
    minor_unit: Amount,
}

/// Why a text is not a currency.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not an ISO 4217 currency that banks pay; write three letters, like NGN")]
pub struct NotACurrency(String);

impl Currency {
    /// Looks a code up, without regard to case.
    ///
    /// # Errors
    /// [`NotACurrency`] for unknown codes and for those without a minor unit, such as gold.
    ///
    /// # Source
    /// ISO 4217, list one, as `iso_currency` carries it.
    pub fn parse(text: &str) -> Result<Self, NotACurrency> {
        Self::look_up(&text.to_ascii_uppercase())
            .ok_or_else(|| NotACurrency(text.chars().take(20).collect()))
    }

    fn look_up(code: &str) -> Option<Self> {
        let known = iso_currency::Currency::from_code(code)?;
        let decimals = u32::from(known.exponent()?);
        let minor_unit = 10_i128.checked_pow(DECIMALS.checked_sub(decimals)?)?;
        Some(Self {
            code: known.code(),
            decimals,
            minor_unit: Amount::from_units(minor_unit)?,
        })
    }

    /// Shows the three letters.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Returns how many decimals its minor unit has: NGN 2, JPY 0, KWD 3.
    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// Returns its minor unit as an amount: NGN 0.01, JPY 1, KWD 0.001.
    pub fn minor_unit(self) -> Amount {
        self.minor_unit
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code)
    }
}

impl std::str::FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, NotACurrency> {
        Self::parse(text)
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minor_unit_is_what_a_bank_can_pay() {
        for (code, unit) in [
            ("NGN", "0.0100000"),
            ("jpy", "1.0000000"),
            ("KWD", "0.0010000"),
            ("CLF", "0.0001000"),
        ] {
            assert_eq!(
                Currency::parse(code).unwrap().minor_unit().canonical(),
                unit,
                "{code}"
            );
        }
        for code in ["XAU", "ZZZ", "", "naira"] {
            assert!(Currency::parse(code).is_err(), "{code}");
        }
    }
}
