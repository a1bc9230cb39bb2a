//! What is used of an allocation on a past day.

use crate::domain::{
    allocation::{Balance, BalanceParts},
    forward::ForwardKind,
    quantity::Amount,
};

/// What an allocation's withdrawals use of it, and what was brought and carried forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct UsedUnits {
    pub(super) withdrawn: i128,
    pub(super) pending: i128,
    pub(super) brought: i128,
    pub(super) carried: i128,
}

impl UsedUnits {
    /// Returns an allocation's balance with these units used and moved instead of its own, or
    /// `None` if they are more than is allocated.
    pub(super) fn of(self, balance: Balance) -> Option<Balance> {
        Balance::rebuild(BalanceParts {
            withdrawn: Amount::from_units(self.withdrawn)?,
            pending: Amount::from_units(self.pending)?,
            brought_forward: Amount::from_units(self.brought)?,
            carried_forward: Amount::from_units(self.carried)?,
            ..balance.parts()
        })
    }

    pub(super) fn forward(&mut self, kind: ForwardKind, amount: Amount) {
        // Amounts below 10^20 and fewer than 2^40 movements stay far inside 128 bits.
        match kind {
            ForwardKind::BroughtForward | ForwardKind::Released => self.brought += amount.units(),
            ForwardKind::CarriedForward => self.carried += amount.units(),
            ForwardKind::BroughtForwardUndone => self.brought -= amount.units(),
            ForwardKind::CarriedForwardUndone => self.carried -= amount.units(),
            ForwardKind::WrittenOff => {}
        }
    }
}
