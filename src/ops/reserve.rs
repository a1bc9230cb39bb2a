//! Reserves: what an approval does with them, what a cancellation undoes, and their lists.

use super::{Error, Sink, named};
use crate::{
    domain::{
        event::{Deducted, DeductionKind, Event},
        quantity::Amount,
        reserve::{Reserve, ReserveKind, ReserveMovement, may_release, may_undo},
    },
    store::{AsOf, Ledger, NewReserveMovement, Tx, WriteTx},
};

/// Refuses a list of deductions that releases more than the reserves of the project have.
///
/// # Errors
/// [`crate::domain::refused::ProceedsRefusal::ReserveShort`].
pub(super) fn must_cover(
    tx: &mut Tx<'_>,
    event: &Event,
    deductions: &[Deducted],
) -> Result<(), Error> {
    let releases = deductions
        .iter()
        .filter(|deducted| deducted.deduction.kind == DeductionKind::Release);
    for release in releases {
        let balance = tx.reserve_balance(event.project.id, &release.deduction.name)?;
        let balance = balance.map_or(Amount::ZERO, |balance| balance.amount);
        may_release(event, release, balance)?;
    }
    Ok(())
}

/// Moves what an event reserves and releases, as part of its approval.
pub(super) fn book(
    write: &mut WriteTx<'_>,
    event: &Event,
    deductions: &[Deducted],
) -> Result<(), Error> {
    must_cover(write, event, deductions)?;
    for deducted in deductions {
        let Some(kind) = ReserveKind::of(deducted.deduction.kind) else {
            continue;
        };
        let new = NewReserveMovement {
            kind,
            name: &deducted.deduction.name,
            amount: deducted.amount,
            counterpart: None,
        };
        write.insert_reserve(event, new)?;
    }
    Ok(())
}

/// Undoes what an event reserved and released, as part of its cancellation.
///
/// # Errors
/// [`crate::domain::refused::ProceedsRefusal::ReserveReleased`].
pub(super) fn undo(write: &mut WriteTx<'_>, event: &Event) -> Result<(), Error> {
    let movements = write.reserve_movements_of(event.event.id)?;
    for movement in &movements {
        let later = write.reserve_movements_after(movement)?;
        may_undo(&event.event.code, movement, &later)?;
    }
    for movement in movements.iter().rev() {
        let Some(kind) = movement.kind.undone() else {
            continue;
        };
        let new = NewReserveMovement {
            kind,
            name: &movement.name,
            amount: movement.amount,
            counterpart: Some(movement.number),
        };
        write.insert_reserve(event, new)?;
    }
    Ok(())
}

/// Lists reserves, in order of project code and name; those that are empty as well.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    project: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, Reserve>,
) -> Result<(), Error> {
    ledger.read(|tx| list_in(tx, project, as_of, each))
}

/// Lists reserves within a transaction, as [`list`].
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub(super) fn list_in(
    tx: &mut Tx<'_>,
    project: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, Reserve>,
) -> Result<(), Error> {
    let project = named::project(tx, project, as_of)?;
    tx.reserves(project, as_of)?
        .into_iter()
        .try_for_each(|reserve| each(reserve).map_err(Error::Output))
}

/// Lists the movements of reserves, in order of project code, name and time.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn movements(
    ledger: &mut Ledger,
    project: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, ReserveMovement>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let project = named::project(tx, project, as_of)?;
        tx.reserve_movements(project, as_of)?
            .into_iter()
            .try_for_each(|movement| each(movement).map_err(Error::Output))
    })
}
