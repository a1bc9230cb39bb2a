//! Forward balances: what a holder's project owes below what a bank can pay or below the minimum,
//! kept for the next event.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    balance::{Balance, CarryTotals, Movement},
    code::Code,
    currency::Currency,
    event::Event,
    id::{AllocationId, HolderRef, ProjectId, ProjectRef},
    quantity::Amount,
    refused::ProceedsRefusal,
    status::EventStatus,
    time::Date,
    words::words,
};

/// What may be paid at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayableStep {
    /// The currency's minor unit: amounts are multiples of it.
    pub minor_unit: Amount,
    /// The least amount; reached exactly, it is paid.
    pub minimum: Amount,
}

/// Why money moved between an allocation and its holder's forward balance.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ForwardKind {
    /// An approval took the forward balance into the allocation.
    BroughtForward,
    /// An approval put what is not payable into the forward balance.
    CarriedForward,
    /// A user took the payable part of the forward balance into the allocation.
    Released,
    /// A cancelled event gave back what was brought forward or released.
    BroughtForwardUndone,
    /// A cancelled event took back what it had carried forward.
    CarriedForwardUndone,
    /// A second person agreed that it is given up: no bank can pay it. Its allocation is the one
    /// of the movement before it, whose balance it leaves alone.
    WrittenOff,
}

words!(ForwardKind);

/// The forward balance of a holder in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForwardBalance {
    /// What it is.
    pub amount: Amount,
    /// The row number of the last movement.
    pub last: i64,
}

/// Forward balances of a project that are to be given up, as they were when that was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOff {
    /// The project.
    pub project: ProjectId,
    /// Balances below this amount.
    pub below: Amount,
    /// What they add up to.
    pub total: Amount,
    /// How many holders have one.
    pub holders: u64,
    /// Why.
    pub reason: String,
}

/// A movement of a forward balance that no other one undid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardMovement {
    /// The row number.
    pub number: i64,
    /// Why.
    pub kind: ForwardKind,
    /// The holder.
    pub holder: HolderRef,
    /// The allocation.
    pub allocation: AllocationId,
    /// How much moved.
    pub amount: Amount,
}

impl ForwardKind {
    /// Returns what a movement of this kind does to its allocation, if it does anything.
    pub const fn movement(self, amount: Amount) -> Option<Movement> {
        match self {
            Self::BroughtForward | Self::Released => Some(Movement::BringForward(amount)),
            Self::CarriedForward => Some(Movement::CarryForward(amount)),
            Self::BroughtForwardUndone => Some(Movement::UndoBringForward(amount)),
            Self::CarriedForwardUndone => Some(Movement::UndoCarryForward(amount)),
            Self::WrittenOff => None,
        }
    }

    /// Returns the forward balance after a movement of this kind, or `None` if it would become
    /// negative or too large.
    pub fn after(self, balance: Amount, amount: Amount) -> Option<Amount> {
        match self {
            Self::CarriedForward | Self::BroughtForwardUndone => balance.checked_add(amount),
            Self::BroughtForward
            | Self::Released
            | Self::CarriedForwardUndone
            | Self::WrittenOff => balance.checked_sub(amount),
        }
    }

    /// Returns the kind that undoes this one, or `None` if it undoes one itself.
    pub const fn undone(self) -> Option<Self> {
        match self {
            Self::BroughtForward | Self::Released => Some(Self::BroughtForwardUndone),
            Self::CarriedForward => Some(Self::CarriedForwardUndone),
            Self::BroughtForwardUndone | Self::CarriedForwardUndone | Self::WrittenOff => None,
        }
    }
}

/// A forward balance, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardRow {
    /// The project.
    pub project: ProjectRef,
    /// The holder.
    pub holder: HolderRef,
    /// The currency.
    pub currency: Currency,
    /// After how many days the project points it out.
    pub stale_after: i64,
    /// What waits.
    pub balance: Amount,
    /// The parts that it consists of, the oldest first.
    pub parts: Vec<ForwardPart>,
    /// How many movements there were.
    pub movements: u64,
}

impl ForwardRow {
    /// Returns whether its oldest part waits for more days than the project says.
    pub fn is_stale(&self, today: Date) -> bool {
        let oldest = self.parts.first().map(|part| part.since);
        oldest.is_some_and(|since| (today - since).num_days() > self.stale_after)
    }
}

/// A part of a forward balance: what one event carried forward and nothing took yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardPart {
    /// The event.
    pub event: Code,
    /// The day on which it was carried forward.
    pub since: Date,
    /// What is left of it.
    pub amount: Amount,
}

