//! Distribution events: `draft -> calculated -> active -> completed`, and `cancelled` from the
//! first three.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    allocation::{Balance, allocate, percentages},
    code::Code,
    currency::Currency,
    hash::hex,
    id::{EventRef, HolderRef, ProjectRef, UserRef},
    quantity::{Amount, Percent, Tokens, Total},
    ratio,
    reviewers::{Hand, Reviewers},
    signed::Signed,
    time::{Date, Instant},
    token::Holding,
    user::{Act, Actor},
    words::words,
};

pub use super::status::EventStatus;

/// Where the proceeds come from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EventType {
    /// Running revenue.
    Revenue,
    /// A sale of the project.
    Exit,
    /// A dividend.
    Dividend,
    /// Anything else.
    Other,
}

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
    pub total_amount: Amount,
    /// The step of the allocation.
    pub unit: Amount,
    /// The day of the distribution.
    pub distribution_date: Date,
    /// The day whose holdings count.
    pub record_date: Date,
    /// The state.
    pub state: EventState,
    /// The allocated, paid and pending parts of the amount.
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
    /// All of it was paid.
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
    /// The net asset value on it, if one is known.
    pub nav: Option<Amount>,
    /// SHA-256 over the event's inputs and its ordered allocations, in hexadecimal.
    pub hash: String,
    /// Who calculated.
    pub by: UserRef,
    /// When.
    pub at: Instant,
}

/// Who approved, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: UserRef,
    /// When.
    pub at: Instant,
}

/// The last event of a project that was approved and not cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastApproved {
    /// The event.
    pub event: EventRef,
    /// When it was approved.
    pub approved_at: Instant,
    /// The tokens outstanding on its record date.
    pub tokens: Tokens,
}

/// Who had a hand in what is to be approved with an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventHands {
    /// In the event itself.
    pub event: Vec<Hand>,
    /// In what it is calculated from, since the project's last event was approved.
    pub register: Vec<Hand>,
    /// That last event.
    pub last: Option<Code>,
}

/// What a calculation gives, as people check it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalculationFigures {
    /// The holders with an allocation.
    pub holders: u64,
    /// The holders among them whose allocation is zero.
    pub holders_without_money: u64,
    /// The amount for one token, rounded to ten decimals.
    pub amount_per_token: String,
    /// The last event of the project that was approved.
    pub last_event: Option<Code>,
    /// The tokens outstanding on its record date.
    pub last_tokens: Option<Tokens>,
    /// How many more tokens are outstanding now.
    pub tokens_change: Option<Signed>,
}

/// The input of `event create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The total amount.
    pub total_amount: Amount,
    /// The allocation unit.
    pub unit: Amount,
    /// The day of the distribution.
    pub distribution_date: Date,
    /// The day whose holdings count.
    pub record_date: Date,
}

/// One holder's allocation as calculated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The holder.
    pub holder: HolderRef,
    /// The tokens held.
    pub tokens: Tokens,
    /// Their part of all tokens.
    pub percentage: Percent,
    /// The money.
    pub amount: Amount,
}

/// What a calculation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalculationResult {
    /// The allocations in ascending order of holder code.
    pub shares: Vec<Share>,
    /// All tokens outstanding.
    pub total_tokens: Tokens,
    /// The hash of inputs and allocations.
    pub hash: String,
}

words!(EventType);

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

    fn refuse(&self, verb: &'static str) -> Refused {
        Refused::EventState {
            event: self.event.code.clone(),
            status: self.status(),
            verb,
        }
    }
}

/// Decides whether an event may be created.
///
/// # Errors
/// [`Refused::EventUnitZero`], [`Refused::EventAmountZero`], [`Refused::EventAmountNotPayable`],
/// [`Refused::EventDates`].
pub fn create(actor: &Actor, new: &NewEvent) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    if new.unit.is_zero() {
        return Err(Refused::EventUnitZero);
    }
    if new.total_amount.is_zero() {
        return Err(Refused::EventAmountZero);
    }
    if !new.total_amount.is_multiple_of(new.unit) {
        return Err(Refused::EventAmountNotPayable {
            amount: new.total_amount,
            unit: new.unit,
        });
    }
    if new.record_date > new.distribution_date {
        return Err(Refused::EventDates {
            record_date: new.record_date,
            distribution_date: new.distribution_date,
        });
    }
    Ok(())
}

/// Decides whether an event may be calculated now, before its holdings are read.
///
/// # Errors
/// [`Refused::EventState`], [`Refused::RecordDateInFuture`].
pub fn may_calculate(event: &Event, actor: &Actor, today: Date) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    match event.state {
        EventState::Draft | EventState::Calculated(_) => {}
        EventState::Active(..) | EventState::Completed(..) | EventState::Cancelled { .. } => {
            return Err(event.refuse("calculated"));
        }
    }
    if event.record_date > today {
        return Err(Refused::RecordDateInFuture {
            event: event.event.code.clone(),
            record_date: event.record_date,
        });
    }
    Ok(())
}

