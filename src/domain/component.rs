//! Components: what the money of an event is, such as income or a return of capital. They never say
//! who gets how much.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text::{BadText, excerpt, name};

/// The characters that the name of another component may have.
const LONGEST_NAME: usize = 80;
/// What the name of another component begins with.
const OTHER: &str = "other:";

/// What a part of an event's money is.
///
/// It is written and stored as one word, `income`, or as `other:NAME`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Component {
    /// Dividends and other running income.
    Income,
    /// What a sale brought above what was paid for the thing sold.
    CapitalGain,
    /// Money that holders once paid in.
    ReturnOfCapital,
    /// The manager's part of a profit.
    CarriedInterest,
    /// Interest.
    Interest,
    /// Anything else, by its name.
    Other(ComponentLabel),
}

/// The name of another component: one line of at most 80 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentLabel(String);

/// Why a text does not name a component.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadComponent {
    /// It is not a known word.
    #[error(
        "`{0}` is not a component; write {words} or other:NAME",
        words = known_words()
    )]
    Unknown(String),
    /// The name after `other:` is missing.
    #[error("`other:` has no name; write other:NAME")]
    NoName,
    /// The name after `other:` is longer than 80 characters.
    #[error("the name of a component has at most {LONGEST_NAME} characters")]
    TooLong,
    /// The name after `other:` cannot be shown.
    #[error("the name of the component: {0}")]
    Text(BadText),
}

impl Component {
    /// The components that have a word of their own, in the order of help texts.
    pub const NAMED: [Self; 5] = [
        Self::Income,
        Self::CapitalGain,
        Self::ReturnOfCapital,
        Self::CarriedInterest,
        Self::Interest,
    ];

    /// Reads a component as people write it: the case of the word does not matter, and what cannot
    /// be seen is dropped from the name after `other:`.
    ///
    /// # Errors
    /// [`BadComponent`].
    pub fn parse(text: &str) -> Result<Self, BadComponent> {
        let trimmed = text.trim();
        if let Some(label) = after_other(trimmed) {
            return ComponentLabel::parse(label).map(Self::Other);
        }
        let mut known = Self::NAMED.into_iter();
        known
            .find(|component| component.word().eq_ignore_ascii_case(trimmed))
            .ok_or_else(|| BadComponent::Unknown(excerpt(trimmed, LONGEST_NAME)))
    }

    /// Reads a component exactly as it is stored; `None` if it would be stored in another form.
    pub fn from_canonical(text: &str) -> Option<Self> {
        Self::parse(text)
            .ok()
            .filter(|component| component.to_string() == text)
    }

    /// Returns the word, without the name of another component.
    const fn word(&self) -> &'static str {
        match self {
            Self::Income => "income",
            Self::CapitalGain => "capital_gain",
            Self::ReturnOfCapital => "return_of_capital",
            Self::CarriedInterest => "carried_interest",
            Self::Interest => "interest",
            Self::Other(_) => OTHER,
        }
    }
}

impl ComponentLabel {
    fn parse(text: &str) -> Result<Self, BadComponent> {
        let label = name(text).map_err(|bad| match bad {
            BadText::Empty => BadComponent::NoName,
            BadText::TooLong => BadComponent::TooLong,
            BadText::Control | BadText::Invisible => BadComponent::Text(bad),
        })?;
        if label.chars().count() > LONGEST_NAME {
            return Err(BadComponent::TooLong);
        }
        Ok(Self(label))
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn after_other(text: &str) -> Option<&str> {
    let (word, label) = text.split_at_checked(OTHER.len())?;
    word.eq_ignore_ascii_case(OTHER).then_some(label)
}

fn known_words() -> String {
    Component::NAMED
        .map(|component| component.word())
        .join(", ")
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(label) => f.pad(&format!("{OTHER}{}", label.0)),
            Self::Income
            | Self::CapitalGain
            | Self::ReturnOfCapital
            | Self::CarriedInterest
            | Self::Interest => f.pad(self.word()),
        }
    }
}

impl From<Component> for String {
    fn from(component: Component) -> Self {
        component.to_string()
    }
}

impl TryFrom<String> for Component {
    type Error = BadComponent;

    fn try_from(text: String) -> Result<Self, BadComponent> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_a_known_word_or_has_a_name() {
        for component in Component::NAMED {
            assert_eq!(Component::parse(&component.to_string()), Ok(component));
        }
        assert_eq!(
            Component::parse(" Return_Of_Capital "),
            Ok(Component::ReturnOfCapital)
        );
        let other = Component::parse("Other: Insurance=claim ").unwrap();
        assert_eq!(other.to_string(), "other:Insurance=claim");
        assert_eq!(
            Component::parse("incme").unwrap_err().to_string(),
            "`incme` is not a component; write income, capital_gain, return_of_capital, \
             carried_interest, interest or other:NAME"
        );
    }

    #[test]
    fn the_name_of_another_component_is_one_short_line() {
        assert_eq!(Component::parse("other:"), Err(BadComponent::NoName));
        assert_eq!(
            Component::parse("other:a\tb"),
            Err(BadComponent::Text(BadText::Control))
        );
        let longest = "x".repeat(LONGEST_NAME);
        assert!(Component::parse(&format!("other:{longest}")).is_ok());
        for too_long in [
            format!("other:{longest}x"),
            format!("other:{}", "x".repeat(1_001)),
        ] {
            assert_eq!(Component::parse(&too_long), Err(BadComponent::TooLong));
        }
    }

    #[test]
    fn a_stored_component_has_one_form() {
        assert_eq!(
            Component::from_canonical("capital_gain"),
            Some(Component::CapitalGain)
        );
        assert_eq!(Component::from_canonical("Capital_gain"), None);
        assert_eq!(Component::from_canonical("other: claim"), None);
        let stored = serde_json::to_string(&Component::parse("other:claim").unwrap()).unwrap();
        assert_eq!(stored, "\"other:claim\"");
        assert_eq!(
            serde_json::from_str::<Component>(&stored)
                .unwrap()
                .to_string(),
            "other:claim"
        );
    }
}