/// A movement as its age needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgedMovement {
    /// Why.
    pub kind: ForwardKind,
    /// How much.
    pub amount: Amount,
    /// The event.
    pub event: Code,
    /// The day.
    pub day: Date,
}

/// Returns the parts that a forward balance consists of, the oldest first: what leaves it is its
/// oldest part, and what an event takes back is its own. `None` if more left it than came in.
///
/// # Source
/// ITEPA 2003, Schedule 2, paragraph 68(6), has it so for dividends that are carried forward.
pub fn parts(movements: &[AgedMovement]) -> Option<Vec<ForwardPart>> {
    let mut parts: Vec<ForwardPart> = Vec::new();
    for movement in movements {
        let mut left = movement.amount;
        match movement.kind {
            ForwardKind::CarriedForward | ForwardKind::BroughtForwardUndone => {
                parts.push(ForwardPart {
                    event: movement.event.clone(),
                    since: movement.day,
                    amount: movement.amount,
                });
                continue;
            }
            ForwardKind::CarriedForwardUndone => {
                // The event's own part goes first.
                parts.sort_by_key(|part| part.event != movement.event);
            }
            ForwardKind::BroughtForward | ForwardKind::Released | ForwardKind::WrittenOff => {}
        }
        for part in &mut parts {
            let taken = left.min(part.amount);
            part.amount = part.amount.checked_sub(taken)?;
            left = left.checked_sub(taken)?;
        }
        if !left.is_zero() {
            return None;
        }
        parts.retain(|part| !part.amount.is_zero());
        parts.sort_by_key(|part| part.since);
    }
    Some(parts)
}

/// Decides what is released of a forward balance into an allocation of an approved event: all that
/// a bank can pay, whatever the minimum.
///
/// # Errors
/// [`Refused::ForwardOtherProject`], [`Refused::EventNotActive`] unless the event is approved,
/// [`Refused::ForwardNothing`].
pub fn release(
    event: &Event,
    project: &ProjectRef,
    holder: &HolderRef,
    balance: Option<ForwardBalance>,
) -> Result<Amount, Refused> {
    if event.project.id != project.id {
        return Err(Refused::ForwardOtherProject {
            event: event.event.code.clone(),
            project: project.code.clone(),
        });
    }
    match event.status() {
        EventStatus::Active | EventStatus::Completed => {}
        status @ (EventStatus::Draft | EventStatus::Calculated | EventStatus::Cancelled) => {
            return Err(Refused::EventNotActive {
                event: event.event.code.clone(),
                status,
            });
        }
    }
    let balance = balance.map_or(Amount::ZERO, |balance| balance.amount);
    let payable = balance.floor_to(event.currency.minor_unit());
    if payable.is_zero() {
        return Err(Refused::ForwardNothing {
            holder: Some(holder.code.clone()),
            project: project.code.clone(),
        });
    }
    Ok(payable)
}

/// Decides whether balances below an amount may be given up: no bank can pay them.
///
/// # Errors
/// [`Refused::ForwardPayable`].
pub fn may_write_off(currency: Currency, below: Amount) -> Result<(), Refused> {
    let step = currency.minor_unit();
    if below > step {
        return Err(Refused::ForwardPayable {
            below,
            step,
            currency,
        });
    }
    Ok(())
}

/// Refuses to release more than fits into the balances of an allocation and its event.
///
/// # Errors
/// [`ProceedsRefusal::TooLarge`].
pub fn must_fit(balances: [Balance; 2], amount: Amount) -> Result<(), Refused> {
    let movement = Movement::BringForward(amount);
    let mut balances = balances.into_iter();
    if balances.all(|balance| balance.after(movement).is_some()) {
        Ok(())
    } else {
        Err(ProceedsRefusal::TooLarge.into())
    }
}

