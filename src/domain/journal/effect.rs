//! What a step does to what a holder is owed.

use crate::domain::quantity::Amount;

/// By how much a step changes what can be asked for, what waits in requests, and what is kept for
/// the next event, in ten-millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// What can be asked for.
    pub available: i128,
    /// What was asked for and is not paid.
    pub pending: i128,
    /// What is kept for the next event.
    pub forward: i128,
}

impl Effect {
    /// To what is available.
    pub(super) const fn available(amount: Amount) -> Self {
        Self {
            available: amount.units(),
            pending: 0,
            forward: 0,
        }
    }

    /// From what is available to what waits in requests.
    pub(super) const fn held(amount: Amount) -> Self {
        Self {
            available: -amount.units(),
            pending: amount.units(),
            forward: 0,
        }
    }

    /// From what is kept to what is available.
    pub(super) const fn released(amount: Amount) -> Self {
        Self {
            available: amount.units(),
            pending: 0,
            forward: -amount.units(),
        }
    }

    /// The same, taken back.
    pub(super) const fn undone(self) -> Self {
        Self {
            available: -self.available,
            pending: -self.pending,
            forward: -self.forward,
        }
    }

    /// Adds another effect, or returns `None` if the sums have too many digits.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            available: self.available.checked_add(other.available)?,
            pending: self.pending.checked_add(other.pending)?,
            forward: self.forward.checked_add(other.forward)?,
        })
    }

    /// Returns by how much all that is owed changes.
    pub fn owed(self) -> Option<i128> {
        self.available
            .checked_add(self.pending)?
            .checked_add(self.forward)
    }
}
