//! The rules and authorities of a profile.

use serde::{Deserialize, Deserializer, de};

use super::choice::Choice;
use crate::domain::{
    code::Code,
    component::Component,
    event_type::EventType,
    profile_error::ProfileError,
    quantity::Percent,
    tax::{HolderKind, Residence, TaxRate, TaxStatus},
    text::excerpt,
};

/// In an authority's code, the place of the holder's State.
const TAX_STATE: &str = "{tax_state}";

/// A rate, and for what it is. What it does not name fits everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRule {
    /// The types of event.
    #[serde(default, rename = "type", alias = "event_type")]
    pub event_type: Choice<EventType>,
    /// The components.
    #[serde(default)]
    pub component: Choice<Component>,
    /// Residents, or holders from other countries.
    #[serde(default)]
    pub residence: Choice<Residence>,
    /// The kinds of holder.
    #[serde(default)]
    pub kind: Choice<HolderKind>,
    /// The percentage that is withheld.
    #[serde(deserialize_with = "rate")]
    pub rate: TaxRate,
    /// Where the rate is published.
    #[serde(default)]
    pub source: String,
}

/// An authority, and whose tax is owed to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The code, in which `{tax_state}` stands for the holder's State.
    pub code: String,
    /// The kinds of holder.
    #[serde(default)]
    pub kind: Choice<HolderKind>,
    /// Residents, or holders from other countries.
    #[serde(default)]
    pub residence: Choice<Residence>,
    /// By which day of the following month the tax is remitted.
    pub remit_day: u32,
    /// Where the day is published.
    #[serde(default)]
    pub source: String,
}

/// What rules tell apart. `None`: what no rule names, or what is not known of a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxCase<'a> {
    /// The type of the event.
    pub event_type: EventType,
    /// The component.
    pub component: Option<&'a Component>,
    /// Where the holder is at home.
    pub residence: Option<Residence>,
    /// What the holder is.
    pub kind: Option<HolderKind>,
}

impl RateRule {
    /// Returns whether the rule is for a case.
    pub fn fits(&self, case: TaxCase<'_>) -> bool {
        self.event_type.fits(Some(&case.event_type))
            && self.component.fits(case.component)
            && self.residence.fits(case.residence.as_ref())
            && self.kind.fits(case.kind.as_ref())
    }

    /// Returns how many of the four things the rule names.
    pub fn names(&self) -> usize {
        [
            self.event_type.is_named(),
            self.component.is_named(),
            self.residence.is_named(),
            self.kind.is_named(),
        ]
        .into_iter()
        .filter(|named| *named)
        .count()
    }

    /// Returns whether nobody is taxed on the components of the rule: it names them and neither
    /// residence nor kind, and takes nothing.
    pub fn exempts_component(&self) -> bool {
        self.rate.is_zero()
            && self.component.is_named()
            && !self.residence.is_named()
            && !self.kind.is_named()
    }
}

impl Authority {
    /// Returns whether a holder's State is a part of its code.
    pub fn needs_state(&self) -> bool {
        self.code.contains(TAX_STATE)
    }

    /// Returns the code for a holder, or `None` if it needs the State and there is none.
    pub fn code_for(&self, holder: &TaxStatus) -> Option<String> {
        if self.needs_state() {
            let state = holder.state.as_ref()?;
            Some(self.code.replace(TAX_STATE, state.as_str()))
        } else {
            Some(self.code.clone())
        }
    }

    /// Checks the code and the day.
    pub(super) fn check(&self) -> Result<(), ProfileError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let fixed = self.code.replacen(TAX_STATE, "", 1);
        let bare = fixed.is_empty() && !self.needs_state();
        if bare || fixed.len() > 23 || !fixed.bytes().all(allowed) {
            return Err(ProfileError::new(
                "code",
                "write 1 to 23 letters, digits, `-`, `.` or `_`, and once `{tax_state}` for the holder's State",
            ));
        }
        // A State has up to 40 letters, so that the whole is never too long for a code.
        if Code::parse(&self.code.replace(TAX_STATE, "X")).is_err() {
            return Err(ProfileError::new(
                "code",
                "it begins with `-`, or has the form of a number that the ledger gives",
            ));
        }
        if !(1..=31).contains(&self.remit_day) {
            return Err(ProfileError::new(
                "remit_day",
                "write the day of the following month, 1 to 31; a shorter month has its last day",
            ));
        }
        Ok(())
    }
}

fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TaxRate, D::Error> {
    let text = String::deserialize(deserializer)
        .map_err(|_| de::Error::custom("write the rate as text, for example \"7.5\""))?;
    let percent = Percent::parse(&text)
        .map_err(|error| de::Error::custom(excerpt(&error.to_string(), 200)))?;
    TaxRate::new(percent).map_err(de::Error::custom)
}
