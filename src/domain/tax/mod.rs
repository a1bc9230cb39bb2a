//! Withholding tax: which rate counts for a holder, what it takes from an allocation, to whom it is
//! owed and when.
//!
//! Law is data: rates, due days and authorities are in profiles, and no rate is in code.

use std::fmt;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use thiserror::Error;

use super::{code::CertificateNumber, quantity::Percent, words::words};

pub mod calendar;
pub mod certificate;
mod details;
pub mod liability;
pub mod number;
pub mod on_bank;
pub mod profile;
pub mod rate;
mod refused;
pub mod schedule;
mod status;
pub mod withholding;

pub use details::TaxDetails;
pub use number::TaxNumber;
pub use refused::{NotItsLine, TaxRefused};

/// What a holder is, for tax.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HolderKind {
    /// A natural person.
    Individual,
    /// A company.
    Company,
    /// A fund: a pension fund, a collective investment scheme.
    Fund,
    /// A government or one of its bodies.
    Government,
    /// Anything else.
    Other,
}

/// Where a holder is at home, as a tax profile sees it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Residence {
    /// In the profile's country.
    Resident,
    /// In another country.
    NonResident,
}

words!(HolderKind, Residence);

/// A country: two capital letters of ISO 3166-1, such as `NG`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode(String);

/// Why a text is not a country.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a country is two letters of ISO 3166-1, for example NG")]
pub struct NotACountry;

impl CountryCode {
    /// Reads two letters in any case.
    ///
    /// # Errors
    /// [`NotACountry`].
    pub fn parse(text: &str) -> Result<Self, NotACountry> {
        let code = text.trim().to_ascii_uppercase();
        if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(NotACountry)
        }
    }

    /// Returns the two letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for CountryCode {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CountryCode {
    type Error = NotACountry;

    fn try_from(text: String) -> Result<Self, NotACountry> {
        Self::parse(&text)
    }
}

impl From<CountryCode> for String {
    fn from(country: CountryCode) -> Self {
        country.0
    }
}

/// A State, province or canton whose authority a holder's tax is owed to: 1 to 40 letters, digits and
/// `-._`, because it becomes a part of the authority's code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaxState(String);

/// Why a text is not a State.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("a State is 1 to 40 letters, digits and `-._`, for example LA or Lagos")]
pub struct NotAState;

impl TaxState {
    /// Reads a State, in capital letters: `la` and `LA` are owed to one authority.
    ///
    /// # Errors
    /// [`NotAState`].
    pub fn parse(text: &str) -> Result<Self, NotAState> {
        let state = text.trim().to_ascii_uppercase();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if (1..=40).contains(&state.len()) && state.bytes().all(allowed) {
            Ok(Self(state))
        } else {
            Err(NotAState)
        }
    }

    /// Returns it in capital letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaxState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for TaxState {
    type Err = NotAState;

    fn from_str(text: &str) -> Result<Self, NotAState> {
        Self::parse(text)
    }
}

impl TryFrom<String> for TaxState {
    type Error = NotAState;

    fn try_from(text: String) -> Result<Self, NotAState> {
        Self::parse(&text)
    }
}

impl From<TaxState> for String {
    fn from(state: TaxState) -> Self {
        state.0
    }
}

/// What is known of a holder for tax.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaxStatus {
    /// What the holder is.
    pub kind: Option<HolderKind>,
    /// The country in which the holder is at home for tax; not where the holder's bank is.
    pub residence: Option<CountryCode>,
    /// The State whose authority the holder's tax is owed to.
    pub state: Option<TaxState>,
    /// Whether the holder's tax number is known.
    pub has_number: bool,
}

/// A percentage that takes at most all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Percent", into = "Percent")]
pub struct TaxRate(Percent);

/// A rate above 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a tax rate is a percentage from 0 to 100, for example 7.5")]
pub struct RateAboveAll;

