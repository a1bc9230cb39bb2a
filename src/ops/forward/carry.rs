//! Forward balances: what an approval brings and carries forward, and what a cancellation undoes.

use std::collections::HashMap;

use crate::{
    domain::{
        Refused,
        allocation::{Allocation, CarryTotals},
        event::{Event, Share},
        forward::{ForwardBalance, ForwardKind, ForwardMovement, PayableStep, carry},
        id::HolderId,
        quantity::Amount,
        refused::ProceedsRefusal,
    },
    ops::{Error, books::Books},
    store::{self, AsOf, NewForwardMovement, WriteTx},
};

/// Returns what the approval of a calculation would bring and carry forward as things are now.
///
/// # Errors
/// [`ProceedsRefusal::TooLarge`].
pub(in crate::ops) fn expected(
    write: &mut WriteTx<'_>,
    event: &Event,
    shares: &[Share],
) -> Result<CarryTotals, Error> {
    let step = step_of(event);
    let balances = write.forward_balances(event.project.id)?;
    let totals = shares.iter().try_fold(CarryTotals::NONE, |sum, share| {
        let waits = balances.get(&share.holder.id);
        let waits = waits.map_or(Amount::ZERO, |balance| balance.amount);
        let net = share.amount.checked_sub(share.tax)?;
        sum.plus(carry(net, waits, step)?)
    });
    totals.ok_or_else(too_large)
}

fn too_large() -> Error {
    Refused::from(ProceedsRefusal::TooLarge).into()
}

fn step_of(event: &Event) -> PayableStep {
    PayableStep {
        minor_unit: event.currency.minor_unit(),
        minimum: event.minimum,
    }
}

/// Moves the forward balances of an event's holders into their allocations, and what is not payable
/// back, as part of the event's approval.
///
/// A plain event of a project without forward balances touches no allocation.
///
/// # Errors
/// [`ProceedsRefusal::TooLarge`].
pub(in crate::ops) fn bring_and_carry(
    write: &mut WriteTx<'_>,
    event: &Event,
    books: &mut Books,
) -> Result<(), Error> {
    let step = step_of(event);
    let balances = write.forward_balances(event.project.id)?;
    let nothing_waits = balances.values().all(|balance| balance.amount.is_zero());
    let all_payable = step.minimum.is_zero() && event.unit.is_multiple_of(step.minor_unit);
    if nothing_waits && all_payable {
        return Ok(());
    }
    for allocation in moving(write, event, &balances, step)? {
        let mut before = balances.get(&allocation.holder.id).copied();
        let brought = before.map_or(Amount::ZERO, |balance| balance.amount);
        let carrying =
            carry(allocation.balance.net(), brought, step).ok_or_else(|| too_much(&allocation))?;
        let moves = [
            (ForwardKind::BroughtForward, carrying.brought),
            (ForwardKind::CarriedForward, carrying.carried),
        ];
        let mut balance = allocation.balance;
        for (kind, amount) in moves {
            if amount.is_zero() {
                continue;
            }
            let new = NewForwardMovement {
                kind,
                project: event.project.id,
                amount,
                before,
                counterpart: None,
                reason: None,
            };
            before = Some(write.insert_forward(&allocation, new)?);
            if let Some(movement) = kind.movement(amount) {
                let moved = balance.after(movement);
                balance = moved.ok_or_else(|| too_much(&allocation))?;
                books.count(write, event, movement)?;
            }
        }
        write.update_allocation(&allocation, balance)?;
    }
    Ok(())
}

/// Reads the allocations of an event that bring something forward or carry something forward.
fn moving(
    write: &mut WriteTx<'_>,
    event: &Event,
    balances: &HashMap<HolderId, ForwardBalance>,
    step: PayableStep,
) -> Result<Vec<Allocation>, Error> {
    let (mut moving, mut totals) = (Vec::new(), CarryTotals::NONE);
    write.each_allocation(&event.event, AsOf::Now, |allocation| {
        let brought = balances.get(&allocation.holder.id);
        let brought = brought.map_or(Amount::ZERO, |balance| balance.amount);
        let carrying = carry(allocation.balance.net(), brought, step).ok_or_else(too_large)?;
        totals = totals.plus(carrying).ok_or_else(too_large)?;
        if !carrying.brought.is_zero() || !carrying.carried.is_zero() {
            moving.push(allocation);
        }
        Ok::<_, Error>(())
    })?;
    Ok(moving)
}

/// Undoes what an event moved to and from forward balances, as part of its cancellation.
///
/// # Errors
/// [`Refused::EventForwardTaken`].
pub(in crate::ops) fn undo(
    write: &mut WriteTx<'_>,
    event: &Event,
    books: &mut Books,
) -> Result<(), Error> {
    let movements = write.forward_movements(event.event.id)?;
    must_not_be_taken(write, event, &movements)?;
    // What was carried forward last comes back first, so that nothing becomes negative.
    for movement in movements.iter().rev() {
        let Some(kind) = movement.kind.undone() else {
            continue;
        };
        let allocation = write.allocation_by_id(&event.event, movement.allocation)?;
        let before = write.forward_balance(event.project.id, movement.holder.id)?;
        let new = NewForwardMovement {
            kind,
            project: event.project.id,
            amount: movement.amount,
            before,
            counterpart: Some(movement.number),
            reason: None,
        };
        write.insert_forward(&allocation, new)?;
        if let Some(movement) = kind.movement(movement.amount) {
            books.move_in(write, &allocation, movement)?;
        }
    }
    Ok(())
}

fn must_not_be_taken(
    write: &mut WriteTx<'_>,
    event: &Event,
    movements: &[ForwardMovement],
) -> Result<(), Error> {
    let carried = |movement: &&ForwardMovement| movement.kind == ForwardKind::CarriedForward;
    let mut taken_by = Vec::new();
    for movement in movements.iter().filter(carried) {
        if write.written_off_after(movement)? {
            return Err(Refused::EventForwardWrittenOff {
                event: event.event.code.clone(),
            }
            .into());
        }
        let events = write.taken_after(movement)?.into_iter();
        taken_by.extend(events.map(|event| event.code));
    }
    taken_by.sort_unstable();
    taken_by.dedup();
    if taken_by.is_empty() {
        return Ok(());
    }
    Err(Refused::EventForwardTaken {
        event: event.event.code.clone(),
        taken_by,
    }
    .into())
}

fn too_much(allocation: &Allocation) -> Error {
    store::Error::bug(format!(
        "the amounts of the allocation {} add up to too much",
        allocation.id
    ))
    .into()
}
