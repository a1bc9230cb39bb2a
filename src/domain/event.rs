//! Distribution events: `draft -> calculated -> active -> completed`, and `cancelled` from the
//! first three.

use super::{
    Refused,
    allocation::Balance,
    code::ProposalNumber,
    currency::Currency,
    id::{EventRef, ProjectRef, UserRef},
    quantity::{Amount, Tokens},
    tax::profile::TaxProfileRef,
    time::{Date, Instant},
    user::{Act, Actor},
};

mod approval;
mod basis;
mod calculation;
mod columns;
mod components;
mod detail;
mod participation;
mod proceeds;
#[cfg(test)]
mod properties;
mod rate;
mod share;
mod still_owed;
#[cfg(test)]
pub(super) mod tests;
mod whole;
mod withheld;

pub use super::{decision::Approval, event_type::EventType, status::EventStatus};
pub use approval::{EventHands, LastApproved, approve, work};
use basis::check_basis;
pub use basis::{Basis, BasisParts, EventTotal};
pub use calculation::{
    CalculationFigures, CalculationHasher, CalculationResult, Frozen, Inputs, calculate,
    calculation_hash, figures, may_calculate, stale, still_calculates,
};
pub use columns::{ComponentColumn, StoredParts, calculated_amounts};
pub use components::{
    ComponentAmount, ComponentTerm, EventComponent, NewComponent, check_component_units,
    check_components, component_amounts, split_components,
};
pub use detail::{AllocationRow, ComponentDetail, EventDetail, Everybody, ExcludedRow, HistoryRow};
pub use participation::{
    Choice, Choices, Excluded, Exclusion, Participation, Policy, PolicyKind, StandingExclusion,
    exclude_standing, exclusion_reason, include_standing, may_exclude, settle_participation,
    would_be,
};
pub use proceeds::{
    Deducted, Deduction, DeductionBase, DeductionChange, DeductionKind, DeductionName,
    DeductionTerm, change_deductions, deduct, given_deductions, left_of,
};
pub use rate::{DeclaredRate, amounts_of_rate, exact_product, total_of_rate};
pub use share::{Share, ShareFigures};
pub use still_owed::{StoredTax, still_owes};
pub use whole::own_parts;
pub use withheld::{EventTax, PartTax, TaxInputs, TaxTerms, Taxable, must_name_components};

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The row number.
    pub number: i64,
    /// The id and code.
    pub event: EventRef,
    /// The project.
    pub project: ProjectRef,
    /// Where the proceeds come from.
    pub event_type: EventType,
    /// The title.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// The project's currency.
    pub currency: Currency,
    /// What is distributed: above zero, a multiple of `unit`.
    pub total: EventTotal,
    /// The step of the allocation.
    pub unit: Amount,
    /// The day of the distribution.
    pub distribution_date: Date,
    /// The day whose holdings count.
    pub record_date: Date,
    /// What a holder must be owed before it is paid; what is below it is carried forward.
    pub minimum: Amount,
    /// Why nothing is withheld from the whole event, if that was said.
    pub tax_exempt: Option<String>,
    /// The proposal with which it was imported, if it is of the past: its amounts were given.
    pub history: Option<ProposalNumber>,
    /// The state.
    pub state: EventState,
    /// What of the amount the fund keeps, since the holders it would go to take no part.
    pub retained: Amount,
    /// The allocated, paid and pending parts of the rest.
    pub balance: Balance,
    /// Who created it.
    pub created_by: UserRef,
    /// When it was created.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// The state of an event, with its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventState {
    /// Created.
    Draft,
    /// Allocated, not approved.
    Calculated(Calculation),
    /// Approved: holders may withdraw.
    Active(Calculation, Approval),
    /// Nothing of it is pending or available any more.
    Completed(Calculation, Approval, Instant),
    /// Given up before anything was paid.
    Cancelled {
        /// The calculation, if it got that far.
        calculation: Option<Calculation>,
        /// The approval, if it got that far.
        approval: Option<Approval>,
        /// Who cancelled it.
        by: UserRef,
        /// When.
        at: Instant,
        /// Why.
        reason: String,
    },
}

/// A frozen snapshot and the hash of what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculation {
    /// The date of the holdings.
    pub snapshot_date: Date,
    /// All tokens outstanding on it.
    pub total_tokens: Tokens,
    /// Those of them that the amount is divided over.
    pub counted_tokens: Tokens,
    /// The net asset value on it, if one is known.
    pub nav: Option<Amount>,
    /// How many holders have an allocation.
    pub holders: u64,
    /// How many of these allocations are zero.
    pub holders_without_money: u64,
    /// The profile whose rates it withholds, if the project has one.
    pub tax_profile: Option<TaxProfileRef>,
    /// SHA-256 over the event's inputs and its ordered allocations, in hexadecimal.
    pub hash: String,
    /// Who calculated.
    pub by: UserRef,
    /// When.
    pub at: Instant,
}

/// The input of `event create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// What the total follows from.
    pub basis: Basis,
    /// What the money is.
    pub components: Vec<NewComponent>,
    /// The allocation unit.
    pub unit: Amount,
    /// The day of the distribution.
    pub distribution_date: Date,
    /// The day whose holdings count.
    pub record_date: Date,
    /// What a holder must be owed before it is paid.
    pub minimum: Amount,
    /// Why nothing is withheld from the whole event, if that was said.
    pub tax_exempt: Option<String>,
}

