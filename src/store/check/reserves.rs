//! Deriving each reserve again from its movements, and the movements from the deductions of approved
//! events.

use std::collections::HashMap;

use super::counted::counted;
use crate::domain::{
    check::Check,
    code::Code,
    event::{DeductionName, Event, EventStatus},
    id::{EventId, ProjectId},
    quantity::Amount,
    reserve::{ReserveKind, ReserveMovement},
};
use crate::store::{AsOf, Error, EventFilter, Tx};

/// What an event moved, by name and kind, undone movements left out.
type Moved = HashMap<(EventId, DeductionName, ReserveKind), Amount>;

fn finding(movement: &ReserveMovement, detail: &str) -> String {
    format!(
        "the movement {} of the reserve `{}` by `{}` {detail}",
        movement.number, movement.name, movement.event.code
    )
}

/// Checks that each reserve is the sum of its movements and never negative, that each movement
/// follows the one before it, and that the movements of an event are its deductions.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Check, Error> {
    let mut movements = tx.reserve_movements(None, AsOf::Now)?;
    movements.sort_unstable_by_key(|movement| movement.number);
    let mut findings = Vec::new();
    let moved = follow(&movements, &mut findings);
    for event in tx.events(&EventFilter::default(), AsOf::Now)? {
        compare(tx, &event, &moved, &mut findings)?;
    }
    Ok(Check {
        name: "reserves",
        findings,
        looked_at: counted(movements.len(), "movement"),
    })
}

/// Follows the movements; returns what each event moved.
fn follow(movements: &[ReserveMovement], findings: &mut Vec<String>) -> Moved {
    let mut last: HashMap<(ProjectId, &DeductionName), &ReserveMovement> = HashMap::new();
    let mut open: HashMap<i64, &ReserveMovement> = HashMap::new();
    for movement in movements {
        let before = last.insert((movement.project.id, &movement.name), movement);
        if movement.follows != before.map(|before| before.number) {
            findings.push(finding(movement, "does not follow the one before it"));
        }
        let was = before.map_or(Amount::ZERO, |before| before.balance);
        if movement.kind.after(was, movement.amount) != Some(movement.balance) {
            let detail = format!(
                "leads from {} by {} to {}",
                was.plain(2),
                movement.amount.plain(2),
                movement.balance.plain(2)
            );
            findings.push(finding(movement, &detail));
        }
        let Some(undone) = movement.counterpart else {
            open.insert(movement.number, movement);
            continue;
        };
        let fits = open.remove(&undone).is_some_and(|undone| {
            (
                undone.kind.undone(),
                undone.amount,
                undone.event.id,
                &undone.name,
            ) == (
                Some(movement.kind),
                movement.amount,
                movement.event.id,
                &movement.name,
            )
        });
        if !fits {
            findings.push(finding(movement, "does not undo the one that it names"));
        }
    }
    let lasting = open.into_values();
    lasting
        .map(|movement| {
            let key = (movement.event.id, movement.name.clone(), movement.kind);
            (key, movement.amount)
        })
        .collect()
}

/// Compares what an event moved with its deductions: of an approved event they are the same, of
/// another one nothing moved.
fn compare(
    tx: &mut Tx<'_>,
    event: &Event,
    moved: &Moved,
    findings: &mut Vec<String>,
) -> Result<(), Error> {
    let counts = matches!(event.status(), EventStatus::Active | EventStatus::Completed);
    let mut expected = Moved::new();
    if counts && event.total.basis().gross().is_some() {
        for deducted in tx.deductions(event.event.id, AsOf::Now)? {
            if let Some(kind) = ReserveKind::of(deducted.deduction.kind) {
                let name = deducted.deduction.name.clone();
                expected.insert((event.event.id, name, kind), deducted.amount);
            }
        }
    }
    let of_event = moved
        .iter()
        .filter(|((other, ..), _)| *other == event.event.id);
    let mut differ: Vec<(&DeductionName, Amount, Amount)> = Vec::new();
    for (key, amount) in of_event.clone() {
        let wanted = expected.get(key).copied().unwrap_or(Amount::ZERO);
        if wanted != *amount {
            differ.push((&key.1, *amount, wanted));
        }
    }
    for (key, wanted) in &expected {
        if !moved.contains_key(key) {
            differ.push((&key.1, Amount::ZERO, *wanted));
        }
    }
    differ.sort_unstable();
    let code: &Code = &event.event.code;
    findings.extend(differ.into_iter().map(|(name, moved, wanted)| {
        format!(
            "`{code}` moved {} of the reserve `{name}`, but its deductions say {}",
            moved.plain(2),
            wanted.plain(2)
        )
    }));
    Ok(())
}
