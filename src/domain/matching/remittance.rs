//! A remittance of tax as matching sees it, and how a line shows it.

use super::{
    expected::AFTER_REFERENCE,
    line::Line,
    node::{day, window},
    reference::carries,
    text::{self, Tokens},
};
use crate::domain::{
    code::{LineNumber, RemittanceNumber},
    quantity::Amount,
    time::Date,
};

/// The shortest reference that is looked for within a text. What is found is only proposed, so less
/// is asked for than of the reference of a payment.
const SHORTEST: usize = 4;

/// A remittance that an account may have paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedRemittance {
    /// The number.
    pub number: RemittanceNumber,
    /// What was paid.
    pub amount: Amount,
    /// The day of the payment.
    pub date: Date,
    /// The reference.
    pub reference: String,
    /// The line that is matched with it, on whichever account.
    pub line: Option<LineNumber>,
    /// Whether it is the account of the run that is to show it.
    pub is_here: bool,
    /// What speaks against the account, in words.
    pub caution: Option<String>,
}

impl ExpectedRemittance {
    /// Checks whether a line is still looked for.
    pub const fn is_open(&self) -> bool {
        self.line.is_none()
    }

    /// Returns its amount in ten-millionths.
    pub(super) fn units(&self) -> i128 {
        self.amount.units()
    }

    /// Checks whether a line carries its reference: in a field of its own, or as whole words of a
    /// text.
    pub(super) fn is_named_by(&self, line: &Line) -> bool {
        let reference = text::reference(&self.reference);
        let in_text = |text: &str| {
            let length = reference.len();
            length >= SHORTEST
                && Tokens::new(text)
                    .runs(length, length)
                    .any(|run| run == reference)
        };
        carries(line, &[], &self.reference)
            || [&line.reference, &line.bank_id, &line.end_to_end]
                .into_iter()
                .flatten()
                .any(|field| in_text(field))
            || in_text(&line.description)
    }

    /// Checks whether one of the days of a line lies in its window.
    pub(super) fn is_in_time(&self, mut days: impl Iterator<Item = i64>) -> bool {
        let window = window(self.date, AFTER_REFERENCE);
        days.any(|on| window.contains(&on))
    }

    /// Returns how far the nearest of some days is from its own; negative if that is before it.
    pub(super) fn distance(&self, days: impl Iterator<Item = i64>) -> i64 {
        let own = day(self.date);
        let distances = days.map(|on| on - own);
        distances.min_by_key(|away| away.abs()).unwrap_or_default()
    }
}