impl EventState {
    /// Names the state.
    pub const fn status(&self) -> EventStatus {
        match self {
            Self::Draft => EventStatus::Draft,
            Self::Calculated(_) => EventStatus::Calculated,
            Self::Active(..) => EventStatus::Active,
            Self::Completed(..) => EventStatus::Completed,
            Self::Cancelled { .. } => EventStatus::Cancelled,
        }
    }

    /// Returns the calculation, if there is one.
    pub const fn calculation(&self) -> Option<&Calculation> {
        match self {
            Self::Draft => None,
            Self::Calculated(calculation)
            | Self::Active(calculation, _)
            | Self::Completed(calculation, _, _) => Some(calculation),
            Self::Cancelled { calculation, .. } => calculation.as_ref(),
        }
    }

    /// Returns the tax profile of the calculation, if it withholds tax.
    pub fn tax_profile(&self) -> Option<&TaxProfileRef> {
        self.calculation()?.tax_profile.as_ref()
    }

    /// Returns the approval, if there is one.
    pub const fn approval(&self) -> Option<&Approval> {
        match self {
            Self::Draft | Self::Calculated(_) => None,
            Self::Active(_, approval) | Self::Completed(_, approval, _) => Some(approval),
            Self::Cancelled { approval, .. } => approval.as_ref(),
        }
    }
}

impl Event {
    /// Names the state.
    pub const fn status(&self) -> EventStatus {
        self.state.status()
    }

    /// Returns whether it was imported with its amounts, not calculated.
    pub const fn is_imported(&self) -> bool {
        self.history.is_some()
    }

    /// Returns since when its money is owed: an imported event has been owed since its own day, every
    /// other one since its approval.
    pub fn owed_since(&self) -> Option<Date> {
        let approved = self.state.approval()?.at.date();
        Some(if self.is_imported() {
            self.distribution_date
        } else {
            approved
        })
    }

    /// Returns the sums with another balance.
    pub const fn sums(&self, balance: Balance) -> EventSums {
        EventSums {
            total: self.total.amount(),
            retained: self.retained,
            balance,
        }
    }

    fn refuse(&self, verb: &'static str) -> Refused {
        Refused::EventState {
            event: self.event.code.clone(),
            status: self.status(),
            verb,
        }
    }
}

/// The sums of an event, as they change with its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventSums {
    /// What is distributed.
    pub total: Option<Amount>,
    /// What of it the fund keeps.
    pub retained: Amount,
    /// What became of the rest.
    pub balance: Balance,
}

/// Decides whether what an event distributes, or who takes part in it, may be changed.
///
/// # Errors
/// [`Refused::EventState`] once it is approved or cancelled.
pub fn may_change(event: &Event, actor: &Actor) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    match event.state {
        EventState::Draft | EventState::Calculated(_) => Ok(()),
        EventState::Active(..) | EventState::Completed(..) | EventState::Cancelled { .. } => {
            Err(event.refuse("changed"))
        }
    }
}

/// Decides whether an event may be created.
///
/// # Errors
/// [`Refused::EventUnitZero`], [`Refused::EventAmountZero`], [`Refused::EventAmountNotPayable`],
/// [`Refused::EventDates`], and those of [`component_amounts`].
pub fn create(actor: &Actor, new: &NewEvent) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    if new.unit.is_zero() {
        return Err(Refused::EventUnitZero);
    }
    check_basis(new.basis, new.unit, &new.components)?;
    if new.record_date > new.distribution_date {
        return Err(Refused::EventDates {
            record_date: new.record_date,
            distribution_date: new.distribution_date,
        });
    }
    Ok(())
}

/// Decides whether an event may be cancelled.
///
/// # Errors
/// [`Refused::EventState`], [`Refused::ReasonMissing`], [`Refused::EventPaid`].
pub fn cancel(
    event: &Event,
    actor: &Actor,
    reason: &str,
    now: Instant,
) -> Result<EventState, Refused> {
    actor.must(Act::Record)?;
    match event.state {
        EventState::Draft | EventState::Calculated(_) | EventState::Active(..) => {}
        // Completed without a payment: all of it was carried forward, retained or withheld.
        EventState::Completed(..) if event.balance.withdrawn().is_zero() => {}
        EventState::Completed(..) | EventState::Cancelled { .. } => {
            return Err(event.refuse("cancelled"));
        }
    }
    if reason.trim().is_empty() {
        return Err(Refused::ReasonMissing { verb: "cancel" });
    }
    if !event.balance.withdrawn().is_zero() {
        let (event, paid, currency) = (
            event.event.code.clone(),
            event.balance.withdrawn(),
            event.currency,
        );
        return Err(Refused::EventPaid {
            event,
            paid,
            currency,
        });
    }
    Ok(EventState::Cancelled {
        calculation: event.state.calculation().cloned(),
        approval: event.state.approval().cloned(),
        by: actor.user.clone(),
        at: now,
        reason: reason.trim().to_owned(),
    })
}

/// Returns the state that follows from the balance: completed as soon as nothing is pending and
/// nothing available, active again if something is.
pub fn settle(state: EventState, balance: Balance, now: Instant) -> EventState {
    match state {
        EventState::Active(calculation, approval) if balance.is_settled() => {
            EventState::Completed(calculation, approval, now)
        }
        EventState::Completed(calculation, approval, _) if !balance.is_settled() => {
            EventState::Active(calculation, approval)
        }
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Active(..)
        | EventState::Completed(..)
        | EventState::Cancelled { .. } => state,
    }
}
