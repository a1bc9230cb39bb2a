//! The decimal mark.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The mark between the whole part and the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// 1,000.00
    Point,
    /// 1.000,00
    Comma,
}

impl DecimalMark {
    /// Returns the character.
    pub const fn character(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    /// Returns the mark that then groups thousands.
    pub(crate) const fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }
}

impl<'de> Deserialize<'de> for DecimalMark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "." => Ok(Self::Point),
            "," => Ok(Self::Comma),
            _ => Err(de::Error::custom("write \".\" or \",\"")),
        }
    }
}

impl Serialize for DecimalMark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_char(self.character())
    }
}