/// Decides what becomes of a holder's net amount and forward balance, all of which moves into the
/// allocation, when an event is approved; `None` if the two together have too many digits.
///
/// # Source
/// What a bank can pay is paid, and the rest waits for the holder's next event of the project:
/// nothing is rounded away and nothing is given to others.
pub fn carry(net: Amount, balance: Amount, step: PayableStep) -> Option<CarryTotals> {
    let entitlement = net.checked_add(balance)?;
    let payable = match entitlement.floor_to(step.minor_unit) {
        below if below < step.minimum => Amount::ZERO,
        payable => payable,
    };
    Some(CarryTotals {
        brought: balance,
        payable,
        carried: entitlement.checked_sub(payable)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    /// Carries a net amount forward from event to event; returns what is paid and carried.
    fn quarters(net: &str, minor_unit: &str, minimum: &str, events: usize) -> Vec<String> {
        let step = PayableStep {
            minor_unit: amount(minor_unit),
            minimum: amount(minimum),
        };
        let mut balance = Amount::ZERO;
        let mut shown = Vec::new();
        for _ in 0..events {
            let carrying = carry(amount(net), balance, step).unwrap();
            balance = carrying.carried;
            shown.push(format!(
                "{} {}",
                carrying.payable.plain(0),
                carrying.carried.plain(0)
            ));
        }
        shown
    }

    #[test]
    fn what_no_bank_can_pay_waits_until_the_kobo_is_whole() {
        assert_eq!(
            quarters("33.3333334", "0.01", "0", 3),
            ["33.33 0.0033334", "33.33 0.0066668", "33.34 0.0000002"]
        );
        assert_eq!(
            quarters("333.4", "1", "0", 3),
            ["333 0.4", "333 0.8", "334 0.2"]
        );
    }

    #[test]
    fn what_is_below_the_minimum_waits_until_it_is_reached() {
        assert_eq!(
            quarters("400", "0.01", "1000", 3),
            ["0 400", "0 800", "1200 0"]
        );
        // Reached exactly, it is paid; missed by one kobo, it is not.
        assert_eq!(quarters("1000", "0.01", "1000", 1), ["1000 0"]);
        assert_eq!(quarters("999.99", "0.01", "1000", 1), ["0 999.99"]);
        // What counts is what can be paid, not what is owed.
        assert_eq!(
            quarters("999.9999999", "0.01", "1000", 1),
            ["0 999.9999999"]
        );
    }

    #[test]
    fn what_leaves_a_forward_balance_is_its_oldest_part() {
        let moved = |kind: ForwardKind, units: &str, event: &str, day: &str| AgedMovement {
            kind,
            amount: amount(units),
            event: Code::parse(event).unwrap(),
            day: crate::domain::time::parse_date(day).unwrap(),
        };
        let shown = |movements: &[AgedMovement]| {
            let parts = parts(movements)?.into_iter();
            let shown = parts.map(|part| format!("{} {}", part.event, part.amount.plain(2)));
            Some(shown.collect::<Vec<_>>())
        };
        let (carried, brought) = (ForwardKind::CarriedForward, ForwardKind::BroughtForward);
        let mut movements = vec![
            moved(carried, "4", "E1", "2026-01-31"),
            moved(brought, "4", "E2", "2026-02-28"),
            moved(carried, "7", "E2", "2026-02-28"),
            moved(ForwardKind::Released, "5", "E1", "2026-03-31"),
        ];
        assert_eq!(shown(&movements).unwrap(), ["E2 2.00"]);
        movements.push(moved(ForwardKind::WrittenOff, "2", "E2", "2026-04-30"));
        assert_eq!(shown(&movements).unwrap(), Vec::<String>::new());
        movements.push(moved(brought, "0.01", "E3", "2026-05-31"));
        assert_eq!(shown(&movements), None);
    }

    #[test]
    fn whole_amounts_without_a_minimum_carry_nothing() {
        let step = PayableStep {
            minor_unit: amount("0.01"),
            minimum: Amount::ZERO,
        };
        let plain = carry(amount("33.34"), Amount::ZERO, step).unwrap();
        assert_eq!(plain.payable, amount("33.34"));
        assert!(plain.brought.is_zero() && plain.carried.is_zero());
        assert_eq!(carry(Amount::MAX, Amount::SMALLEST, step), None);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_paid_that_no_bank_can_pay(
            net in 0..10_000_000_000_i128, balance in 0..10_000_000_000_i128, minimum in 0..10_000_000_000_i128,
        ) {
            let [net, balance, minimum] = [net, balance, minimum].map(|units| Amount::from_units(units).unwrap());
            let step = PayableStep { minor_unit: amount("0.01"), minimum };
            let carrying = carry(net, balance, step).unwrap();
            prop_assert_eq!(
                net.units() + carrying.brought.units(),
                carrying.payable.units() + carrying.carried.units()
            );
            prop_assert!(carrying.payable.is_multiple_of(step.minor_unit));
            prop_assert!(carrying.payable.is_zero() || carrying.payable >= minimum);
            prop_assert!(carrying.carried < step.minor_unit || carrying.payable.is_zero());
        }
    }
}
