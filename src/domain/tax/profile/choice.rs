//! What a rule names of one thing: everything, or some values.

use serde::{Deserialize, Deserializer, de};

use crate::domain::{
    component::Component,
    event_type::EventType,
    tax::{HolderKind, Residence},
};

/// The values that a rule is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice<T> {
    /// All of them, and those that are not known.
    #[default]
    Any,
    /// These; at least one.
    Of(Vec<T>),
}

/// A value that rules name by its word.
pub trait Word: Sized {
    /// Reads the word, or says what to write.
    ///
    /// # Errors
    /// A text that says what to write.
    fn from_word(word: &str) -> Result<Self, String>;
}

impl<T: PartialEq> Choice<T> {
    /// Returns whether it names values.
    pub const fn is_named(&self) -> bool {
        matches!(self, Self::Of(_))
    }

    /// Returns whether a value fits; one that is not known fits only `any`.
    pub fn fits(&self, value: Option<&T>) -> bool {
        match self {
            Self::Any => true,
            Self::Of(values) => value.is_some_and(|value| values.contains(value)),
        }
    }

    /// Returns the values that are named.
    pub fn named(&self) -> &[T] {
        match self {
            Self::Any => &[],
            Self::Of(values) => values,
        }
    }
}

impl Word for EventType {
    fn from_word(word: &str) -> Result<Self, String> {
        of_words(word, Self::ALL, Self::as_str)
    }
}

impl Word for HolderKind {
    fn from_word(word: &str) -> Result<Self, String> {
        of_words(word, Self::ALL, Self::as_str)
    }
}

impl Word for Residence {
    fn from_word(word: &str) -> Result<Self, String> {
        of_words(word, Self::ALL, Self::as_str)
    }
}

impl Word for Component {
    fn from_word(word: &str) -> Result<Self, String> {
        Self::parse(word).map_err(|error| error.to_string())
    }
}

fn of_words<T: Copy>(
    word: &str,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    let found = all.iter().copied().find(|value| as_str(*value) == word);
    found.ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|value| as_str(*value)).collect();
        format!("write any, {}", words.join(", "))
    })
}

/// One word or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

impl<'de, T: Word> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = match Words::deserialize(deserializer) {
            Ok(Words::One(word)) if word == "any" => return Ok(Self::Any),
            Ok(Words::One(word)) => vec![word],
            Ok(Words::Several(words)) => words,
            Err(_) => return Err(de::Error::custom("write a word or a list of words")),
        };
        if words.is_empty() {
            return Err(de::Error::custom(
                "the list is empty; write \"any\" for all",
            ));
        }
        let values = words.iter().map(|word| T::from_word(word));
        let values: Result<Vec<T>, String> = values.collect();
        values.map(Self::Of).map_err(de::Error::custom)
    }
}
