//! Approve, reject, cancel.

use std::cell::RefCell;

use serde_json::json;

use super::{
    Batch, BatchTotals, Error, Selection, Sink, WithdrawalCursor, each_selected, hand_on, recall,
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        allocation::Movement,
        event::Event,
        session::Session,
        user::Act,
        withdrawal::{self, Withdrawal, WithdrawalState, WithdrawalStatus},
    },
    ops::{about_withdrawal, books::Books, payment::file::maybe_paid},
    store::{Done, Ledger, Request, WriteTx},
};

/// Approves withdrawals: all of the selection, or none.
///
/// # Errors
/// Those of [`withdrawal::approve`], for several as [`Error::Many`].
pub fn approve(
    ledger: &mut Ledger,
    session: Session,
    selection: &Selection,
    confirmed: Option<&BatchTotals>,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let request = Request {
        command: "withdrawal approve",
        activity: Activity::WithdrawalApproved,
        input: selection,
    };
    let each = RefCell::new(each);
    ledger.write(
        session,
        request,
        |tx, batch, at| recall(&each, tx, batch, at),
        |write| {
            let mut batch = Batch::default();
            let selected = selected(
                write,
                (Act::Review, selection, &[WithdrawalStatus::Pending]),
            )?;
            each_selected(
                write,
                selected,
                "approving",
                |write, before, holder_status| {
                    let state = withdrawal::approve(
                        before,
                        holder_status,
                        &write.actor,
                        write.four_eyes,
                        write.now,
                    )?;
                    let after = change(write, before, state, Activity::WithdrawalApproved)?;
                    batch.add(&after, after.amount)?;
                    hand_on(&each, after)
                },
            )?;
            batch.must_be(confirmed)?;
            Ok((batch.clone(), batch))
        },
    )
}

/// Rejects withdrawals: all of the selection, or none. Their money is available again.
///
/// # Errors
/// Those of [`withdrawal::reject`], for several as [`Error::Many`].
pub fn reject(
    ledger: &mut Ledger,
    session: Session,
    selection: &Selection,
    reason: &str,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let input = &(selection, reason);
    let request = Request {
        command: "withdrawal reject",
        activity: Activity::WithdrawalRejected,
        input,
    };
    let which = (
        Act::Review,
        selection,
        [WithdrawalStatus::Pending].as_slice(),
    );
    release(
        ledger,
        session,
        request,
        which,
        None,
        each,
        |write, before| Ok(withdrawal::reject(before, &write.actor, reason, write.now)?),
    )
}

/// Cancels withdrawals: all of the selection, or none. Their money is available again.
///
/// # Errors
/// Those of [`withdrawal::cancel`], for several as [`Error::Many`].
pub fn cancel(
    ledger: &mut Ledger,
    session: Session,
    selection: &Selection,
    confirmed: Option<&BatchTotals>,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let request = Request {
        command: "withdrawal cancel",
        activity: Activity::WithdrawalCancelled,
        input: selection,
    };
    let which = (
        Act::Record,
        selection,
        [WithdrawalStatus::Pending, WithdrawalStatus::Approved].as_slice(),
    );
    release(
        ledger,
        session,
        request,
        which,
        confirmed,
        each,
        |write, before| {
            must_be_free(write, before)?;
            Ok(withdrawal::cancel(before, &write.actor, write.now)?)
        },
    )
}

/// Finds what a step is to be done to. Each withdrawal asks for the role, so that the trail tells
/// which one it was refused for; where there is none, the role is asked for here.
fn selected(
    write: &mut WriteTx<'_>,
    (act, selection, states): (Act, &Selection, &[WithdrawalStatus]),
) -> Result<WithdrawalCursor, Error> {
    let selected = WithdrawalCursor::of(write, selection, states)?;
    if selected.total == 0 {
        write.actor.must(act)?;
    }
    Ok(selected)
}

/// Does a step that gives the money of withdrawals back.
fn release<I: serde::Serialize>(
    ledger: &mut Ledger,
    session: Session,
    request: Request<'_, I>,
    which: (Act, &Selection, &[WithdrawalStatus]),
    confirmed: Option<&BatchTotals>,
    each: Sink<'_, Withdrawal>,
    decide: impl Fn(&mut WriteTx<'_>, &Withdrawal) -> Result<(WithdrawalState, Movement), Error>,
) -> Result<Done<Batch>, Error> {
    let each = RefCell::new(each);
    let activity = request.activity;
    ledger.write(
        session,
        request,
        |tx, batch, at| recall(&each, tx, batch, at),
        |write| {
            let (mut batch, mut books) = (Batch::default(), Books::default());
            let selected = selected(write, which)?;
            each_selected(write, selected, "releasing", |write, before, _| {
                let (state, movement) = decide(write, before)?;
                let after = change(write, before, state, activity)?;
                books.move_money(write, &after, movement)?;
                batch.add(&after, after.amount)?;
                hand_on(&each, after)
            })?;
            batch.must_be(confirmed)?;
            books.close(write)?;
            Ok((batch.clone(), batch))
        },
    )
}

/// Cancels what is pending or approved of an event that is cancelled, each with its entry; answers
/// what was cancelled.
///
/// # Errors
/// What the file refuses.
pub(in crate::ops) fn cancel_for_event(
    write: &mut WriteTx<'_>,
    event: &Event,
    books: &mut Books,
) -> Result<Batch, Error> {
    let states = &[WithdrawalStatus::Pending, WithdrawalStatus::Approved];
    let selected = WithdrawalCursor::of(
        write,
        &Selection::AllOf(event.event.code.to_string()),
        states,
    )?;
    let (mut batch, concern) = (Batch::default(), write.concern);
    each_selected(write, selected, "cancelling", |write, before, _| {
        must_be_free(write, before)?;
        let (state, movement) = withdrawal::cancel(before, &write.actor, write.now)?;
        let after = change(write, before, state, Activity::WithdrawalCancelled)?;
        batch.add(&after, after.amount)?;
        books.move_money(write, &after, movement)
    })?;
    write.concern = concern;
    Ok(batch)
}

/// Refuses to cancel what a payment file holds, and what the bank may have paid already.
fn must_be_free(write: &mut WriteTx<'_>, withdrawal: &Withdrawal) -> Result<(), Error> {
    if withdrawal.status() != WithdrawalStatus::Approved {
        return Ok(());
    }
    if let Some(file) = write.file_of(withdrawal.number)? {
        return Err(Refused::InPaymentFile {
            withdrawal: withdrawal.number,
            file,
        }
        .into());
    }
    match maybe_paid(write, withdrawal.number)? {
        Some(line) => Err(Refused::MaybePaid {
            withdrawal: withdrawal.number,
            line,
        }
        .into()),
        None => Ok(()),
    }
}

/// Writes a withdrawal's next state with its entry.
pub(super) fn change(
    write: &mut WriteTx<'_>,
    before: &Withdrawal,
    state: WithdrawalState,
    activity: Activity,
) -> Result<Withdrawal, Error> {
    write.update_withdrawal(before, &state)?;
    let after = Withdrawal {
        state,
        ..before.clone()
    };
    let mut changes = json!({
        "withdrawal": after.number.to_string(),
        "holder": after.holder.code,
        "amount": after.amount,
        "currency": after.currency,
    });
    if let (Some((_, reason)), Some(fields)) = (after.state.rejection(), changes.as_object_mut()) {
        fields.insert("reason".to_owned(), reason.clone().into());
    }
    let fact = Fact::new(activity, changes).about(about_withdrawal(&after));
    write.record(fact.moved(Some(before.status().as_str()), after.status().as_str()))?;
    Ok(after)
}
