//! The named balances of an allocation: each amount is in one of them, and moves between them.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{quantity::Amount, words::words};

/// Money allocated and what became of it, each at least zero, always:
/// `allocated − tax + brought_forward = withdrawn + pending + available + carried_forward`.
///
/// The totals of an event are one too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    parts: BalanceParts,
    available: Amount,
}

/// The balances of an allocation from which the available one follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceParts {
    /// The gross share.
    pub allocated: Amount,
    /// The tax withheld from it.
    pub tax: Amount,
    /// What was taken in from the holder's forward balance.
    pub brought_forward: Amount,
    /// What was put into the holder's forward balance.
    pub carried_forward: Amount,
    /// What was paid out.
    pub withdrawn: Amount,
    /// What requests hold.
    pub pending: Amount,
}

/// What an approval brings and carries forward over all allocations of an event, and what a bank can
/// pay then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarryTotals {
    /// What comes in from the holders' forward balances.
    pub brought: Amount,
    /// What goes into them.
    pub carried: Amount,
    /// What is available then.
    pub payable: Amount,
}

impl CarryTotals {
    /// Those of nothing.
    pub const NONE: Self = Self {
        brought: Amount::ZERO,
        carried: Amount::ZERO,
        payable: Amount::ZERO,
    };

    /// Adds others, or returns `None` if a sum has too many digits; so may what they are owed
    /// together, which an event holds on the way.
    pub fn plus(self, other: Self) -> Option<Self> {
        let sum = Self {
            brought: self.brought.checked_add(other.brought)?,
            carried: self.carried.checked_add(other.carried)?,
            payable: self.payable.checked_add(other.payable)?,
        };
        sum.payable.checked_add(sum.carried)?;
        Some(sum)
    }
}

impl From<Balance> for CarryTotals {
    /// Those of an event as it is after its approval.
    fn from(balance: Balance) -> Self {
        Self {
            brought: balance.brought_forward(),
            carried: balance.carried_forward(),
            payable: balance.available(),
        }
    }
}

/// A movement within a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// A request holds its amount: available to pending.
    Hold(Amount),
    /// A rejected or cancelled request gives it back: pending to available.
    Release(Amount),
    /// A payment: the request's amount leaves pending, what was paid is withdrawn, the difference
    /// is available again.
    Settle {
        /// What the request held.
        requested: Amount,
        /// What was paid.
        paid: Amount,
    },
    /// The bank returned a payment: withdrawn to available.
    GiveBack(Amount),
    /// A return is taken back: available to withdrawn.
    TakeBack(Amount),
    /// Forward balance to available.
    BringForward(Amount),
    /// Available to forward balance.
    CarryForward(Amount),
    /// What was brought forward goes back: available to forward balance.
    UndoBringForward(Amount),
    /// What was carried forward comes back: forward balance to available.
    UndoCarryForward(Amount),
}

impl Balance {
    /// Nothing allocated yet.
    pub const NONE: Self = Self {
        parts: BalanceParts {
            allocated: Amount::ZERO,
            tax: Amount::ZERO,
            brought_forward: Amount::ZERO,
            carried_forward: Amount::ZERO,
            withdrawn: Amount::ZERO,
            pending: Amount::ZERO,
        },
        available: Amount::ZERO,
    };

    /// Begins with all of it available.
    pub const fn of(allocated: Amount) -> Self {
        Self {
            parts: BalanceParts {
                allocated,
                ..Self::NONE.parts
            },
            available: allocated,
        }
    }

    /// Rebuilds a balance, or `None` if the tax is above the gross share or more left it than came
    /// in.
    pub fn rebuild(parts: BalanceParts) -> Option<Self> {
        let net = parts.allocated.checked_sub(parts.tax)?;
        // Six amounts below 10^20 stay far inside 128 bits.
        let available = net.units() + parts.brought_forward.units()
            - parts.carried_forward.units()
            - parts.withdrawn.units()
            - parts.pending.units();
        Some(Self {
            parts,
            available: Amount::from_units(available)?,
        })
    }

