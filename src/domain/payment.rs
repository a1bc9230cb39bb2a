//! Payments: what was paid for a withdrawal, and what the bank sent back.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Refused,
    account::BankAccount,
    allocation::Movement,
    code::{PaymentNumber, WithdrawalNumber},
    currency::Currency,
    event::Approval,
    holder::Holder,
    id::{EventRef, HolderRef, PaymentId, UserRef},
    quantity::Amount,
    time::{Date, Instant},
    user::{Act, Actor},
    withdrawal::{State, Withdrawal},
};

/// What a withdrawal knows of its payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentFacts {
    /// The bank's reference, unique in the ledger.
    pub reference: String,
    /// The value date.
    pub date: Date,
    /// What was paid, at most what was requested.
    pub amount: Amount,
    /// Who recorded it.
    pub by: UserRef,
    /// When.
    pub at: Instant,
    /// What was noted.
    pub notes: Option<String>,
}

/// What is told of a payment when it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentInput {
    /// The bank's reference.
    pub reference: String,
    /// The value date.
    pub date: Date,
    /// What was paid; the whole request where it is not told.
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
    /// Where it stands.
    pub state: PaymentState,
    /// The returned payment that it replaces.
    pub replaces: Option<PaymentNumber>,
}

/// Where a payment stands.
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

/// The name of a payment's state without its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Recorded by a user.
    Recorded,
    /// Found on the bank's statement.
    Reconciled,
    /// Sent back by the bank.
    Returned,
}

/// What follows from recording a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paid {
    /// It is new.
    New(Box<NewPayment>),
    /// The very same payment stands already; nothing is to be written.
    AlreadyRecorded,
}

/// A payment that was decided and is not yet recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayment {
    /// The approval that it carries out.
    pub approval: Approval,
    /// What is paid.
    pub facts: PaymentFacts,
    /// The movement of the allocation.
    pub movement: Movement,
}

impl PaymentStatus {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Recorded, Self::Reconciled, Self::Returned];

    /// Shows the stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Reconciled => "reconciled",
            Self::Returned => "returned",
        }
    }
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PaymentState {
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
    /// Tells the payment as it stood at `instant`, or `None` where it was not recorded yet.
    pub fn at(mut self, instant: Instant) -> Option<Self> {
        if self.facts.at > instant {
            return None;
        }
        if let PaymentState::Returned { recorded, .. } = &self.state
            && recorded.at > instant
        {
            self.state = PaymentState::Recorded;
        }
        Some(self)
    }
}

/// Decides a payment. Paying again with the same reference, date and amount is no second payment.
///
/// # Errors
/// [`Refused::AlreadyPaid`], [`Refused::WithdrawalState`], [`Refused::HolderBlocked`], [`Refused::ReferenceEmpty`],
/// [`Refused::PaymentDateInFuture`], [`Refused::AmountZero`], [`Refused::AmountNotPayable`], [`Refused::PaidTooMuch`].
pub fn pay(
    withdrawal: &Withdrawal,
    holder: &Holder,
    actor: &Actor,
    input: &PaymentInput,
    today: Date,
    now: Instant,
) -> Result<Paid, Refused> {
    actor.must(Act::Record)?;
    let approval = match &withdrawal.state {
        State::Approved(approval) => approval,
        State::Paid(_, facts) => return same_payment(withdrawal, facts, input),
        State::Pending | State::Rejected(..) | State::Cancelled(..) | State::Returned(..) => {
            let (withdrawal, status) = (withdrawal.number, withdrawal.status());
            return Err(Refused::WithdrawalState { withdrawal, status, verb: "paid" });
        }
    };
    holder.must_be_open()?;
    if input.reference.trim().is_empty() {
        return Err(Refused::ReferenceEmpty);
    }
    if input.date > today {
        return Err(Refused::PaymentDateInFuture { date: input.date, today });
    }
    let amount = input.amount.unwrap_or(withdrawal.amount);
    let unit = withdrawal.currency.minor_unit();
    if amount.is_zero() {
        return Err(Refused::AmountZero);
    }
    if !amount.is_multiple_of(unit) {
        return Err(Refused::AmountNotPayable { amount, unit, currency: withdrawal.currency });
    }
    if amount > withdrawal.amount {
        return Err(Refused::PaidTooMuch {
            withdrawal: withdrawal.number,
            amount,
            requested: withdrawal.amount,
            currency: withdrawal.currency,
        });
    }
    let facts = PaymentFacts {
        reference: input.reference.trim().to_owned(),
        date: input.date,
        amount,
        by: actor.user.clone(),
        at: now,
        notes: input.notes.clone(),
    };
    let movement = Movement::Settle { requested: withdrawal.amount, paid: amount };
    Ok(Paid::New(Box::new(NewPayment { approval: approval.clone(), facts, movement })))
}

fn same_payment(withdrawal: &Withdrawal, facts: &PaymentFacts, input: &PaymentInput) -> Result<Paid, Refused> {
    let same = facts.reference == input.reference.trim()
        && facts.date == input.date
        && facts.amount == input.amount.unwrap_or(withdrawal.amount);
    if same {
        return Ok(Paid::AlreadyRecorded);
    }
    Err(Refused::AlreadyPaid {
        withdrawal: withdrawal.number,
        reference: facts.reference.clone(),
        date: facts.date,
        amount: facts.amount,
        currency: withdrawal.currency,
    })
}

/// Decides a return: the bank sent the money back and it is available again.
///
/// # Errors
/// [`Refused::PaymentState`], [`Refused::ReasonMissing`], [`Refused::ReturnDate`].
pub fn give_back(
    payment: &Payment,
    withdrawal: &Withdrawal,
    actor: &Actor,
    (date, reason): (Date, &str),
    today: Date,
    now: Instant,
) -> Result<(PaymentState, State, Movement), Refused> {
    actor.must(Act::Record)?;
    match payment.state {
        PaymentState::Recorded | PaymentState::Reconciled => {}
        PaymentState::Returned { .. } => {
            return Err(Refused::PaymentState { payment: payment.number, status: payment.state.status() });
        }
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "return" });
    }
    if date > today || date < payment.facts.date {
        return Err(Refused::ReturnDate { payment: payment.number, date, paid_on: payment.facts.date, today });
    }
    let State::Paid(approval, facts) = &withdrawal.state else {
        let (withdrawal, status) = (withdrawal.number, withdrawal.status());
        return Err(Refused::WithdrawalState { withdrawal, status, verb: "returned" });
    };
    let recorded = Approval { by: actor.user.clone(), at: now };
    Ok((
        PaymentState::Returned { date, reason: reason.trim().to_owned(), recorded },
        State::Returned(approval.clone(), facts.clone(), now),
        Movement::GiveBack(facts.amount),
    ))
}
