//! A bank line as matching sees it, and its kind.

use serde::{Deserialize, Serialize};

use crate::domain::{code::LineNumber, signed::Signed, time::Date};

/// A bank line as matching sees it. All lines of a run belong to one bank account, so they are in
/// one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The number, shown as `L-000001`. It names the line; its order means nothing.
    pub number: LineNumber,
    /// The day on which the bank booked it.
    pub date: Date,
    /// The value date, if the bank gives one.
    pub value_date: Option<Date>,
    /// Money in is positive, money out negative.
    pub amount: Signed,
    /// What the bank writes about it.
    pub description: String,
    /// The reference that the bank prints with it.
    pub reference: Option<String>,
    /// The bank's own id.
    pub bank_id: Option<String>,
    /// The end-to-end reference, if the format has a field for it.
    pub end_to_end: Option<String>,
    /// The other side's name, if the format has a field for it.
    pub counterparty_name: Option<String>,
    /// The other side's account, if the format has a field for it.
    pub counterparty_account: Option<String>,
    /// Whether the format marks it as the reversal of an earlier line.
    pub reversal: bool,
}

/// What a line is about, by the bank's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// A transfer itself.
    Principal,
    /// The bank's charge.
    Fee,
    /// Value added tax on a charge, withholding tax.
    Tax,
    /// Stamp duty and levies.
    Levy,
    /// Interest.
    Interest,
    /// The reversal of an earlier line.
    Reversal,
}

impl LineKind {
    /// All classes.
    pub const ALL: [Self; 6] = [
        Self::Principal,
        Self::Fee,
        Self::Tax,
        Self::Levy,
        Self::Interest,
        Self::Reversal,
    ];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Fee => "fee",
            Self::Tax => "tax",
            Self::Levy => "levy",
            Self::Interest => "interest",
            Self::Reversal => "reversal",
        }
    }
}