    /// Rebuilds a balance without tax and forward balances, or `None` if more is used than
    /// allocated.
    pub fn plain(allocated: Amount, withdrawn: Amount, pending: Amount) -> Option<Self> {
        Self::rebuild(BalanceParts {
            allocated,
            withdrawn,
            pending,
            ..Self::NONE.parts
        })
    }

    /// Returns the balances from which the available one follows.
    pub const fn parts(self) -> BalanceParts {
        self.parts
    }

    /// Returns what was allocated: the gross share.
    pub const fn allocated(self) -> Amount {
        self.parts.allocated
    }

    /// Returns the tax withheld.
    pub const fn tax(self) -> Amount {
        self.parts.tax
    }

    /// Returns what is left of the gross share after tax.
    pub fn net(self) -> Amount {
        // `rebuild` refuses a tax above the gross share.
        let net = self.parts.allocated.checked_sub(self.parts.tax);
        net.unwrap_or(Amount::ZERO)
    }

    /// Returns what was taken in from the holder's forward balance.
    pub const fn brought_forward(self) -> Amount {
        self.parts.brought_forward
    }

    /// Returns what was put into the holder's forward balance.
    pub const fn carried_forward(self) -> Amount {
        self.parts.carried_forward
    }

    /// Returns what was paid out.
    pub const fn withdrawn(self) -> Amount {
        self.parts.withdrawn
    }

    /// Returns what requests hold.
    pub const fn pending(self) -> Amount {
        self.parts.pending
    }

    /// Returns what may still be requested.
    pub const fn available(self) -> Amount {
        self.available
    }

    /// Applies a movement, or `None` if it would make a part negative.
    pub fn after(self, movement: Movement) -> Option<Self> {
        let mut parts = self.parts;
        match movement {
            Movement::Hold(amount) => parts.pending = parts.pending.checked_add(amount)?,
            Movement::Release(amount) => parts.pending = parts.pending.checked_sub(amount)?,
            Movement::Settle { requested, paid } => {
                parts.withdrawn = parts.withdrawn.checked_add(paid)?;
                parts.pending = parts.pending.checked_sub(requested)?;
            }
            Movement::GiveBack(amount) => parts.withdrawn = parts.withdrawn.checked_sub(amount)?,
            Movement::TakeBack(amount) => parts.withdrawn = parts.withdrawn.checked_add(amount)?,
            Movement::BringForward(amount) => {
                parts.brought_forward = parts.brought_forward.checked_add(amount)?;
            }
            Movement::CarryForward(amount) => {
                parts.carried_forward = parts.carried_forward.checked_add(amount)?;
            }
            Movement::UndoBringForward(amount) => {
                parts.brought_forward = parts.brought_forward.checked_sub(amount)?;
            }
            Movement::UndoCarryForward(amount) => {
                parts.carried_forward = parts.carried_forward.checked_sub(amount)?;
            }
        }
        Self::rebuild(parts)
    }

    /// Returns whether nothing is pending and nothing available.
    pub const fn is_settled(self) -> bool {
        self.parts.pending.is_zero() && self.available.is_zero()
    }

    /// Names the state of an allocation with this balance: the first that fits.
    pub const fn status(self) -> AllocationStatus {
        let (paid, carried) = (
            !self.parts.withdrawn.is_zero(),
            !self.parts.carried_forward.is_zero(),
        );
        match (self.is_settled(), paid) {
            (false, false) => AllocationStatus::Allocated,
            (false, true) => AllocationStatus::PartiallyWithdrawn,
            (true, true) if !carried => AllocationStatus::FullyWithdrawn,
            // Nothing was paid and nothing is left: the tax took it, if there is any.
            (true, false) if !carried && self.parts.tax.is_zero() => AllocationStatus::Allocated,
            (true, _) => AllocationStatus::Settled,
        }
    }
}

