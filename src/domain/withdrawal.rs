//! Withdrawal requests: pending, then approved or rejected, then paid, and returned if the bank
//! sends the money back.

use serde::{Deserialize, Serialize};

use super::{
    Refused,
    account::{BankAccount, BankDetails},
    allocation::{Allocation, Movement},
    bank_trace::BankTrace,
    code::WithdrawalNumber,
    currency::Currency,
    event::{Approval, Event, EventState},
    file_item::Mark,
    holder::{Holder, HolderStatus},
    holder_account::{Payee, PayeeMark},
    id::{AllocationId, EventRef, HolderRef, ProjectRef, UserId, UserRef, WithdrawalId},
    quantity::Amount,
    reviewers::{Hand, Reviewers},
    time::{Date, Instant},
    user::{Act, Actor},
};

pub use super::status::{Means, WithdrawalStatus};

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

/// A request that was decided and is not yet recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    /// What is asked for.
    pub amount: Amount,
    /// By what means it is to be paid.
    pub means: Means,
    /// Where a transfer is to be paid.
    pub bank: Option<BankAccount>,
    /// Who last changed these bank details.
    pub bank_changed_by: Option<UserRef>,
    /// The holder's account that they are of; `None` if they are given.
    pub account: Option<i64>,
    /// The movement of the allocation.
    pub movement: Movement,
}

/// The next state of a withdrawal, and what it moves in the allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// The state.
    pub state: WithdrawalState,
    /// The movement.
    pub movement: Movement,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// This amount.
    Amount(Amount),
    /// All that can be paid now.
    All,
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

/// What a request uses of its allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationUse {
    /// Nothing: not made yet, rejected, cancelled or returned.
    Nothing,
    /// It holds this much.
    Pending(Amount),
    /// This much is paid.
    Withdrawn(Amount),
}

/// The amounts of a request and the instants of its steps: all that is needed to tell what it used
/// at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawalTimeline {
    /// What was requested.
    pub requested: Amount,
    /// What was paid.
    pub paid: Option<Amount>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was rejected.
    pub rejected_at: Option<Instant>,
    /// When it was cancelled.
    pub cancelled_at: Option<Instant>,
    /// When its payment was recorded.
    pub paid_at: Option<Instant>,
    /// When its payment was returned.
    pub returned_at: Option<Instant>,
}

impl WithdrawalTimeline {
    /// Returns what the request used of its allocation at an instant.
    pub fn used_at(&self, at: Instant) -> AllocationUse {
        let done = |step: Option<Instant>| step.is_some_and(|step| step <= at);
        if self.created_at > at
            || done(self.returned_at)
            || done(self.rejected_at)
            || done(self.cancelled_at)
        {
            return AllocationUse::Nothing;
        }
        match self.paid.filter(|_| done(self.paid_at)) {
            Some(paid) => AllocationUse::Withdrawn(paid),
            None => AllocationUse::Pending(self.requested),
        }
    }
}

/// Decides a request. `given` are bank details given with it, all of them or none; otherwise
/// the holder's are copied.
///
/// # Errors
/// [`Refused::EventNotActive`], [`Refused::HolderBlocked`], [`Refused::NothingAvailable`],
/// [`Refused::AmountZero`], [`Refused::AmountNotPayable`], [`Refused::AmountNotAvailable`],
/// [`Refused::NoBankDetails`], [`Refused::NoAccountInCurrency`], [`Refused::BankDetailsIncomplete`],
/// [`Refused::BadAccount`] for bank details that are given, [`Refused::AccountNotNeeded`] if it is not
/// a transfer.
pub fn request(
    actor: &Actor,
    event: &Event,
    allocation: &Allocation,
    holder: &Holder,
    ask: Ask,
    (means, given): (Means, &BankDetails),
) -> Result<NewRequest, Refused> {
    actor.must(Act::Record)?;
    must_be_active(event)?;
    holder.must_be_open()?;
    let unit = event.currency.minor_unit();
    let available = allocation.balance.available();
    let amount = match ask {
        Ask::All => available.floor_to(unit),
        Ask::Amount(amount) => amount,
    };
    let code = || holder.holder.code.clone();
    if amount.is_zero() {
        return Err(match ask {
            Ask::All => Refused::NothingAvailable {
                holder: code(),
                event: event.event.code.clone(),
            },
            Ask::Amount(_) => Refused::AmountZero,
        });
    }
    if !amount.is_multiple_of(unit) {
        return Err(Refused::AmountNotPayable {
            amount,
            unit,
            currency: event.currency,
        });
    }
    let movement = Movement::Hold(amount);
    if allocation.balance.after(movement).is_none() {
        return Err(Refused::AmountNotAvailable {
            holder: code(),
            event: event.event.code.clone(),
            amount,
            available,
            currency: event.currency,
        });
    }
    let paid_to = paid_to(actor, event, holder, (means, given))?;
    let account = paid_to.as_ref().and_then(|(_, _, account)| *account);
    let (bank, bank_changed_by) = paid_to.map(|(bank, by, _)| (bank, by)).unzip();
    Ok(NewRequest {
        amount,
        means,
        bank,
        bank_changed_by,
        account,
        movement,
    })
}

