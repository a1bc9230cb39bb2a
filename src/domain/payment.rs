//! Payments: what was paid for a withdrawal, and what the bank sent back.

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    account::BankAccount,
    allocation::Movement,
    code::{FileNumber, LineNumber, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    event::{Approval, EventStatus},
    holder::HolderStatus,
    id::{EventRef, HolderRef, PaymentId},
    quantity::Amount,
    text,
    time::{Date, Instant},
    user::{Act, Actor, FourEyes},
    withdrawal::{PaymentFacts, Withdrawal, WithdrawalState},
    words::words,
};

pub use super::status::PaymentStatus;
pub use odd::{OddPayment, Oddity, PaymentCheck};

mod odd;

/// Who records a payment or what became of it, and when.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// The acting user.
    pub actor: &'a Actor,
    /// Whether a second person is needed.
    pub four_eyes: FourEyes,
    /// The last day that is not in the future.
    pub today: Date,
    /// The instant.
    pub now: Instant,
}

/// What a payment is recorded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentBasis {
    /// A user typed it: a claim, which needs another user than the approver.
    Typed,
    /// The bank shows it on this line: evidence, whoever runs the command.
    Line(LineNumber),
}

impl PaymentBasis {
    /// Returns the bank line, if there is one.
    pub const fn line(self) -> Option<LineNumber> {
        match self {
            Self::Typed => None,
            Self::Line(line) => Some(line),
        }
    }
}

/// What is entered when a payment is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentInput {
    /// The bank's reference.
    pub reference: String,
    /// The value date.
    pub date: Date,
    /// What was paid; the whole request if it is not given.
    pub amount: Option<Amount>,
    /// What is noted.
    pub notes: Option<String>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The number, shown as `P-000001`.
    pub number: PaymentNumber,
    /// The id.
    pub id: PaymentId,
    /// The withdrawal that it pays.
    pub withdrawal: WithdrawalNumber,
    /// The event.
    pub event: EventRef,
    /// The holder.
    pub holder: HolderRef,
    /// The currency.
    pub currency: Currency,
    /// What was paid, when, by whom.
    pub facts: PaymentFacts,
    /// The account it went to.
    pub bank: BankAccount,
    /// Its state.
    pub state: PaymentState,
    /// The returned payment that it replaces.
    pub replaces: Option<PaymentNumber>,
    /// The bank line that it was matched with; of several the first.
    pub bank_line: Option<LineNumber>,
    /// What it was recorded from.
    pub basis: PaymentBasis,
}

/// The state of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Recorded by a user.
    Recorded,
    /// Found on the bank's statement.
    Reconciled,
    /// Sent back by the bank.
    Returned {
        /// The bank's date of the return.
        date: Date,
        /// Why.
        reason: String,
        /// Who recorded the return, and when.
        recorded: Approval,
    },
}

/// What follows from recording a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentDecision {
    /// It is new.
    New(Box<NewPayment>),
    /// The very same payment was recorded before; nothing is to be written.
    AlreadyRecorded,
}

/// A payment that was decided and is not yet recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// The approval that it carries out.
    pub approval: Approval,
    /// What is paid.
    pub facts: PaymentFacts,
    /// What it is recorded from.
    pub basis: PaymentBasis,
    /// The movement of the allocation.
    pub movement: Movement,
}

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
        let Recording {
            actor, four_eyes, ..
        } = recording;
        match (self, four_eyes) {
            (Self::Credit, _) => actor.must(Act::Record),
            (Self::Nothing { .. }, FourEyes::Off) if actor.role.may(Act::Record) => Ok(()),
            (Self::Nothing { .. }, _) => actor.must(Act::Review),
        }
    }
}

/// A change of a payment that its history keeps the earlier state of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum PaymentChange {
    /// A typing error was corrected.
    Corrected,
    /// Its return was taken back.
    ReturnTakenBack,
}

words!(PaymentChange);

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
}

impl PaymentState {
    /// Returns the bank's date of the return and why, if it was returned.
    pub fn returned(&self) -> Option<(Date, &str)> {
        match self {
            Self::Returned { date, reason, .. } => Some((*date, reason)),
            Self::Recorded | Self::Reconciled => None,
        }
    }

    /// Returns the state of a payment that was not sent back: it is reconciled if a bank line is
    /// matched with it.
    pub const fn unreturned(bank_line: Option<LineNumber>) -> Self {
        match bank_line {
            Some(_) => Self::Reconciled,
            None => Self::Recorded,
        }
    }

    /// Names the state.
    pub const fn status(&self) -> PaymentStatus {
        match self {
            Self::Recorded => PaymentStatus::Recorded,
            Self::Reconciled => PaymentStatus::Reconciled,
            Self::Returned { .. } => PaymentStatus::Returned,
        }
    }
}

impl Payment {
    /// Refuses who recorded the payment: what becomes of it is for a second person to say. A payment
    /// that was recorded from a bank line has no recorder in this sense.
    fn must_not_be_recorded_by(&self, recording: Recording<'_>) -> Result<(), Refused> {
        let own = self.facts.by.id == recording.actor.user.id;
        if recording.four_eyes == FourEyes::On && self.basis == PaymentBasis::Typed && own {
            return Err(Refused::PaymentSameActor {
                payment: self.number,
                actor: recording.actor.user.code.clone(),
            });
        }
        Ok(())
    }

