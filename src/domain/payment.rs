//! Payments: what was paid for a withdrawal, and what the bank sent back.

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    account::BankAccount,
    allocation::Movement,
    code::{LineNumber, PaymentNumber, WithdrawalNumber},
    currency::Currency,
    event::Approval,
    holder::HolderStatus,
    id::{EventRef, HolderRef, PaymentId},
    quantity::Amount,
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    text,
    time::{Date, Instant},
    transfer::PaidTransfer,
    user::{Act, Actor},
    withdrawal::{Means, PaymentFacts, Withdrawal, WithdrawalState},
    words::words,
};

pub use super::status::PaymentStatus;
pub use correction::{CorrectedFacts, CorrectedPayment, Correction, PastPayment, correct};
pub use odd::{OddPayment, Oddity, PaymentCheck};
pub use returns::{
    BankReturn, Replacement, ReturnDecision, ReturnProof, ReturnUse, give_back, take_return_back,
};
pub use settlement::{must_be_settled, settle};
pub use transfer::NewTransfer;

mod correction;
mod odd;
mod returns;
mod settlement;
mod transfer;

/// Who records a payment or what became of it, and when.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// The acting user.
    pub actor: &'a Actor,
    /// The users, and whether a second person is needed.
    pub reviewers: &'a Reviewers,
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
    /// By what means it was paid, if that is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<Means>,
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
    /// The transfer that it is a part of, or all of.
    pub transfer: Option<PaidTransfer>,
    /// By what means it was paid.
    pub means: Means,
    /// The account that a transfer went to.
    pub bank: Option<BankAccount>,
    /// Its state.
    pub state: PaymentState,
    /// The returned payment that it replaces.
    pub replaces: Option<PaymentNumber>,
    /// The bank line that it was matched with; of several the first.
    pub bank_line: Option<LineNumber>,
    /// What it was recorded from.
    pub basis: PaymentBasis,
    /// Who settled it by hand, and when.
    pub settled: Option<Approval>,
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
    /// Who records one that is typed.
    pub second: SecondPerson,
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

const RECORDED: &str = "recorded";
const RETURNED: &str = "recorded the return of";

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
    /// Returns whether it was made before this ledger.
    pub const fn is_imported(&self) -> bool {
        matches!(self.means, Means::Imported)
    }

    /// Refuses a step of the bank's side for a payment that was made before this ledger.
    ///
    /// # Errors
    /// [`Refused::PaymentImported`].
    pub const fn must_not_be_imported(&self, verb: &'static str) -> Result<(), Refused> {
        if self.is_imported() {
            return Err(Refused::PaymentImported {
                payment: self.number,
                verb,
            });
        }
        Ok(())
    }

    /// Returns who recorded the payment. If it was recorded from a bank line, nobody did in the sense
    /// of four eyes.
    fn recorder(&self) -> Vec<Hand> {
        let recorder = Hand {
            user: self.facts.by.id,
            did: RECORDED,
        };
        match self.basis {
            PaymentBasis::Typed => vec![recorder],
            PaymentBasis::Line(_) => Vec::new(),
        }
    }

    /// Refuses who had a hand in the payment: what becomes of it is for a second person to say.
    fn second_person(
        &self,
        hands: &[Hand],
        recording: Recording<'_>,
        acts: &'static [Act],
        verb: &'static str,
    ) -> Result<SecondPerson, Refused> {
        let work = Work {
            hands,
            acts,
            what: &self.number,
        };
        let (payment, actor) = (self.number, recording.actor);
        recording
            .reviewers
            .second_person(actor, work, |OwnHand { did, may }| match did {
                RETURNED => Refused::ReturnSameActor {
                    payment,
                    actor: actor.user.code.clone(),
                    verb,
                    may,
                },
                _ => Refused::PaymentSameActor {
                    payment,
                    actor: actor.user.code.clone(),
                    verb,
                    may,
                },
            })
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
/// [`Refused::AlreadyPaid`], [`Refused::WithdrawalState`], [`Refused::MeansDiffer`],
/// [`Refused::WithdrawalSameApprover`] for one that is typed, [`Refused::HolderBlocked`], [`Refused::ReferenceEmpty`],
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
    // Whoever may match a line records what it shows: a reviewer, if it names another creditor.
    if basis == PaymentBasis::Typed {
        actor.must(Act::Record)?;
    }
    let approval = match &withdrawal.state {
        WithdrawalState::Approved(approval) => approval,
        WithdrawalState::Paid(_, facts) => {
            must_be_its_means(withdrawal, input)?;
            return same_payment(withdrawal, facts, input);
        }
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
    must_be_its_means(withdrawal, input)?;
    let second = match basis {
        PaymentBasis::Typed => must_not_have_approved(withdrawal, approval, recording)?,
        PaymentBasis::Line(_) => SecondPerson::default(),
    };
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
        second,
    })))
}

/// Refuses other means than the approved ones.
fn must_be_its_means(withdrawal: &Withdrawal, input: &PaymentInput) -> Result<(), Refused> {
    match input.means.filter(|given| *given != withdrawal.means) {
        Some(given) => Err(Refused::MeansDiffer {
            withdrawal: withdrawal.number,
            means: withdrawal.means,
            given,
        }),
        None => Ok(()),
    }
}

/// Refuses the one who approved a withdrawal to match it with a line by hand: no run found that the
/// line pays it, so it is a claim as if it was typed.
///
/// # Errors
/// [`Refused::WithdrawalSameApprover`], [`Refused::NotAcknowledged`].
pub fn may_claim_line(
    withdrawal: &Withdrawal,
    recording: Recording<'_>,
) -> Result<SecondPerson, Refused> {
    match &withdrawal.state {
        WithdrawalState::Approved(approval) => {
            must_not_have_approved(withdrawal, approval, recording)
        }
        // The rule about the match refuses it.
        WithdrawalState::Pending
        | WithdrawalState::Rejected(..)
        | WithdrawalState::Cancelled(..)
        | WithdrawalState::Paid(..)
        | WithdrawalState::Returned(..) => Ok(SecondPerson::default()),
    }
}

/// Refuses the one who approved a withdrawal: who approves does not say that it was paid.
fn must_not_have_approved(
    withdrawal: &Withdrawal,
    approval: &Approval,
    recording: Recording<'_>,
) -> Result<SecondPerson, Refused> {
    let approved = [Hand {
        user: approval.by.id,
        did: "approved",
    }];
    let work = Work {
        hands: &approved,
        acts: &[Act::Record],
        what: &withdrawal.number,
    };
    let Recording {
        actor, reviewers, ..
    } = recording;
    reviewers.second_person(actor, work, |OwnHand { may, .. }| {
        Refused::WithdrawalSameApprover {
            withdrawal: withdrawal.number,
            actor: actor.user.code.clone(),
            may,
        }
    })
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

#[cfg(test)]
mod tests;
