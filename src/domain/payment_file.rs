//! Payment files: approved withdrawals that go to the bank together.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The layout of a payment file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Layout {
    /// CSV with documented columns.
    #[serde(rename = "generic")]
    Generic,
    /// ISO 20022 customer credit transfer, version 3.
    #[serde(rename = "pain.001.001.03")]
    Pain00103,
    /// ISO 20022 customer credit transfer, version 9.
    #[serde(rename = "pain.001.001.09")]
    Pain00109,
}

impl Layout {
    /// All layouts.
    pub const ALL: [Self; 3] = [Self::Generic, Self::Pain00103, Self::Pain00109];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Pain00103 => "pain.001.001.03",
            Self::Pain00109 => "pain.001.001.09",
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