    /// Returns the payment as it was at `instant`, or `None` if it was not recorded yet. Its
    /// bank line is that of the instant already: the links of a past day are read, not wound back.
    pub fn at(mut self, instant: Instant) -> Option<Self> {
        if self.facts.at > instant {
            return None;
        }
        if let PaymentState::Returned { recorded, .. } = &self.state
            && recorded.at > instant
        {
            self.state = PaymentState::unreturned(self.bank_line);
        }
        Some(self)
    }
}

/// Decides a payment. Paying again with the same reference, date and amount is not a second payment.
///
/// # Errors
/// [`Refused::AlreadyPaid`], [`Refused::WithdrawalState`], [`Refused::WithdrawalSameApprover`] for
/// one that is typed, [`Refused::HolderBlocked`], [`Refused::ReferenceEmpty`],
/// [`Refused::PaymentDateInFuture`], [`Refused::AmountZero`], [`Refused::AmountNotPayable`],
/// [`Refused::PaidTooMuch`].
pub fn pay(
    withdrawal: &Withdrawal,
    holder_status: &HolderStatus,
    basis: PaymentBasis,
    input: &PaymentInput,
    recording: Recording<'_>,
) -> Result<PaymentDecision, Refused> {
    let Recording {
        actor, today, now, ..
    } = recording;
    actor.must(Act::Record)?;
    let approval = match &withdrawal.state {
        WithdrawalState::Approved(approval) => approval,
        WithdrawalState::Paid(_, facts) => return same_payment(withdrawal, facts, input),
        WithdrawalState::Pending
        | WithdrawalState::Rejected(..)
        | WithdrawalState::Cancelled(..)
        | WithdrawalState::Returned(..) => {
            let (withdrawal, status) = (withdrawal.number, withdrawal.status());
            return Err(Refused::WithdrawalState {
                withdrawal,
                status,
                verb: "paid",
            });
        }
    };
    if basis == PaymentBasis::Typed {
        must_not_have_approved(withdrawal, approval, recording)?;
    }
    holder_status.must_be_open(&withdrawal.holder.code)?;
    if input.reference.trim().is_empty() {
        return Err(Refused::ReferenceEmpty);
    }
    if input.date > today {
        return Err(Refused::PaymentDateInFuture {
            date: input.date,
            today,
        });
    }
    let amount = payable(withdrawal, input)?;
    let facts = PaymentFacts {
        reference: input.reference.trim().to_owned(),
        date: input.date,
        amount,
        by: actor.user.clone(),
        at: now,
        notes: input.notes.clone(),
    };
    let movement = Movement::Settle {
        requested: withdrawal.amount,
        paid: amount,
    };
    Ok(PaymentDecision::New(Box::new(NewPayment {
        approval: approval.clone(),
        facts,
        basis,
        movement,
    })))
}

/// Refuses the one who approved a withdrawal: who approves does not say that it was paid.
fn must_not_have_approved(
    withdrawal: &Withdrawal,
    approval: &Approval,
    recording: Recording<'_>,
) -> Result<(), Refused> {
    if recording.four_eyes == FourEyes::On && approval.by.id == recording.actor.user.id {
        return Err(Refused::WithdrawalSameApprover {
            withdrawal: withdrawal.number,
            actor: recording.actor.user.code.clone(),
        });
    }
    Ok(())
}

/// Returns what is paid: all of the request if no amount is given, never more.
fn payable(withdrawal: &Withdrawal, input: &PaymentInput) -> Result<Amount, Refused> {
    let amount = input.amount.unwrap_or(withdrawal.amount);
    let unit = withdrawal.currency.minor_unit();
    if amount.is_zero() {
        return Err(Refused::AmountZero);
    }
    if !amount.is_multiple_of(unit) {
        return Err(Refused::AmountNotPayable {
            amount,
            unit,
            currency: withdrawal.currency,
        });
    }
    if amount > withdrawal.amount {
        return Err(Refused::PaidTooMuch {
            withdrawal: withdrawal.number,
            amount,
            requested: withdrawal.amount,
            currency: withdrawal.currency,
        });
    }
    Ok(amount)
}

fn same_payment(
    withdrawal: &Withdrawal,
    facts: &PaymentFacts,
    input: &PaymentInput,
) -> Result<PaymentDecision, Refused> {
    let same = text::folded(&facts.reference) == text::folded(&input.reference)
        && facts.date == input.date
        && facts.amount == input.amount.unwrap_or(withdrawal.amount);
    if same {
        return Ok(PaymentDecision::AlreadyRecorded);
    }
    Err(Refused::AlreadyPaid {
        withdrawal: withdrawal.number,
        reference: facts.reference.clone(),
        date: facts.date,
        amount: facts.amount,
        currency: withdrawal.currency,
    })
}

/// Decides a return: the bank sent the money back and it is available again. Without a credit it is
/// for a second person to say.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::PaymentState`], [`Refused::PaymentSameActor`],
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
    match payment.state {
        PaymentState::Recorded | PaymentState::Reconciled => {}
        PaymentState::Returned { .. } => {
            return Err(Refused::PaymentState {
                payment: payment.number,
                status: payment.state.status(),
            });
        }
    }
    if let ReturnProof::Nothing { exported } = proof {
        payment.must_not_be_recorded_by(recording)?;
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
    })
}

#[cfg(test)]
mod tests;