/// An account that a transfer goes to, who recorded it last, and the number of the holder's account
/// that it was copied from.
type PaidTo = (BankAccount, UserRef, Option<i64>);

/// Returns where a transfer is to be paid: the account that is given, or else the holder's. Other
/// means have none.
fn paid_to(
    actor: &Actor,
    event: &Event,
    holder: &Holder,
    (means, given): (Means, &BankDetails),
) -> Result<Option<PaidTo>, Refused> {
    let code = || holder.holder.code.clone();
    if means != Means::Transfer {
        return if given.is_empty() {
            Ok(None)
        } else {
            let holder = code();
            Err(Refused::AccountNotNeeded { holder, means })
        };
    }
    if given.is_empty() {
        // What is on record was checked when it was recorded.
        let by = holder.bank_changed.as_ref().map(|(user, _)| user.clone());
        let Some((bank, by)) = holder.bank.account().zip(by) else {
            return Err(Refused::NoBankDetails { holder: code() });
        };
        must_take(&holder.bank, event, holder)?;
        return Ok(Some((bank, by, holder.account)));
    }
    let Some(bank) = given.account() else {
        return Err(Refused::BankDetailsIncomplete { holder: code() });
    };
    given.check(holder.country.as_deref())?;
    must_take(given, event, holder)?;
    Ok(Some((bank, actor.user.clone(), None)))
}

/// Refuses bank details that are known to be paid in another currency than an event's.
fn must_take(details: &BankDetails, event: &Event, holder: &Holder) -> Result<(), Refused> {
    match details.paid_in() {
        Some(currency) if currency != event.currency => Err(Refused::NoAccountInCurrency {
            holder: holder.holder.code.clone(),
            currency: event.currency,
        }),
        _ => Ok(()),
    }
}

/// Refuses if an event does not take requests.
///
/// # Errors
/// [`Refused::EventNotActive`].
pub fn must_be_active(event: &Event) -> Result<(), Refused> {
    match event.state {
        EventState::Active(..) => Ok(()),
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Completed(..)
        | EventState::Cancelled { .. } => Err(Refused::EventNotActive {
            event: event.event.code.clone(),
            status: event.status(),
        }),
    }
}

/// Returns everybody who had a hand in a withdrawal: the user who requested it, and who set or changed
/// anything of its bank details, or unblocked its holder lately.
pub fn hands(withdrawal: &Withdrawal, payee: &Payee, now: Instant) -> Vec<Hand> {
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
) -> Result<(), Refused> {
    let hands = hands(withdrawal, payee, now);
    let (number, code) = (withdrawal.number, || actor.user.code.clone());
    let barred = |what: &str| {
        let did = |hand: &Hand| hand.user == actor.user.id && hand.did == what;
        let own: Vec<Hand> = hands.iter().copied().filter(did).collect();
        reviewers.bar(actor.user.id, &own).is_some()
    };
    if barred(REQUESTED) {
        return Err(Refused::WithdrawalSameActor {
            withdrawal: number,
            actor: code(),
            may: reviewers.may_approve(&hands),
        });
    }
    if barred(CHANGED_BANK) {
        return Err(Refused::WithdrawalBankChanger {
            withdrawal: number,
            holder: withdrawal.holder.code.clone(),
            actor: code(),
            may: reviewers.may_approve(&hands),
        });
    }
    if barred(UNBLOCKED) {
        return Err(Refused::WithdrawalUnblocker {
            withdrawal: number,
            holder: withdrawal.holder.code.clone(),
            actor: code(),
            may: reviewers.may_approve(&hands),
        });
    }
    reviewers.must_be_acknowledged(&actor.user, &hands, &number.to_string())
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
) -> Result<WithdrawalState, Refused> {
    actor.must(Act::Review)?;
    if withdrawal.state != WithdrawalState::Pending {
        return Err(withdrawal.refuse("approved"));
    }
    second_person(withdrawal, payee, actor, reviewers, now)?;
    holder_status.must_be_open(&withdrawal.holder.code)?;
    Ok(WithdrawalState::Approved(Approval {
        by: actor.user.clone(),
        at: now,
    }))
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

#[cfg(test)]
pub(super) mod tests;
