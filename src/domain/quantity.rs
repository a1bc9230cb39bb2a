//! Exact decimal quantities: [`Amount`], [`Tokens`], [`Percent`] and the wider [`Total`].
//!
//! A quantity is a whole number of ten-millionths. It is never negative, never rounded and never a
//! binary float; quantities of two kinds cannot be added to each other.

mod meant;

use std::{fmt, marker::PhantomData};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use self::meant::meant;
use super::text::excerpt;

/// The number of fractional digits that every quantity keeps.
pub const DECIMALS: u32 = 7;
/// How many ten-millionths one whole has.
pub const ONE: i128 = 10_000_000;
/// How much of a number that is none a message shows.
const SHOWN: usize = 40;
/// The same for numbers of 64 bits.
const ONE_WHOLE: u64 = 10_000_000;

/// What a quantity counts: its name in messages and its range.
pub trait QuantityKind: Copy + fmt::Debug + Ord + 'static {
    /// The word for it in messages.
    const NAME: &'static str;
    /// The number of digits allowed before the decimal point.
    const INTEGER_DIGITS: usize;
    /// The largest value in ten-millionths.
    const MAX: i128;
}

macro_rules! kind {
    ($(#[$doc:meta])* $kind:ident, $alias:ident, $name:literal, $digits:literal, $max:expr) => {
        #[doc = concat!("Marks a quantity as ", $name, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $kind;
        impl QuantityKind for $kind {
            const NAME: &'static str = $name;
            const INTEGER_DIGITS: usize = $digits;
            const MAX: i128 = $max;
        }
        $(#[$doc])*
        pub type $alias = Quantity<$kind>;
    };
}

kind!(
    /// Money, decimal(20,7): up to 13 digits before the point. The currency is a field of its own.
    Money, Amount, "amount", 13, 99_999_999_999_999_999_999
);
kind!(
    /// LP tokens, decimal(20,7): up to 13 digits before the point.
    LpTokens, Tokens, "tokens", 13, 99_999_999_999_999_999_999
);
kind!(
    /// A percentage, decimal(10,7): up to 3 digits before the point.
    Percentage, Percent, "percentage", 3, 9_999_999_999
);
kind!(
    /// A sum of many amounts or tokens, wider than one of them: up to 21 digits before the point.
    WideTotal, Total, "total", 21, 9_999_999_999_999_999_999_999_999_999
);

/// An exact, non-negative decimal with seven fractional digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity<K> {
    units: i128,
    kind: PhantomData<K>,
}

/// Why a text is not a quantity. The message says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing was written.
    #[error("no number; write digits, like 1250000.00")]
    Empty,
    /// It has a comma. With the number that it most likely means.
    #[error("`{0}` has a comma; {write}", write = write(.1.as_deref()))]
    Comma(String, Option<String>),
    /// It has an exponent.
    #[error("`{0}` has an exponent; write all the digits, like 1250000.00")]
    Exponent(String),
    /// It has a sign.
    #[error("`{0}` has a sign; write the number without one, like 1250000.00")]
    Sign(String),
    /// It has no digit before or after the point.
    #[error("`{0}` has no digit on one side of the point; write it on both, like 0.50")]
    BarePoint(String),
    /// It has white space in it or around it. With the number that it most likely means.
    #[error("the number `{0}` has a space in it or next to it; {write}", write = write(.1.as_deref()))]
    Space(String, Option<String>),
    /// It has another character. With the number that it most likely means.
    #[error("`{0}` is not a number; {write}", write = write(.1.as_deref()))]
    NotANumber(String, Option<String>),
    /// It has more than seven decimals that count.
    #[error("`{0}` has more than 7 decimals; nothing is rounded: write at most 7")]
    TooManyDecimals(String),
    /// It has more integer digits than the kind allows.
    #[error("`{text}` is too large: {name} has at most {digits} digits before the point")]
    TooLarge {
        /// What was written.
        text: String,
        /// The kind's name.
        name: &'static str,
        /// The kind's integer digits.
        digits: usize,
    },
}

/// Says what to write in place of a text.
fn write(meant: Option<&str>) -> String {
    match meant {
        Some(meant) => format!("did you mean {meant}?"),
        None => "write digits and one point, like 1250000.00".to_owned(),
    }
}

/// A number of tokens cut to seven decimals, and what was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The tokens that remain.
    pub tokens: Tokens,
    /// The part below 10^-7 that was cut.
    pub cut: Decimal,
}

impl<K: QuantityKind> Quantity<K> {
    /// Nothing.
    pub const ZERO: Self = Self {
        units: 0,
        kind: PhantomData,
    };
    /// The largest value of the kind.
    pub const MAX: Self = Self {
        units: K::MAX,
        kind: PhantomData,
    };
    /// The smallest value above zero, 10^-7.
    pub const SMALLEST: Self = Self {
        units: 1,
        kind: PhantomData,
    };

