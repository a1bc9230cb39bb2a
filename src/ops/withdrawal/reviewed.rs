//! What was reviewed is what is done.

use super::cursor::{Selection, WithdrawalCursor};
use crate::{
    domain::{
        selection::{Order, Reviewed, SelectionDigest, SelectionHasher},
        withdrawal::WithdrawalStatus,
    },
    ops::Error,
    store::{self, AsOf, Noun, Tx, WithdrawalFilter},
};

/// Returns in which order the withdrawals of a selection come.
pub(super) fn order(selection: &Selection, states: &[WithdrawalStatus]) -> Order {
    match (selection, states) {
        (Selection::AllOf(_), [_]) => Order::Ascending,
        (Selection::AllOf(_) | Selection::These(_), _) => Order::Any,
    }
}

pub(super) fn too_much() -> Error {
    store::Error::bug("the amounts of these withdrawals add up to too much").into()
}

/// Refuses a selection that is not the one that was reviewed.
///
/// # Errors
/// [`Refused::SelectionChanged`](crate::domain::Refused::SelectionChanged).
pub(super) fn must_be_reviewed(
    tx: &mut Tx<'_>,
    selection: &Selection,
    states: &[WithdrawalStatus],
    reviewed: &Reviewed,
) -> Result<(), Error> {
    if reviewed.is_empty() {
        return Ok(());
    }
    let found = digest(tx, selection, states)?;
    if reviewed.fits(&found) {
        return Ok(());
    }
    let mut all = Vec::new();
    if let Selection::AllOf(event) = selection {
        let number = tx.resolve(Noun::Event, event)?;
        let filter = WithdrawalFilter {
            event: Some(tx.event(number, AsOf::Now)?.event.id),
            ..WithdrawalFilter::default()
        };
        tx.each_withdrawal(&filter, AsOf::Now, |withdrawal| {
            all.push(withdrawal);
            Ok::<_, Error>(())
        })?;
    }
    Err(reviewed.refuse(&found, &all, states).into())
}

/// Makes the digest of a selection. Of all of an event only what it is made of is read.
fn digest(
    tx: &mut Tx<'_>,
    selection: &Selection,
    states: &[WithdrawalStatus],
) -> Result<SelectionDigest, Error> {
    let mut hasher = SelectionHasher::new(order(selection, states));
    if let (Selection::AllOf(event), [status]) = (selection, states) {
        let number = tx.resolve(Noun::Event, event)?;
        let event = tx.event(number, AsOf::Now)?.event.id;
        tx.each_selected(event, *status, |selected| {
            hasher.add(selected).ok_or_else(too_much)
        })?;
    } else {
        let mut withdrawals = WithdrawalCursor::of(tx, selection, states)?;
        while let Some((withdrawal, _)) = withdrawals.next(tx)? {
            hasher.add(&withdrawal).ok_or_else(too_much)?;
        }
    }
    Ok(hasher.finish())
}
