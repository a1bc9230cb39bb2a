//! The review of a request by a second person: approve or reject.

use super::{StateChange, Withdrawal, WithdrawalState, WithdrawalStatus};
use crate::domain::{
    Refused,
    allocation::Movement,
    event::Approval,
    holder::HolderStatus,
    holder_account::Payee,
    id::UserId,
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    time::Instant,
    user::{Act, Actor},
};

/// Refuses to correct a withdrawal that was reviewed: what was reviewed stays as it was.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::WithdrawalState`].
pub fn must_be_correctable(withdrawal: &Withdrawal, actor: &Actor) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    match withdrawal.status() {
        WithdrawalStatus::Pending => Ok(()),
        status @ (WithdrawalStatus::Approved
        | WithdrawalStatus::Rejected
        | WithdrawalStatus::Cancelled
        | WithdrawalStatus::Paid
        | WithdrawalStatus::Returned) => Err(Refused::WithdrawalState {
            withdrawal: withdrawal.number,
            status,
            verb: "changed",
        }),
    }
}

/// Returns everybody who had a hand in a withdrawal: the user who requested it, and who set or changed
/// anything of its bank details, or unblocked its holder lately.
fn hands(withdrawal: &Withdrawal, payee: &Payee, now: Instant) -> Vec<Hand> {
    let hand = |user: UserId, did| Hand { user, did };
    let mut hands = vec![hand(withdrawal.requested_by.id, REQUESTED)];
    let changed_by = withdrawal.bank_changed_by.as_ref();
    hands.extend(changed_by.map(|by| hand(by.id, CHANGED_BANK)));
    hands.extend(payee.hands.iter().map(|user| hand(*user, CHANGED_BANK)));
    let unblocked = payee.unblocked.as_ref().filter(|by| by.is_recent(now));
    hands.extend(unblocked.map(|unblocking| hand(unblocking.by.id, UNBLOCKED)));
    hands
}

/// Refuses who requested a withdrawal, had a hand in its bank details, or unblocked its holder
/// lately.
fn second_person(
    withdrawal: &Withdrawal,
    payee: &Payee,
    actor: &Actor,
    reviewers: &Reviewers,
    now: Instant,
) -> Result<SecondPerson, Refused> {
    let hands = hands(withdrawal, payee, now);
    let number = withdrawal.number;
    let work = Work {
        hands: &hands,
        acts: &[Act::Review],
        what: &number,
    };
    let (actor_code, holder) = (actor.user.code.clone(), withdrawal.holder.code.clone());
    reviewers.second_person(actor, work, |OwnHand { did, may }| match did {
        REQUESTED => Refused::WithdrawalSameActor {
            withdrawal: number,
            actor: actor_code,
            may,
        },
        UNBLOCKED => Refused::WithdrawalUnblocker {
            withdrawal: number,
            holder,
            actor: actor_code,
            may,
        },
        _ => Refused::WithdrawalBankChanger {
            withdrawal: number,
            holder,
            actor: actor_code,
            may,
        },
    })
}

const REQUESTED: &str = "requested";

const CHANGED_BANK: &str = "set or changed the bank details of";

const UNBLOCKED: &str = "unblocked the holder of";

/// Decides an approval.
///
/// # Errors
/// [`Refused::WithdrawalState`], [`Refused::WithdrawalSameActor`],
/// [`Refused::WithdrawalBankChanger`], [`Refused::WithdrawalUnblocker`],
/// [`Refused::HolderBlocked`].
pub fn approve(
    withdrawal: &Withdrawal,
    holder_status: &HolderStatus,
    payee: &Payee,
    actor: &Actor,
    reviewers: &Reviewers,
    now: Instant,
) -> Result<(WithdrawalState, SecondPerson), Refused> {
    actor.must(Act::Review)?;
    if withdrawal.state != WithdrawalState::Pending {
        return Err(withdrawal.refuse("approved"));
    }
    let second = second_person(withdrawal, payee, actor, reviewers, now)?;
    holder_status.must_be_open(&withdrawal.holder.code)?;
    let approval = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok((WithdrawalState::Approved(approval), second))
}

/// Decides a rejection.
///
/// # Errors
/// [`Refused::WithdrawalState`], [`Refused::ReasonMissing`].
pub fn reject(
    withdrawal: &Withdrawal,
    actor: &Actor,
    reason: &str,
    now: Instant,
) -> Result<StateChange, Refused> {
    actor.must(Act::Review)?;
    if withdrawal.state != WithdrawalState::Pending {
        return Err(withdrawal.refuse("rejected"));
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "reject" });
    }
    let review = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok(StateChange {
        state: WithdrawalState::Rejected(review, reason.trim().to_owned()),
        movement: Movement::Release(withdrawal.amount),
    })
}