    /// Builds a quantity from ten-millionths, or `None` outside the kind's range.
    pub const fn from_units(units: i128) -> Option<Self> {
        if units < 0 || units > K::MAX {
            return None;
        }
        Some(Self {
            units,
            kind: PhantomData,
        })
    }

    /// Returns the value in ten-millionths.
    pub const fn units(self) -> i128 {
        self.units
    }

    /// Returns whether it is zero.
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Adds, or `None` if the sum leaves the kind's range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.units
            .checked_add(other.units)
            .and_then(Self::from_units)
    }

    /// Subtracts, or `None` if the difference would be negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.units
            .checked_sub(other.units)
            .and_then(Self::from_units)
    }

    /// Returns whether it is a whole multiple of `unit`; nothing is a multiple of zero.
    pub fn is_multiple_of(self, unit: Self) -> bool {
        self.units.checked_rem(unit.units) == Some(0)
    }

    /// Rounds down to a multiple of `unit`; with a unit of zero it is zero.
    #[must_use]
    pub fn floor_to(self, unit: Self) -> Self {
        let rest = self.units.checked_rem(unit.units).unwrap_or(self.units);
        Self {
            units: self.units - rest,
            kind: PhantomData,
        }
    }

    /// Widens it for summing.
    pub fn widen(self) -> Total {
        // Every kind's maximum is at most the total's, as a test of this module asserts.
        Total {
            units: self.units,
            kind: PhantomData,
        }
    }

    /// Reads what a person or a file wrote.
    ///
    /// # Errors
    /// [`NumberError`] for anything but digits with an optional point and up to seven decimals that
    /// count.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let decimal = parse_decimal::<K>(text)?;
        let mut seven = decimal;
        seven.rescale(DECIMALS);
        if seven != decimal {
            return Err(NumberError::TooManyDecimals(excerpt(text, SHOWN)));
        }
        Self::from_units(seven.mantissa()).ok_or_else(|| too_large::<K>(text))
    }

    /// Reads the canonical form that the ledger stores: exactly seven decimals, no leading zeros.
    pub fn from_canonical(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_at_checked(text.len().checked_sub(8)?)?;
        let fraction = fraction.strip_prefix('.')?;
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        Self::from_units(
            number_of(whole)?
                .checked_mul(ONE)?
                .checked_add(number_of(fraction)?)?,
        )
    }

    /// Writes the canonical form: exactly seven decimals.
    pub fn canonical(self) -> String {
        self.plain(DECIMALS)
    }

    /// Writes a plain decimal with at least `decimals` fractional digits and no further trailing
    /// zeros.
    ///
    /// Digit by digit, since reports and bulk work write millions of these.
    pub fn plain(self, decimals: u32) -> String {
        let mut text = String::with_capacity(21);
        self.write_plain(decimals, &mut text);
        text
    }

    /// Writes the canonical form at the end of a text.
    pub fn write_canonical(self, text: &mut String) {
        self.write_plain(DECIMALS, text);
    }

    fn write_plain(self, decimals: u32, text: &mut String) {
        let (whole, fraction) = self.parts();
        let (mut of_whole, mut of_fraction) = (itoa::Buffer::new(), itoa::Buffer::new());
        // A one before seven digits keeps their leading zeros.
        let digits = of_fraction
            .format(fraction + ONE_WHOLE)
            .strip_prefix('1')
            .unwrap_or_default();
        let least = usize::try_from(decimals)
            .unwrap_or(usize::MAX)
            .min(digits.len());
        let (kept, rest) = digits.split_at_checked(least).unwrap_or((digits, ""));
        let rest = rest.trim_end_matches('0');
        text.push_str(of_whole.format(whole));
        if !kept.is_empty() || !rest.is_empty() {
            text.push('.');
            text.push_str(kept);
            text.push_str(rest);
        }
    }

    /// Splits it into wholes and ten-millionths.
    fn parts(self) -> (i128, u64) {
        match u64::try_from(self.units) {
            // Most numbers are small, and dividing them in 64 bits takes a fraction of the time.
            Ok(units) => (i128::from(units / ONE_WHOLE), units % ONE_WHOLE),
            // A remainder of 10^7 always fits.
            Err(_) => (
                self.units / ONE,
                u64::try_from(self.units % ONE).unwrap_or_default(),
            ),
        }
    }

    /// Writes it for people: as [`Quantity::plain`], with the thousands grouped by commas.
    pub fn grouped(self, decimals: u32) -> String {
        let plain = self.plain(decimals);
        let (whole, fraction) = plain
            .split_once('.')
            .map_or((plain.as_str(), None), |(w, f)| (w, Some(f)));
        let mut shown = String::with_capacity(plain.len() + plain.len() / 3);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(digit);
        }
        if let Some(fraction) = fraction {
            shown.push('.');
            shown.push_str(fraction);
        }
        shown
    }

    fn decimal(self) -> Decimal {
        // Every kind's maximum is below 2^96, the largest mantissa of a `Decimal`, as a test of
        // this module asserts.
        Decimal::from_i128_with_scale(self.units, DECIMALS)
    }
}