/// Allocates an event over the holdings on its record date. The result does not depend on their
/// order.
///
/// # Errors
/// [`Refused::NoTokensOutstanding`], [`Refused::RegisterTooLarge`].
pub fn calculate(
    event: &Event,
    mut holdings: Vec<Holding>,
    nav: Option<Amount>,
) -> Result<CalculationResult, Refused> {
    holdings.retain(|holding| !holding.tokens.is_zero());
    holdings.sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    let tokens: Vec<Tokens> = holdings.iter().map(|holding| holding.tokens).collect();
    let Some(total_tokens) = total_tokens(&tokens) else {
        return Err(Refused::RegisterTooLarge {
            project: event.project.code.clone(),
            date: event.record_date,
        });
    };
    if total_tokens.is_zero() {
        return Err(Refused::NoTokensOutstanding {
            project: event.project.code.clone(),
            date: event.record_date,
        });
    }
    let parts = allocate(event.total_amount, event.unit, &tokens).zip(percentages(&tokens));
    let Some((amounts, percentages)) = parts else {
        return Err(Refused::EventAmountNotPayable {
            amount: event.total_amount,
            unit: event.unit,
        });
    };
    let shares: Vec<Share> = (holdings.into_iter().zip(amounts).zip(percentages))
        .map(|((holding, amount), percentage)| Share {
            holder: holding.holder,
            tokens: holding.tokens,
            percentage,
            amount,
        })
        .collect();
    let hash = calculation_hash(event, total_tokens, nav, shares.iter());
    Ok(CalculationResult {
        shares,
        total_tokens,
        hash,
    })
}

fn total_tokens(tokens: &[Tokens]) -> Option<Tokens> {
    let sum: Option<Total> = tokens.iter().copied().sum();
    sum.and_then(|sum| Tokens::from_units(sum.units()))
}

/// Hashes an event's inputs and its allocations in ascending order of holder code.
pub fn calculation_hash<'a>(
    event: &Event,
    total_tokens: Tokens,
    nav: Option<Amount>,
    shares: impl Iterator<Item = &'a Share>,
) -> String {
    let mut hasher = CalculationHasher::begin(event, total_tokens, nav);
    for Share {
        holder,
        tokens,
        percentage,
        amount,
    } in shares
    {
        hasher.add(&holder.code, *tokens, *percentage, *amount);
    }
    hasher.finish()
}

/// Hashes a calculation one allocation after the other.
///
/// The text that is hashed has one line `name=value` per input and one line `holder TAB tokens TAB
/// percentage TAB amount` per allocation, each ended by a line feed; numbers in canonical form.
#[derive(Debug)]
pub struct CalculationHasher {
    hasher: Sha256,
    /// Lines that are not hashed yet: the hash is faster over many.
    lines: String,
}

/// How many bytes are hashed in one go.
const MANY: usize = 4_096;

impl CalculationHasher {
    /// Begins with the inputs.
    pub fn begin(event: &Event, total_tokens: Tokens, nav: Option<Amount>) -> Self {
        let mut hasher = Sha256::new();
        let nav = nav.map_or_else(|| "none".to_owned(), Amount::canonical);
        hasher.update(format!(
            "prorata calculation 1\nevent={}\nproject={}\ntype={}\ncurrency={}\ntotal_amount={}\nunit={}\ndistribution_date={}\nrecord_date={}\ntotal_tokens={total_tokens}\nnav={nav}\n",
            event.event.id, event.project.id, event.event_type, event.currency, event.total_amount, event.unit,
            event.distribution_date, event.record_date,
        ));
        Self {
            hasher,
            lines: String::with_capacity(2 * MANY),
        }
    }

    /// Adds the next allocation.
    pub fn add(&mut self, holder: &Code, tokens: Tokens, percentage: Percent, amount: Amount) {
        let lines = &mut self.lines;
        lines.push_str(holder.as_str());
        lines.push('\t');
        tokens.write_canonical(lines);
        lines.push('\t');
        percentage.write_canonical(lines);
        lines.push('\t');
        amount.write_canonical(lines);
        lines.push('\n');
        if lines.len() >= MANY {
            self.hasher.update(&*lines);
            lines.clear();
        }
    }

    /// Ends with the hash in hexadecimal digits.
    pub fn finish(mut self) -> String {
        self.hasher.update(self.lines);
        hex(&self.hasher.finalize())
    }
}

/// Returns what an entry of the trail about an event says that its user did with it, if that keeps
/// the user from approving it.
pub fn work(activity: &str) -> Option<&'static str> {
    match activity {
        "event_created" => Some("created"),
        // Of several calculations the last one counts, and the event itself says whose it is.
        _ => None,
    }
}

