//! What was reviewed is what is done.

use super::cursor::{Selection, WithdrawalCursor};
use crate::{
    domain::{
        selection::{Order, Reviewed, SelectionHasher},
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
    let mut selected = WithdrawalCursor::of(tx, selection, states)?;
    let mut hasher = SelectionHasher::new(order(selection, states));
    while let Some((withdrawal, _)) = selected.next(tx)? {
        hasher.add(&withdrawal).ok_or_else(too_much)?;
    }
    let found = hasher.finish();
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
