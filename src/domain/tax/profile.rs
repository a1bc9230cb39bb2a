//! Tax profiles: the rates, due days and authorities of a country, as data.

use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

pub use self::{
    choice::Choice,
    rule::{Authority, RateRule, TaxCase},
};
use super::{CountryCode, Residence, TaxRefused, TaxStatus};
use crate::domain::{
    hash::sha256_hex,
    profile_error::{ProfileError, at_line, check_length},
    rounding::Rounding,
    time::{Date, parse_date},
};

mod ambiguity;
mod choice;
mod rule;
#[cfg(test)]
mod tests;

/// The built-in profiles, by name.
const BUILT_IN: [(&str, &str); 1] = [("ng-2026", include_str!("profiles/ng-2026.toml"))];

/// The rates, due days and authorities of a country.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxProfile {
    /// The name in small letters, such as `ng-2026`.
    pub name: String,
    /// What the profile is for, in one line.
    #[serde(default)]
    pub description: String,
    /// Its country: holders who are at home there are residents.
    pub country: CountryCode,
    /// The first distribution date that it is for.
    #[serde(deserialize_with = "date")]
    pub valid_from: Date,
    /// The last distribution date that it is for, if it is known.
    #[serde(default, deserialize_with = "maybe_date")]
    pub valid_until: Option<Date>,
    /// How a tax is rounded to the currency's minor unit.
    #[serde(default)]
    pub rounding: TaxRounding,
    /// What happens if the tax number of a taxed holder is missing.
    #[serde(default)]
    pub missing_number: MissingNumber,
    /// The rates. The rule that names the most counts.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RateRule>,
    /// To whom the tax is owed. The first that fits counts.
    #[serde(default, rename = "authority")]
    pub authorities: Vec<Authority>,
    #[serde(skip)]
    source: String,
}

/// A profile as the ledger names it: by its name and the hash of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxProfileRef {
    /// The name.
    pub name: String,
    /// The SHA-256 hash of the text in hexadecimal.
    pub sha256: String,
}

/// How a tax is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaxRounding {
    /// To the nearest minor unit, a half up.
    #[default]
    HalfUp,
    /// To the minor unit below.
    Down,
}

/// What happens if the tax number of a taxed holder is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissingNumber {
    /// It is a warning.
    #[default]
    Warn,
    /// The event cannot be calculated.
    Refuse,
}

/// Why a text is not a tax profile.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadTaxProfile {
    /// It cannot be read.
    #[error(transparent)]
    Invalid(#[from] ProfileError),
    /// Two rules fit one holder and name equally many things.
    #[error(
        "rules {first} and {second} both fit {what} and name equally many things, so that the rate depends on nothing; name more in one of them"
    )]
    Ambiguous {
        /// The position of a rule, from 1.
        first: usize,
        /// The position of the other.
        second: usize,
        /// What both fit.
        what: String,
    },
}

impl TaxProfile {
    /// Reads a profile from its TOML text.
    ///
    /// # Errors
    /// [`BadTaxProfile`] with the line and the field, or the two rules.
    pub fn parse(text: &str) -> Result<Self, BadTaxProfile> {
        check_length(text)?;
        let mut profile: Self = toml::from_str(text).map_err(|error| at_line(text, &error))?;
        text.clone_into(&mut profile.source);
        profile.check()?;
        if let Some(ambiguity::Undecided {
            first,
            second,
            what,
        }) = ambiguity::undecided(&profile.rules)
        {
            return Err(BadTaxProfile::Ambiguous {
                first,
                second,
                what,
            });
        }
        Ok(profile)
    }

    /// Finds a built-in profile by its name in any case.
    pub fn builtin(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Self::parse(text).ok()
    }

    /// Lists the built-in profiles by name.
    pub fn builtins() -> impl Iterator<Item = Self> {
        BUILT_IN
            .iter()
            .filter_map(|(_, text)| Self::parse(text).ok())
    }

    /// Returns the TOML text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the SHA-256 hash of the text in hexadecimal.
    pub fn sha256(&self) -> String {
        sha256_hex(self.source.as_bytes())
    }

    /// Returns how the ledger names it.
    pub fn reference(&self) -> TaxProfileRef {
        TaxProfileRef {
            name: self.name.clone(),
            sha256: self.sha256(),
        }
    }

    /// Returns whether a distribution date is within its dates.
    pub fn covers(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|last| day <= last)
    }

    /// Returns whether a holder is a resident, or `None` if that is not known.
    pub fn residence_of(&self, holder: &TaxStatus) -> Option<Residence> {
        holder.residence.as_ref().map(|country| {
            if *country == self.country {
                Residence::Resident
            } else {
                Residence::NonResident
            }
        })
    }

    fn check(&self) -> Result<(), ProfileError> {
        let named =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        // `none` and a path are what `project set --tax-profile` takes apart from a name.
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(named) {
            return Err(ProfileError::new(
                "name",
                "write 1 to 40 small letters, digits, `-` or `_`",
            ));
        }
        if self.name == "none" {
            return Err(ProfileError::new(
                "name",
                "`none` is the word for no profile",
            ));
        }
        if self.valid_until.is_some_and(|last| last < self.valid_from) {
            return Err(ProfileError::new(
                "valid_until",
                "the last day is before the first",
            ));
        }
        if self.rules.is_empty() {
            return Err(ProfileError::new("rule", "there is no rule"));
        }
        self.authorities.iter().try_for_each(Authority::check)
    }
}

impl BadTaxProfile {
    /// Refuses what was named so.
    pub fn refuse(self, name: &str) -> TaxRefused {
        let (name, detail) = (name.to_owned(), self.to_string());
        match self {
            Self::Invalid(_) => TaxRefused::ProfileInvalid { name, detail },
            Self::Ambiguous { .. } => TaxRefused::ProfileAmbiguous { name, detail },
        }
    }
}

impl TaxRounding {
    /// Returns the rounding of percentages.
    pub const fn rounding(self) -> Rounding {
        match self {
            Self::HalfUp => Rounding::HalfUp,
            Self::Down => Rounding::Down,
        }
    }

    /// Returns the word, as the profile and the ledger have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HalfUp => "half-up",
            Self::Down => "down",
        }
    }
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    parse_date(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn maybe_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    date(deserializer).map(Some)
}
