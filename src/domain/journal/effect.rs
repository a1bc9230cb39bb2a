//! What a step does to what a holder is owed.

use super::{ClosingBalance, Step};
use crate::domain::{
    forward::ForwardKind,
    quantity::{Amount, Total},
};

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
    const fn available(amount: Amount) -> Self {
        Self {
            available: amount.units(),
            pending: 0,
            forward: 0,
        }
    }

    /// From what is available to what waits in requests.
    const fn held(amount: Amount) -> Self {
        Self {
            available: -amount.units(),
            pending: amount.units(),
            forward: 0,
        }
    }

    /// From what is kept to what is available.
    const fn released(amount: Amount) -> Self {
        Self {
            available: amount.units(),
            pending: 0,
            forward: -amount.units(),
        }
    }

    const fn undone(self) -> Self {
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

    /// Returns the sums as a balance, or `None` if one of them is negative or too large.
    pub fn balance(self) -> Option<ClosingBalance> {
        Some(ClosingBalance {
            available: Total::from_units(self.available)?,
            pending: Total::from_units(self.pending)?,
            forward: Total::from_units(self.forward)?,
        })
    }
}

impl From<ClosingBalance> for Effect {
    fn from(balance: ClosingBalance) -> Self {
        Self {
            available: balance.available.units(),
            pending: balance.pending.units(),
            forward: balance.forward.units(),
        }
    }
}

impl Step {
    /// Returns what the step does to what is owed, or `None` if the tax is above the gross share or
    /// more was paid than was requested.
    pub fn effect(&self) -> Option<Effect> {
        Some(match self {
            Self::Allocated(allotted) => Effect::available(allotted.net()?),
            Self::Voided(allotted) => Effect::available(allotted.net()?).undone(),
            Self::Requested(amount) => Effect::held(*amount),
            Self::Released(amount, _) => Effect::held(*amount).undone(),
            Self::Paid {
                requested, paid, ..
            } => Effect {
                pending: -requested.units(),
                ..Effect::available(requested.checked_sub(*paid)?)
            },
            Self::Returned { paid, .. } => Effect::available(*paid),
            Self::PaidBefore { paid, .. } | Self::ReturnTakenBack { paid, .. } => {
                Effect::available(*paid).undone()
            }
            Self::Forward { kind, amount, .. } => match kind {
                ForwardKind::BroughtForward
                | ForwardKind::Released
                | ForwardKind::CarriedForwardUndone => Effect::released(*amount),
                ForwardKind::CarriedForward | ForwardKind::BroughtForwardUndone => {
                    Effect::released(*amount).undone()
                }
                ForwardKind::WrittenOff => Effect {
                    forward: -amount.units(),
                    ..Effect::default()
                },
            },
        })
    }
}