impl TaxRate {
    /// Nothing is taken.
    pub const ZERO: Self = Self(Percent::ZERO);
    /// All of it in ten-millionths of a per cent.
    const ALL: i128 = 1_000_000_000;

    /// Takes a percentage from 0 to 100.
    ///
    /// # Errors
    /// [`RateAboveAll`].
    pub fn new(percent: Percent) -> Result<Self, RateAboveAll> {
        if percent.units() > Self::ALL {
            Err(RateAboveAll)
        } else {
            Ok(Self(percent))
        }
    }

    /// Returns the percentage.
    pub const fn percent(self) -> Percent {
        self.0
    }

    /// Returns whether nothing is taken.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<Percent> for TaxRate {
    type Error = RateAboveAll;

    fn try_from(percent: Percent) -> Result<Self, RateAboveAll> {
        Self::new(percent)
    }
}

impl From<TaxRate> for Percent {
    fn from(rate: TaxRate) -> Self {
        rate.0
    }
}

/// Why a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxReason {
    /// A rule of the profile.
    Rule,
    /// A certificate of the holder.
    Certificate(CertificateNumber),
    /// The whole event is exempt.
    EventExempt,
    /// The profile taxes nobody on this component.
    ComponentExempt,
    /// The project has no profile.
    None,
}

/// A rate and why it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrozenRate {
    /// The rate.
    pub rate: TaxRate,
    /// Why it counts.
    pub reason: TaxReason,
}

impl TaxReason {
    /// Returns the certificate, if one gave the rate.
    pub const fn certificate(self) -> Option<CertificateNumber> {
        match self {
            Self::Certificate(number) => Some(number),
            Self::Rule | Self::EventExempt | Self::ComponentExempt | Self::None => None,
        }
    }

    /// Reads the text that [`fmt::Display`] writes.
    pub fn from_stored(text: &str) -> Option<Self> {
        Some(match text {
            "rule" => Self::Rule,
            "event_exempt" => Self::EventExempt,
            "component_exempt" => Self::ComponentExempt,
            "none" => Self::None,
            other => {
                let number = CertificateNumber::parse(other.strip_prefix("certificate ")?)?;
                Self::Certificate(number)
            }
        })
    }
}

impl fmt::Display for TaxReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule => f.pad("rule"),
            Self::Certificate(number) => f.pad(&format!("certificate {number}")),
            Self::EventExempt => f.pad("event_exempt"),
            Self::ComponentExempt => f.pad("component_exempt"),
            Self::None => f.pad("none"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_takes_at_most_all_of_it() {
        let rate = |text: &str| TaxRate::new(Percent::parse(text).unwrap());
        assert!(rate("0").is_ok() && rate("100").is_ok() && rate("20.42").is_ok());
        assert_eq!(rate("100.0000001"), Err(RateAboveAll));
    }

    #[test]
    fn a_reason_is_read_as_it_is_written() {
        for reason in [
            TaxReason::Rule,
            TaxReason::Certificate(CertificateNumber::new(3)),
            TaxReason::EventExempt,
            TaxReason::ComponentExempt,
            TaxReason::None,
        ] {
            assert_eq!(TaxReason::from_stored(&reason.to_string()), Some(reason));
        }
        assert_eq!(
            TaxReason::Certificate(CertificateNumber::new(3)).to_string(),
            "certificate X-000003"
        );
        assert_eq!(TaxReason::from_stored("certificate W-000003"), None);
    }

    #[test]
    fn countries_and_states_are_kept_in_capital_letters() {
        assert_eq!(CountryCode::parse(" ng ").unwrap().as_str(), "NG");
        assert_eq!(TaxState::parse("lagos").unwrap().as_str(), "LAGOS");
        for bad in ["", "N", "NGA", "N1", "ÑG"] {
            assert!(CountryCode::parse(bad).is_err(), "{bad}");
        }
        for bad in ["", "La gos", "{tax_state}", &"x".repeat(41)] {
            assert!(TaxState::parse(bad).is_err(), "{bad}");
        }
    }
}
