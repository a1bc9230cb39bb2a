//! The components of a calculated event: how much each is, and the part of each allocation.

use std::collections::HashMap;

use super::{
    ComponentAmount, Event, EventComponent, Excluded, Exclusion, NewComponent, Policy, Share,
    check_component_units, component_amounts, split_components,
};
use crate::domain::{
    Refused,
    id::HolderId,
    quantity::{Amount, Total},
    refused::ProceedsRefusal,
};

/// A component of a calculated event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentColumn {
    /// What was given.
    pub given: NewComponent,
    /// How much of the event it is, the retained part included.
    pub amount: Amount,
    /// The part of each allocation, in their order.
    pub parts: Vec<Amount>,
}

/// The stored parts of the allocations of an event, which are its components.
#[derive(Clone, Copy, Debug)]
pub struct StoredParts<'a> {
    /// How many components the event has.
    pub components: usize,
    /// Of each allocation one part for each component; empty if there is only one.
    pub parts: &'a [Amount],
}

impl StoredParts<'_> {
    /// Adds the parts of the allocation at a place to a list. Missing parts are left out.
    pub fn add_to(self, list: &mut Vec<Amount>, at: usize, gross: Amount) {
        match self.components {
            0 => {}
            1 => list.push(gross),
            many => list.extend(self.parts.chunks(many).nth(at).into_iter().flatten()),
        }
    }
}

/// Returns how much each component of a calculated event is; one that has no amount is left out.
pub fn calculated_amounts(components: &[EventComponent]) -> Vec<ComponentAmount> {
    let amounts = components.iter().filter_map(|one| {
        Some(ComponentAmount {
            component: one.given.component.clone(),
            amount: one.amount?,
        })
    });
    amounts.collect()
}

/// Splits the gross shares of an event with a total into its components. What the fund retains of
/// an excluded holder is split as a share is, in the order of all holder codes.
///
/// # Errors
/// Those of [`component_amounts`] and [`check_component_units`].
pub(super) fn columns_of_total(
    event: &Event,
    total: Amount,
    components: &[NewComponent],
    shares: &[Share],
    excluded: &[Excluded],
) -> Result<Vec<ComponentColumn>, Refused> {
    if components.is_empty() {
        return Ok(Vec::new());
    }
    let amounts = component_amounts(total, components)?;
    check_component_units(&amounts, event.unit)?;
    let of_components: Vec<Amount> = amounts.iter().map(|one| one.amount).collect();
    let own = shares
        .iter()
        .map(|share| (&share.holder.code, share.amount));
    let retained = excluded
        .iter()
        .filter(|one| one.policy == Policy::Retain)
        .map(|one| (&one.holder.code, one.part));
    let mut rows: Vec<_> = (own.map(|row| (row, true)))
        .chain(retained.map(|row| (row, false)))
        .collect();
    rows.sort_by_key(|((code, _), _)| *code);
    let gross: Vec<Amount> = rows.iter().map(|((_, amount), _)| *amount).collect();
    let split = split_components(&gross, &of_components, event.unit);
    let columns = split.ok_or(ProceedsRefusal::TooLarge)?;
    let is_allocated: Vec<bool> = rows.iter().map(|(_, allocated)| *allocated).collect();
    let allocated = |column: Vec<Amount>| {
        let parts = column.into_iter().zip(&is_allocated);
        parts
            .filter_map(|(part, allocated)| allocated.then_some(part))
            .collect()
    };
    let columns = columns.into_iter().map(allocated);
    Ok(zipped(components, of_components.into_iter(), columns))
}

/// Moves the components of a declared rate with the parts of excluded holders. `counted` are the
/// holders of the columns, in their order.
///
/// # Errors
/// [`ProceedsRefusal::TooLarge`].
pub(super) fn columns_of_rate(
    components: &[NewComponent],
    columns: Vec<Vec<Amount>>,
    counted: &[HolderId],
    shares: &[Share],
    exclusions: &[Exclusion],
) -> Result<Vec<ComponentColumn>, Refused> {
    let total = |column: &Vec<Amount>| {
        let sum: Option<Total> = column.iter().copied().sum();
        sum.and_then(|sum| Amount::from_units(sum.units()))
            .ok_or(ProceedsRefusal::TooLarge)
    };
    let totals: Vec<Amount> = columns.iter().map(total).collect::<Result<_, _>>()?;
    if exclusions.is_empty() {
        return Ok(zipped(components, totals.into_iter(), columns.into_iter()));
    }
    let place: HashMap<HolderId, usize> = shares
        .iter()
        .enumerate()
        .map(|(at, share)| (share.holder.id, at))
        .collect();
    let policies: HashMap<HolderId, &Policy> = exclusions
        .iter()
        .map(|exclusion| (exclusion.holder.id, &exclusion.policy))
        .collect();
    let receiver = |holder: &HolderId| match policies.get(holder) {
        None => Some(*holder),
        Some(Policy::Assign(to)) => Some(to.id),
        Some(Policy::Retain | Policy::Redistribute) => None,
    };
    let places: Vec<Option<usize>> = counted
        .iter()
        .map(|holder| receiver(holder).and_then(|to| place.get(&to).copied()))
        .collect();
    let moved = |column: Vec<Amount>| {
        let mut parts = vec![Amount::ZERO; shares.len()];
        for (part, at) in column.into_iter().zip(&places) {
            if let Some(sum) = at.and_then(|at| parts.get_mut(at)) {
                *sum = sum.checked_add(part)?;
            }
        }
        Some(parts)
    };
    let columns: Option<Vec<_>> = columns.into_iter().map(moved).collect();
    let columns = columns.ok_or(ProceedsRefusal::TooLarge)?;
    Ok(zipped(components, totals.into_iter(), columns.into_iter()))
}

fn zipped(
    components: &[NewComponent],
    amounts: impl Iterator<Item = Amount>,
    columns: impl Iterator<Item = Vec<Amount>>,
) -> Vec<ComponentColumn> {
    let given = components.iter().cloned().zip(amounts).zip(columns);
    given
        .map(|((given, amount), parts)| ComponentColumn {
            given,
            amount,
            parts,
        })
        .collect()
}

/// Returns how much each component is, without the parts.
pub(super) fn amounts_of(columns: &[ComponentColumn]) -> Vec<ComponentAmount> {
    let amounts = columns.iter().map(|column| ComponentAmount {
        component: column.given.component.clone(),
        amount: column.amount,
    });
    amounts.collect()
}
