//! Approve, reject, cancel.

use std::cell::RefCell;

use serde_json::json;

use super::{
    batch::{Batch, hand_on, recall},
    cursor::{Selection, WithdrawalCursor, each_selected},
    reviewed::must_be_reviewed,
};
use crate::{
    domain::{
        activity::{Activity, Fact},
        bank_trace::{BankTrace, TraceClass},
        code::WithdrawalNumber,
        event::Event,
        matching::LinkKind,
        reviewers::SecondPerson,
        selection::{Agreed, Reviewed},
        session::{Mode, Session},
        user::Act,
        withdrawal::{self, StateChange, Withdrawal, WithdrawalState, WithdrawalStatus},
    },
    ops::{Error, Sink, about_withdrawal, books::Books, requests},
    store::{Done, Ledger, Member, Request, WriteTx},
};

/// Approves withdrawals: all of the selection, or none.
///
/// # Errors
/// Those of [`withdrawal::approve`], for several as [`Error::Many`].
pub fn approve(
    ledger: &mut Ledger,
    session: Session,
    selection: &Selection,
    agreed: &Agreed,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let request = Request {
        command: "withdrawal approve",
        activity: Activity::WithdrawalApproved,
        input: selection,
    };
    let each = RefCell::new(each);
    let is_trial = session.mode != Mode::Commit;
    ledger.write(
        session,
        request,
        |tx, batch, at| recall(&each, tx, batch, at),
        |write| {
            let mut batch = Batch::default();
            let scope = Scope {
                act: Act::Review,
                selection,
                states: &[WithdrawalStatus::Pending],
            };
            let selected = scope.reviewed_cursor(write, &agreed.reviewed)?;
            each_selected(
                write,
                selected,
                "approving",
                |write, before, holder_status| {
                    let payee = write.payee(before)?;
                    let (state, second) = withdrawal::approve(
                        before,
                        holder_status,
                        &payee,
                        &write.actor,
                        &write.reviewers,
                        write.now,
                    )?;
                    let step = Step {
                        second,
                        ..Step::new(state, Activity::WithdrawalApproved)
                    };
                    let mut after = change(write, before, step)?;
                    // What was approved and is shown again for its key has no marks: they are of
                    // the moment before.
                    if is_trial {
                        after.payee_marks = payee.marks(write.now);
                    }
                    batch.add(&after, after.amount)?;
                    hand_on(&each, after)
                },
            )?;
            batch.must_be(agreed.shown.as_ref())?;
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
    reviewed: &Reviewed,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let input = &requests::WithdrawalRejection { selection, reason };
    let agreed = Agreed {
        shown: None,
        reviewed: reviewed.clone(),
    };
    let request = Request {
        command: "withdrawal reject",
        activity: Activity::WithdrawalRejected,
        input,
    };
    let scope = Scope {
        act: Act::Review,
        selection,
        states: &[WithdrawalStatus::Pending],
    };
    release(
        ledger,
        session,
        request,
        &scope,
        &agreed,
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
    agreed: &Agreed,
    each: Sink<'_, Withdrawal>,
) -> Result<Done<Batch>, Error> {
    let request = Request {
        command: "withdrawal cancel",
        activity: Activity::WithdrawalCancelled,
        input: selection,
    };
    let scope = Scope {
        act: Act::Record,
        selection,
        states: &[WithdrawalStatus::Pending, WithdrawalStatus::Approved],
    };
    release(ledger, session, request, &scope, agreed, each, cancel_one)
}

/// Which withdrawals a command is about.
struct Scope<'a> {
    /// What the user does to them.
    act: Act,
    selection: &'a Selection,
    /// The states in which it can be done to them.
    states: &'a [WithdrawalStatus],
}

impl Scope<'_> {
    /// As [`Scope::cursor`], if the withdrawals are those that were reviewed.
    fn reviewed_cursor(
        &self,
        write: &mut WriteTx<'_>,
        reviewed: &Reviewed,
    ) -> Result<WithdrawalCursor, Error> {
        if !reviewed.is_empty() {
            write.actor.must(self.act)?;
            must_be_reviewed(write, self.selection, self.states, reviewed)?;
        }
        self.cursor(write)
    }

    /// Begins with the withdrawals. The rule about each of them asks for the role, so that the trail
    /// names the one that was refused; if there is none, the role is asked for here.
    fn cursor(&self, write: &mut WriteTx<'_>) -> Result<WithdrawalCursor, Error> {
        let cursor = WithdrawalCursor::of(write, self.selection, self.states)?;
        if cursor.total == 0 {
            write.actor.must(self.act)?;
        }
        Ok(cursor)
    }
}

/// Rejects or cancels withdrawals: their money is available again.
fn release<I: serde::Serialize>(
    ledger: &mut Ledger,
    session: Session,
    request: Request<'_, I>,
    scope: &Scope<'_>,
    agreed: &Agreed,
    each: Sink<'_, Withdrawal>,
    decide: impl Fn(&mut WriteTx<'_>, &Withdrawal) -> Result<StateChange, Error>,
) -> Result<Done<Batch>, Error> {
    let each = RefCell::new(each);
    let activity = request.activity;
    ledger.write(
        session,
        request,
        |tx, batch, at| recall(&each, tx, batch, at),
        |write| {
            let (mut batch, mut books) = (Batch::default(), Books::default());
            let selected = scope.reviewed_cursor(write, &agreed.reviewed)?;
            each_selected(write, selected, "releasing", |write, before, _| {
                let StateChange { state, movement } = decide(write, before)?;
                let after = change(write, before, Step::new(state, activity))?;
                books.move_money(write, &after, movement)?;
                batch.add(&after, after.amount)?;
                hand_on(&each, after)
            })?;
            batch.must_be(agreed.shown.as_ref())?;
            books.close(write)?;
            Ok((batch.clone(), batch))
        },
    )
}

/// Cancels the pending and approved withdrawals of an event that is cancelled, each with its entry.
/// Returns what was cancelled.
///
/// # Errors
/// Those of [`withdrawal::cancel`]; [`Error::Store`] if the ledger cannot be read or written.
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
        let StateChange { state, movement } = cancel_one(write, before)?;
        let step = Step::new(state, Activity::WithdrawalCancelled);
        let after = change(write, before, step)?;
        batch.add(&after, after.amount)?;
        books.move_money(write, &after, movement)
    })?;
    write.concern = concern;
    Ok(batch)
}