/// Returns what a calculation gives, next to the last event of the project.
pub fn figures(
    event: &Event,
    shares: &[Share],
    total_tokens: Tokens,
    last: Option<&LastApproved>,
) -> CalculationFigures {
    let without_money = shares.iter().filter(|share| share.amount.is_zero()).count();
    let (now, before) = (
        Signed::from(total_tokens),
        last.map(|last| last.tokens.into()),
    );
    CalculationFigures {
        holders: u64::try_from(shares.len()).unwrap_or(u64::MAX),
        holders_without_money: u64::try_from(without_money).unwrap_or(u64::MAX),
        amount_per_token: ratio::per_token(event.total_amount, total_tokens),
        last_event: last.map(|last| last.event.code.clone()),
        last_tokens: last.map(|last| last.tokens),
        tokens_change: before.and_then(|before| now.checked_sub(before)),
    }
}

fn hands_in_event(event: &Event, calculation: &Calculation, hands: &EventHands) -> Vec<Hand> {
    let own = [
        (event.created_by.id, "created"),
        (calculation.by.id, "calculated"),
    ];
    let own = own.map(|(user, did)| Hand { user, did });
    [own.as_slice(), &hands.event].concat()
}

/// Returns everybody who had a hand in a calculated event and in what it is calculated from.
pub fn all_hands(event: &Event, hands: &EventHands) -> Vec<Hand> {
    let own = event.state.calculation();
    let own = own.map(|calculation| hands_in_event(event, calculation, hands));
    [own.unwrap_or_default(), hands.register.clone()].concat()
}

/// Refuses who had a hand in an event, or in what it is calculated from.
///
/// # Errors
/// [`Refused::EventSameActor`], [`Refused::EventSameRegisterActor`], [`Refused::NotAcknowledged`].
fn second_person(
    event: &Event,
    calculation: &Calculation,
    actor: &Actor,
    reviewers: &Reviewers,
    hands: &EventHands,
) -> Result<(), Refused> {
    let of_event = hands_in_event(event, calculation, hands);
    let all = [of_event.as_slice(), &hands.register].concat();
    let may = || reviewers.may_approve(&all);
    let (code, actor_code) = (|| event.event.code.clone(), || actor.user.code.clone());
    if let Some(did) = reviewers.bar(actor.user.id, &of_event) {
        return Err(Refused::EventSameActor {
            event: code(),
            actor: actor_code(),
            did,
            may: may(),
        });
    }
    if let Some(did) = reviewers.bar(actor.user.id, &hands.register) {
        return Err(Refused::EventSameRegisterActor {
            event: code(),
            actor: actor_code(),
            did,
            last: hands.last.clone(),
            may: may(),
        });
    }
    let what = format!("event `{}`", event.event.code);
    reviewers.must_be_acknowledged(&actor.user, &all, &what)
}

/// Decides whether an actor may approve an event as it is calculated now.
///
/// # Errors
/// [`Refused::EventState`], [`Refused::EventSameActor`], [`Refused::EventSameRegisterActor`],
/// [`Refused::HashMismatch`].
pub fn approve(
    event: &Event,
    actor: &Actor,
    reviewers: &Reviewers,
    hands: &EventHands,
    expected_hash: Option<&str>,
    now: Instant,
) -> Result<EventState, Refused> {
    actor.must(Act::Review)?;
    let EventState::Calculated(calculation) = &event.state else {
        return Err(event.refuse("approved"));
    };
    second_person(event, calculation, actor, reviewers, hands)?;
    if let Some(prefix) = expected_hash
        && !calculation.hash.starts_with(&prefix.to_ascii_lowercase())
    {
        return Err(Refused::HashMismatch {
            event: event.event.code.clone(),
            given: prefix.to_owned(),
            actual: calculation.hash.clone(),
        });
    }
    let approval = Approval {
        by: actor.user.clone(),
        at: now,
    };
    Ok(EventState::Active(calculation.clone(), approval))
}

/// Refuses if the register no longer gives the calculation that is to be approved.
///
/// # Errors
/// [`Refused::StaleCalculation`].
pub fn still_calculates(event: &Event, fresh_hash: &str) -> Result<(), Refused> {
    match event.state.calculation() {
        Some(calculation) if calculation.hash == fresh_hash => Ok(()),
        Some(_) | None => Err(stale(event)),
    }
}

/// Says that the register no longer gives the calculation.
pub fn stale(event: &Event) -> Refused {
    Refused::StaleCalculation {
        event: event.event.code.clone(),
    }
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

/// Returns the state that follows from what is paid: completed with the last payment, active again
/// after a return.
pub fn settle(state: EventState, balance: Balance, now: Instant) -> EventState {
    match state {
        EventState::Active(calculation, approval) if balance.is_paid_out() => {
            EventState::Completed(calculation, approval, now)
        }
        EventState::Completed(calculation, approval, _) if !balance.is_paid_out() => {
            EventState::Active(calculation, approval)
        }
        EventState::Draft
        | EventState::Calculated(_)
        | EventState::Active(..)
        | EventState::Completed(..)
        | EventState::Cancelled { .. } => state,
    }
}

#[cfg(test)]
pub(super) mod tests;