/// What became of an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum AllocationStatus {
    /// Nothing is paid.
    Allocated,
    /// Some of it is paid.
    PartiallyWithdrawn,
    /// All that the holder gets of it is paid.
    FullyWithdrawn,
    /// Nothing is left to pay: it was carried forward, or the tax took all of it.
    Settled,
}

words!(AllocationStatus);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn a_balance_never_goes_negative() {
        let held = Balance::of(amount("10"))
            .after(Movement::Hold(amount("10")))
            .unwrap();
        assert_eq!(held.available(), Amount::ZERO);
        assert_eq!(held.after(Movement::Hold(Amount::SMALLEST)), None);
        let paid = held
            .after(Movement::Settle {
                requested: amount("10"),
                paid: amount("9.5"),
            })
            .unwrap();
        assert_eq!(
            (paid.available(), paid.status()),
            (amount("0.5"), AllocationStatus::PartiallyWithdrawn)
        );
        assert_eq!(paid.after(Movement::Release(Amount::SMALLEST)), None);
        assert_eq!(
            paid.after(Movement::GiveBack(amount("9.5")))
                .map(Balance::status),
            Some(AllocationStatus::Allocated)
        );
        let more_tax_than_gross = BalanceParts {
            allocated: amount("1"),
            tax: amount("1.01"),
            brought_forward: amount("5"),
            ..Balance::NONE.parts()
        };
        assert_eq!(Balance::rebuild(more_tax_than_gross), None);
    }

    #[test]
    fn the_status_is_the_first_that_fits() {
        let status = |[allocated, tax, carried, withdrawn, pending]: [&str; 5]| {
            let parts = BalanceParts {
                allocated: amount(allocated),
                tax: amount(tax),
                brought_forward: Amount::ZERO,
                carried_forward: amount(carried),
                withdrawn: amount(withdrawn),
                pending: amount(pending),
            };
            Balance::rebuild(parts).unwrap().status().as_str()
        };
        assert_eq!(status(["10", "1", "0", "0", "0"]), "allocated");
        assert_eq!(status(["10", "1", "0", "0", "9"]), "allocated");
        assert_eq!(status(["10", "1", "0", "8", "0"]), "partially_withdrawn");
        assert_eq!(status(["10", "1", "0", "8", "1"]), "partially_withdrawn");
        assert_eq!(status(["10", "1", "0", "9", "0"]), "fully_withdrawn");
        assert_eq!(status(["10", "1", "1", "8", "0"]), "settled");
        assert_eq!(status(["10", "1", "9", "0", "0"]), "settled");
        assert_eq!(status(["10", "10", "0", "0", "0"]), "settled");
        assert_eq!(status(["0", "0", "0", "0", "0"]), "allocated");
    }

    proptest! {
        #[test]
        fn the_identity_holds_after_every_movement(moves in proptest::collection::vec((0..9_u8, 0..50_i128), 0..40)) {
            let mut balance = Balance::of(Amount::from_units(100).unwrap());
            for (kind, units) in moves {
                let amount = Amount::from_units(units).unwrap();
                let movement = match kind {
                    0 => Movement::Hold(amount),
                    1 => Movement::Release(amount),
                    2 => Movement::Settle { requested: amount, paid: Amount::from_units(units / 2).unwrap() },
                    3 => Movement::GiveBack(amount),
                    4 => Movement::TakeBack(amount),
                    5 => Movement::BringForward(amount),
                    6 => Movement::CarryForward(amount),
                    7 => Movement::UndoBringForward(amount),
                    _ => Movement::UndoCarryForward(amount),
                };
                balance = balance.after(movement).unwrap_or(balance);
                let parts = balance.parts();
                prop_assert_eq!(
                    parts.allocated.units() - parts.tax.units() + parts.brought_forward.units(),
                    parts.withdrawn.units() + parts.pending.units() + balance.available().units()
                        + parts.carried_forward.units()
                );
                prop_assert_eq!(balance.is_settled(), parts.pending.is_zero() && balance.available().is_zero());
            }
        }
    }
}
