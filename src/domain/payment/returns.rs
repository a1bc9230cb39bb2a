//! Returns: the bank sent a payment back, or had not after all.

use crate::domain::{
    Refused,
    allocation::Movement,
    code::{FileNumber, WithdrawalNumber},
    event::{Approval, EventStatus},
    quantity::Amount,
    reviewers::SecondPerson,
    time::Date,
    user::{Act, FourEyes},
    withdrawal::{Withdrawal, WithdrawalState},
};

use super::{Payment, PaymentState, Recording};

/// A return as the bank reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankReturn<'a> {
    /// The bank's date of the return.
    pub date: Date,
    /// Why.
    pub reason: &'a str,
}

/// What shows that a payment came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnProof {
    /// A credit on the bank.
    Credit,
    /// Nothing but a user's word.
    Nothing {
        /// The payment file that holds the withdrawal, was exported and not cancelled.
        exported: Option<FileNumber>,
    },
}

impl ReturnProof {
    /// Refuses a role that may not say so: a credit is recorded like any other, a word without one
    /// is for who may review.
    fn must_allow_role(self, recording: Recording<'_>) -> Result<(), Refused> {
        let actor = recording.actor;
        match (self, recording.reviewers.four_eyes) {
            (Self::Credit, _) => actor.must(Act::Record),
            (Self::Nothing { .. }, FourEyes::Off) if actor.role.may(Act::Record) => Ok(()),
            (Self::Nothing { .. }, _) => actor.must(Act::Review),
        }
    }
}

/// What became of the money of a returned payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnUse {
    /// What of its allocation can be requested.
    pub available: Amount,
    /// The withdrawal that pays the money again, or else the last one that may hold it.
    pub replacement: Option<Replacement>,
    /// Whether the event was cancelled.
    pub event: EventStatus,
}

/// A later withdrawal of the allocation of a returned payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Its payment replaces the returned one.
    Paid(WithdrawalNumber),
    /// It holds money of the allocation.
    Requested(WithdrawalNumber),
}

/// What follows from a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnDecision {
    /// The payment's next state.
    pub payment: PaymentState,
    /// The withdrawal's next state.
    pub withdrawal: WithdrawalState,
    /// The movement of the allocation.
    pub movement: Movement,
    /// Who says so without a credit.
    pub second: SecondPerson,
}

/// Decides a return: the bank sent the money back and it is available again. Without a credit it is
/// for a second person to say.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::PaymentImported`], [`Refused::PaymentState`], [`Refused::PaymentSameActor`],
/// [`Refused::MaybeInFlight`], [`Refused::ReasonMissing`], [`Refused::ReturnDate`].
pub fn give_back(
    payment: &Payment,
    withdrawal: &Withdrawal,
    proof: ReturnProof,
    bank_return: BankReturn<'_>,
    recording: Recording<'_>,
) -> Result<ReturnDecision, Refused> {
    let BankReturn { date, reason } = bank_return;
    let Recording {
        actor, today, now, ..
    } = recording;
    proof.must_allow_role(recording)?;
    payment.must_not_be_imported("returned")?;
    match payment.state {
        PaymentState::Recorded | PaymentState::Reconciled => {}
        PaymentState::Returned { .. } => {
            return Err(Refused::PaymentState {
                payment: payment.number,
                status: payment.state.status(),
                verb: "returned",
            });
        }
    }
    let mut second = SecondPerson::default();
    if let ReturnProof::Nothing { exported } = proof {
        let verb = "say that it came back without a credit on the bank";
        second = payment.second_person(&payment.recorder(), recording, &[Act::Review], verb)?;
        if let Some(file) = exported.filter(|_| payment.bank_line.is_none()) {
            return Err(Refused::MaybeInFlight {
                payment: payment.number,
                withdrawal: payment.withdrawal,
                file,
            });
        }
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "return" });
    }
    if date > today || date < payment.facts.date {
        return Err(Refused::ReturnDate {
            payment: payment.number,
            date,
            paid_on: payment.facts.date,
            today,
        });
    }
    let WithdrawalState::Paid(approval, facts) = &withdrawal.state else {
        let (withdrawal, status) = (withdrawal.number, withdrawal.status());
        return Err(Refused::WithdrawalState {
            withdrawal,
            status,
            verb: "returned",
        });
    };
    let recorded = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok(ReturnDecision {
        payment: PaymentState::Returned {
            date,
            reason: reason.trim().to_owned(),
            recorded,
        },
        withdrawal: WithdrawalState::Returned(approval.clone(), facts.clone(), now),
        movement: Movement::GiveBack(facts.amount),
        second,
    })
}

/// Decides to take a return back, because the credit that proved it is not its own: the payment
/// counts again.
///
/// # Errors
/// [`Refused::ReturnOfCancelled`], [`Refused::RequestedAgain`] if its money is not available any more.
pub fn take_return_back(
    payment: &Payment,
    withdrawal: &Withdrawal,
    money: &ReturnUse,
) -> Result<ReturnDecision, Refused> {
    let WithdrawalState::Returned(approval, facts, _) = &withdrawal.state else {
        let (withdrawal, status) = (withdrawal.number, withdrawal.status());
        return Err(Refused::WithdrawalState {
            withdrawal,
            status,
            verb: "paid again",
        });
    };
    if money.event == EventStatus::Cancelled {
        return Err(Refused::ReturnOfCancelled {
            payment: payment.number,
            event: payment.event.code.clone(),
        });
    }
    let used = match money.replacement {
        Some(Replacement::Paid(withdrawal)) => Some(withdrawal),
        Some(Replacement::Requested(withdrawal)) if money.available < facts.amount => {
            Some(withdrawal)
        }
        Some(Replacement::Requested(_)) | None => None,
    };
    if let Some(withdrawal) = used {
        return Err(Refused::RequestedAgain {
            payment: payment.number,
            withdrawal,
        });
    }
    Ok(ReturnDecision {
        payment: PaymentState::unreturned(payment.bank_line),
        withdrawal: WithdrawalState::Paid(approval.clone(), facts.clone()),
        movement: Movement::TakeBack(facts.amount),
        second: SecondPerson::default(),
    })
}