impl<K: QuantityKind> std::iter::Sum<Quantity<K>> for Option<Total> {
    fn sum<I: Iterator<Item = Quantity<K>>>(mut iter: I) -> Self {
        iter.try_fold(Total::ZERO, |sum, next| sum.checked_add(next.widen()))
    }
}

impl<K: QuantityKind> fmt::Debug for Quantity<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", K::NAME, self.decimal())
    }
}

/// Writes the canonical form.
impl<K: QuantityKind> fmt::Display for Quantity<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}

impl<K: QuantityKind> std::str::FromStr for Quantity<K> {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::parse(text)
    }
}

impl<K: QuantityKind> Serialize for Quantity<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.canonical())
    }
}

impl<'de, K: QuantityKind> Deserialize<'de> for Quantity<K> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_canonical(&text)
            .ok_or_else(|| serde::de::Error::custom("not a canonical decimal"))
    }
}

impl Cut {
    /// Reads tokens with any number of decimals up to 28 and cuts what is below 10^-7.
    ///
    /// # Errors
    /// [`NumberError`] as [`Quantity::parse`], but for decimals 8 to 28.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        check_shape(text)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let (kept, cut) = fraction.split_at_checked(7).unwrap_or((fraction, ""));
        let tokens = Tokens::parse(&format!("{whole}.{kept}"))?;
        let cut = if cut.is_empty() {
            Decimal::ZERO
        } else {
            parse_decimal::<LpTokens>(&format!("0.0000000{cut}"))?
        };
        Ok(Self { tokens, cut })
    }
}

/// How many digits always fit 64 bits.
const SURE_DIGITS: usize = 19;

/// Reads digits and nothing else, at most as many as 128 bits hold.
fn number_of(digits: &str) -> Option<i128> {
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if digits.len() <= SURE_DIGITS {
        let number = digits.bytes().fold(0_u64, |number, digit| {
            number.wrapping_mul(10).wrapping_add(u64::from(digit & 15))
        });
        return are_digits.then_some(i128::from(number));
    }
    are_digits.then(|| digits.parse().ok())?
}

fn too_large<K: QuantityKind>(text: &str) -> NumberError {
    NumberError::TooLarge {
        text: excerpt(text, SHOWN),
        name: K::NAME,
        digits: K::INTEGER_DIGITS,
    }
}

/// Reads digits with an optional point exactly; zeros that change nothing are dropped first.
fn parse_decimal<K: QuantityKind>(text: &str) -> Result<Decimal, NumberError> {
    check_shape(text)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if whole.len() > K::INTEGER_DIGITS {
        return Err(too_large::<K>(text));
    }
    // No zero behind other decimals: the widest kind fills 28 digits, and 96 bits do not hold 29 of
    // them.
    let trimmed = format!(
        "0{whole}.{}",
        if fraction.is_empty() { "0" } else { fraction }
    );
    // What fails here has more digits than 96 bits hold, which only decimals can cause once the
    // integer digits are checked.
    Decimal::from_str_exact(&trimmed)
        .map_err(|_| NumberError::TooManyDecimals(excerpt(text, SHOWN)))
}

fn check_shape(text: &str) -> Result<(), NumberError> {
    let shown = || excerpt(text, SHOWN);
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return match text.split_once('.') {
            Some((_, fraction)) if fraction.contains('.') => {
                Err(NumberError::NotANumber(shown(), None))
            }
            Some((whole, fraction)) if whole.is_empty() || fraction.is_empty() => {
                Err(NumberError::BarePoint(shown()))
            }
            None | Some(_) => Ok(()),
        };
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    Err(if text.contains(char::is_whitespace) {
        NumberError::Space(shown(), meant(text))
    } else if unsigned.len() < text.len() {
        NumberError::Sign(shown())
    } else if text.contains(',') {
        NumberError::Comma(shown(), meant(text))
    } else if text.starts_with(|c: char| c.is_ascii_digit())
        && text.contains(['e', 'E'])
        && !text.starts_with("0x")
    {
        NumberError::Exponent(shown())
    } else {
        NumberError::NotANumber(shown(), meant(text))
    })
}

#[cfg(test)]
mod tests;
