//! The types of events.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::words::words;

/// Where the proceeds come from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventType {
    /// Running revenue.
    Revenue,
    /// A sale of the project.
    Exit,
    /// A dividend.
    Dividend,
    /// Anything else.
    Other,
}

words!(EventType);