/// Decides the cancellation of one withdrawal.
fn cancel_one(write: &mut WriteTx<'_>, before: &Withdrawal) -> Result<StateChange, Error> {
    let trace = match before.status() {
        WithdrawalStatus::Approved => bank_trace(write, before.number)?,
        WithdrawalStatus::Pending
        | WithdrawalStatus::Rejected
        | WithdrawalStatus::Cancelled
        | WithdrawalStatus::Paid
        | WithdrawalStatus::Returned => BankTrace::default(),
    };
    Ok(withdrawal::cancel(before, &trace, &write.actor, write.now)?)
}

/// Reads what the bank side shows of a withdrawal, up to the first thing that decides: the search
/// for a reference reads many bank lines.
pub(in crate::ops) fn bank_trace(
    write: &mut WriteTx<'_>,
    number: WithdrawalNumber,
) -> Result<BankTrace, Error> {
    let mut trace = BankTrace {
        file: write.file_of(number)?,
        ..BankTrace::default()
    };
    if trace.file.is_none()
        && let Some(proposal) = write.match_of_withdrawal(number, LinkKind::Payment)?
    {
        trace.proposal = proposal.link.lines.first().copied();
    } else if trace.file.is_none() {
        trace.reference = write.line_with_reference_of(number)?;
    }
    if trace == BankTrace::default() {
        let last = write.class_of(Member::Withdrawal(number), None)?;
        trace.class = last.map(|last| TraceClass {
            class: last.class,
            line: last.lines.first().copied(),
        });
    }
    Ok(trace)
}

/// A withdrawal's next state, and what the trail says of it.
pub(super) struct Step {
    state: WithdrawalState,
    activity: Activity,
    second: SecondPerson,
}

impl Step {
    fn new(state: WithdrawalState, activity: Activity) -> Self {
        Self {
            state,
            activity,
            second: SecondPerson::default(),
        }
    }
}

/// Writes a withdrawal's next state with its entry.
pub(super) fn change(
    write: &mut WriteTx<'_>,
    before: &Withdrawal,
    step: Step,
) -> Result<Withdrawal, Error> {
    let Step {
        state,
        activity,
        second,
    } = step;
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
    second.mark(&mut changes);
    let fact = Fact::new(activity, changes).about(about_withdrawal(&after));
    write.record(fact.moved(Some(before.status().as_str()), after.status().as_str()))?;
    Ok(after)
}
