//! Withdrawal requests: pending, then approved or rejected, then paid, and returned if the bank
//! sends the money back.

use super::{
    Refused,
    account::BankAccount,
    allocation::Movement,
    bank_trace::BankTrace,
    code::WithdrawalNumber,
    currency::Currency,
    event::Approval,
    file_item::Mark,
    holder_account::PayeeMark,
    id::{AllocationId, EventRef, HolderRef, ProjectRef, UserRef, WithdrawalId},
    quantity::Amount,
    time::{Date, Instant},
    user::{Act, Actor},
};

mod request;
mod review;
#[cfg(test)]
pub(super) mod tests;
mod timeline;

pub use super::status::{Means, WithdrawalStatus};
pub use request::{Ask, NewRequest, must_be_active, request};
pub use review::{approve, must_be_correctable, reject};
pub use timeline::{AllocationUse, WithdrawalTimeline};

/// A holder's request to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The number, shown as `W-000001`.
    pub number: WithdrawalNumber,
    /// The id.
    pub id: WithdrawalId,
    /// The allocation it draws on.
    pub allocation_id: AllocationId,
    /// The event.
    pub event: EventRef,
    /// The project.
    pub project: ProjectRef,
    /// The holder.
    pub holder: HolderRef,
    /// What was asked for.
    pub amount: Amount,
    /// The event's currency.
    pub currency: Currency,
    /// By what means it is to be paid.
    pub means: Means,
    /// Where a transfer is to be paid: copied at the time of the request.
    pub bank: Option<BankAccount>,
    /// Who last changed these bank details.
    pub bank_changed_by: Option<UserRef>,
    /// The holder's account that they are of; `None` if they were given with the request.
    pub account: Option<i64>,
    /// What an approver is to see of the payee. Only looked up where it is to be shown.
    pub payee_marks: Vec<PayeeMark>,
    /// What the requester noted.
    pub notes: Option<String>,
    /// Who recorded the request.
    pub requested_by: UserRef,
    /// When.
    pub created_at: Instant,
    /// Its state.
    pub state: WithdrawalState,
    /// What earlier payment files say about it.
    pub marks: Vec<Mark>,
}

/// The state of a request, with its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithdrawalState {
    /// Waits for review.
    Pending,
    /// Waits for payment.
    Approved(Approval),
    /// Refused by a reviewer.
    Rejected(Approval, String),
    /// Withdrawn by the administrators; the review, if there was one, stays.
    Cancelled(Option<Approval>, Approval),
    /// Paid.
    Paid(Approval, PaymentFacts),
    /// Paid, and sent back by the bank at the last instant.
    Returned(Approval, PaymentFacts, Instant),
}

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

/// The next state of a withdrawal, and what it moves in the allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The state.
    pub state: WithdrawalState,
    /// The movement.
    pub movement: Movement,
}

impl WithdrawalState {
    /// Names the state.
    pub const fn status(&self) -> WithdrawalStatus {
        match self {
            Self::Pending => WithdrawalStatus::Pending,
            Self::Approved(_) => WithdrawalStatus::Approved,
            Self::Rejected(..) => WithdrawalStatus::Rejected,
            Self::Cancelled(..) => WithdrawalStatus::Cancelled,
            Self::Paid(..) => WithdrawalStatus::Paid,
            Self::Returned(..) => WithdrawalStatus::Returned,
        }
    }

    /// Returns the approval, if there was one.
    pub const fn approval(&self) -> Option<&Approval> {
        match self {
            Self::Pending | Self::Rejected(..) => None,
            Self::Approved(approval) | Self::Paid(approval, _) | Self::Returned(approval, _, _) => {
                Some(approval)
            }
            Self::Cancelled(approval, _) => approval.as_ref(),
        }
    }

    /// Returns who rejected, when, and why.
    pub const fn rejection(&self) -> Option<(&Approval, &String)> {
        match self {
            Self::Rejected(review, reason) => Some((review, reason)),
            Self::Pending
            | Self::Approved(_)
            | Self::Cancelled(..)
            | Self::Paid(..)
            | Self::Returned(..) => None,
        }
    }

    /// Returns who cancelled, and when.
    pub const fn cancellation(&self) -> Option<&Approval> {
        match self {
            Self::Cancelled(_, cancelled) => Some(cancelled),
            Self::Pending
            | Self::Approved(_)
            | Self::Rejected(..)
            | Self::Paid(..)
            | Self::Returned(..) => None,
        }
    }

    /// Returns the payment, if there was one.
    pub const fn payment(&self) -> Option<&PaymentFacts> {
        match self {
            Self::Paid(_, payment) | Self::Returned(_, payment, _) => Some(payment),
            Self::Pending | Self::Approved(_) | Self::Rejected(..) | Self::Cancelled(..) => None,
        }
    }

    /// Returns when the state was reached, or `None` for a pending request.
    pub const fn since(&self) -> Option<Instant> {
        match self {
            Self::Pending => None,
            Self::Approved(at) | Self::Rejected(at, _) | Self::Cancelled(_, at) => Some(at.at),
            Self::Paid(_, payment) => Some(payment.at),
            Self::Returned(_, _, at) => Some(*at),
        }
    }

    /// Returns the state as it was at `instant`, undoing what came later.
    #[must_use]
    pub fn at(self, instant: Instant) -> Self {
        let later = self.since().is_some_and(|since| since > instant);
        if !later {
            return self;
        }
        match self {
            Self::Pending | Self::Approved(_) | Self::Rejected(..) | Self::Cancelled(None, _) => {
                Self::Pending
            }
            Self::Cancelled(Some(approval), _) | Self::Paid(approval, _) => {
                Self::Approved(approval).at(instant)
            }
            Self::Returned(approval, payment, _) => Self::Paid(approval, payment).at(instant),
        }
    }
}

impl Withdrawal {
    /// Names the state.
    pub const fn status(&self) -> WithdrawalStatus {
        self.state.status()
    }

    /// Names it with its state.
    pub const fn status_of(&self) -> (WithdrawalNumber, WithdrawalStatus) {
        (self.number, self.status())
    }

    /// Returns the instants of its steps.
    pub fn instants(&self) -> Vec<Instant> {
        let state = &self.state;
        let steps = [
            Some(self.created_at),
            state.approval().map(|approval| approval.at),
            state.payment().map(|payment| payment.at),
            state.since(),
        ];
        steps.into_iter().flatten().collect()
    }

    /// Returns whether it is still to be approved or paid.
    pub fn is_open(&self) -> bool {
        matches!(
            self.status(),
            WithdrawalStatus::Pending | WithdrawalStatus::Approved
        )
    }

    /// Returns when it last changed.
    pub fn updated_at(&self) -> Instant {
        self.state.since().unwrap_or(self.created_at)
    }

    /// Returns the request as it was at `instant`, or `None` if it was not made yet.
    pub fn at(mut self, instant: Instant) -> Option<Self> {
        if self.created_at > instant {
            return None;
        }
        self.state = self.state.at(instant);
        self.marks.retain(|mark| mark.at <= instant);
        Some(self)
    }

    fn refuse(&self, verb: &'static str) -> Refused {
        Refused::WithdrawalState {
            withdrawal: self.number,
            status: self.status(),
            verb,
        }
    }
}

/// Decides a cancellation. `trace` is what the bank side shows of an approved withdrawal.
///
/// # Errors
/// [`Refused::WithdrawalState`], [`Refused::InPaymentFile`], [`Refused::MaybePaid`].
pub fn cancel(
    withdrawal: &Withdrawal,
    trace: &BankTrace,
    actor: &Actor,
    now: Instant,
) -> Result<StateChange, Refused> {
    if withdrawal.status() == WithdrawalStatus::Approved {
        trace.must_be_free(withdrawal.number)?;
    }
    actor.must(Act::Record)?;
    let approval = match &withdrawal.state {
        WithdrawalState::Pending => None,
        WithdrawalState::Approved(approval) => Some(approval.clone()),
        WithdrawalState::Rejected(..)
        | WithdrawalState::Cancelled(..)
        | WithdrawalState::Paid(..)
        | WithdrawalState::Returned(..) => {
            return Err(withdrawal.refuse("cancelled"));
        }
    };
    let cancelled = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok(StateChange {
        state: WithdrawalState::Cancelled(approval, cancelled),
        movement: Movement::Release(withdrawal.amount),
    })
}
