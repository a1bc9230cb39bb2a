//! Distribution events: create, calculate, approve, cancel, read, explain.

use std::rc::Rc;

use serde::Serialize;
use serde_json::json;

use super::{
    Error, Sink, about_event,
    books::Books,
    mark_unacknowledged, requests,
    withdrawal::{BatchTotals, cancel_for_event},
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        allocation::{Allocation, Balance, ExactShare, largest_remainder},
        code::Code,
        consent::{Consent, Questions},
        event::{
            self, Calculation, CalculationFigures, CalculationResult, Event, EventHands,
            EventState, EventStatus, EventType, LastApproved, NewEvent, Share,
        },
        explanation::AllocationExplanation,
        quantity::Amount,
        reviewers::Hand,
        session::Session,
        time::Date,
        user::{Act, FourEyes},
    },
    store::{
        self, AsOf, Done, EventFilter, Ledger, NewEventRow, Noun, PaymentFilter, RegisterSpan,
        Request, Tx, WithdrawalFilter, WriteTx,
    },
};

/// An event to be created, as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// The code; `PROJECT-YYYY-NN` if none is given.
    pub code: Option<Code>,
    /// The project.
    pub project: String,
    /// Where the proceeds come from.
    pub event_type: EventType,
    /// The title.
    pub title: String,
    /// What is distributed.
    pub amount: Amount,
    /// The day of the distribution.
    pub date: Date,
    /// The day whose holdings count; the day of the distribution if none is given.
    pub record_date: Option<Date>,
    /// More about it.
    pub description: Option<String>,
    /// The allocation unit; the currency's minor unit if none is given.
    pub unit: Option<Amount>,
}

/// Which events are listed, as the command line names them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this project.
    pub project: Option<String>,
    /// In this state.
    pub status: Option<EventStatus>,
    /// Of this type.
    pub event_type: Option<EventType>,
    /// Distributed on or after this day.
    pub from: Option<Date>,
    /// Distributed on or before this day.
    pub to: Option<Date>,
}

/// What a calculation made or an approval approves: the event, and what it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The event.
    pub event: Event,
    /// The figures.
    pub figures: CalculationFigures,
}

/// Creates a draft.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::Exists`], those of [`event::create`], and
/// [`Refused::EventDuplicate`] unless it was agreed to.
pub fn create(
    ledger: &mut Ledger,
    session: Session,
    input: &Input,
    consent: &Consent,
) -> Result<Done<Event>, Error> {
    let request = Request {
        command: "event create",
        activity: Activity::EventCreated,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let number = write.resolve(Noun::Project, &input.project)?;
        let project = write.project(number, AsOf::Now)?;
        write.concern.project = Some(project.project.id);
        let terms = NewEvent {
            total_amount: input.amount,
            unit: input.unit.unwrap_or_else(|| project.currency.minor_unit()),
            distribution_date: input.date,
            record_date: input.record_date.unwrap_or(input.date),
        };
        event::create(&write.actor, &terms)?;
        let code = match &input.code {
            Some(code) if write.event_code_used(code)? => {
                return Err(Refused::Exists {
                    noun: "event",
                    code: code.clone(),
                }
                .into());
            }
            Some(code) => code.clone(),
            None => next_code(write, &project.project.code, input.date)?,
        };
        let new = NewEventRow {
            code,
            project: project.project.id,
            event_type: input.event_type,
            title: input.title.clone(),
            description: input.description.clone(),
            currency: project.currency,
            terms,
        };
        let mut questions = Questions::new(consent);
        if let Some(event) = write.event_like(&new)? {
            questions.ask(Refused::EventDuplicate {
                event,
                project: project.project.code,
                event_type: input.event_type.as_str(),
                currency: new.currency,
                amount: new.terms.total_amount,
                date: new.terms.distribution_date,
            })?;
        }
        let (number, _) = write.insert_event(&new)?;
        let event = write.event(number, AsOf::Now)?;
        let mut changes = terms_of(&event);
        questions.mark(&mut changes);
        let fact = Fact::new(Activity::EventCreated, changes).about(about_event(&event));
        write.record(fact.moved(None, event.status().as_str()))?;
        Ok((number, event))
    })
}

/// Says in an entry what an event distributes, and when.
fn terms_of(event: &Event) -> serde_json::Value {
    json!({
        "event": event.event.code,
        "type": event.event_type,
        "currency": event.currency,
        "total_amount": event.total_amount,
        "unit": event.unit,
        "distribution_date": event.distribution_date,
        "record_date": event.record_date,
    })
}

fn recall(tx: &mut Tx<'_>, number: i64, at: crate::domain::time::Instant) -> Result<Event, Error> {
    Ok(tx.event(number, AsOf::At(at))?)
}

/// Makes the first code `PROJECT-YYYY-NN` that no event has.
fn next_code(write: &mut WriteTx<'_>, project: &Code, date: Date) -> Result<Code, Error> {
    let year = date.format("%Y").to_string();
    for number in 1_u32.. {
        let code = Code::parse(&format!("{project}-{year}-{number:02}"))?;
        if !write.event_code_used(&code)? {
            return Ok(code);
        }
    }
    Err(store::Error::bug("there are no more codes").into())
}

/// Takes the snapshot of the record date and allocates the amount over it.
///
/// # Errors
/// Those of [`event::may_calculate`] and [`event::calculate`].
pub fn calculate(
    ledger: &mut Ledger,
    session: Session,
    given: &str,
) -> Result<Done<Summary>, Error> {
    let request = Request {
        command: "event calculate",
        activity: Activity::AllocationsCalculated,
        input: &requests::EventCalculation { event: given },
    };
    ledger.write(session, request, recall_summary, |write| {
        let event = find(write, given)?;
        event::may_calculate(&event, &write.actor, write.today)?;
        let (calculated, nav) = calculate_now(write, &event)?;
        write.replace_allocations(&event, &calculated.shares)?;
        let calculation = Calculation {
            snapshot_date: event.record_date,
            total_tokens: calculated.total_tokens,
            nav,
            hash: calculated.hash,
            by: write.actor.user.clone(),
            at: write.now,
        };
        let last = write.last_approved(event.project.id, event.event.id)?;
        let (shares, total) = (&calculated.shares, calculated.total_tokens);
        let figures = event::figures(&event, shares, total, last.as_ref());
        let changes = json!({
            "event": event.event.code,
            "holders": figures.holders,
            "total_lp_tokens": calculation.total_tokens,
            "nav": calculation.nav,
            "calculation_hash": calculation.hash,
            "replaces": event.state.calculation().map(|earlier| &earlier.hash),
        });
        write.update_event(
            &event,
            &EventState::Calculated(calculation),
            Balance::of(event.total_amount),
        )?;
        let fact = Fact::new(Activity::AllocationsCalculated, changes).about(about_event(&event));
        write.record(fact.moved(
            Some(event.status().as_str()),
            EventStatus::Calculated.as_str(),
        ))?;
        let event = write.event(event.number, AsOf::Now)?;
        Ok(((event.number, figures.clone()), Summary { event, figures }))
    })
}

fn recall_summary(
    tx: &mut Tx<'_>,
    stored: (i64, CalculationFigures),
    at: crate::domain::time::Instant,
) -> Result<Summary, Error> {
    Ok(Summary {
        event: tx.event(stored.0, AsOf::At(at))?,
        figures: stored.1,
    })
}

/// Reads who had a hand in an event and in what it is calculated from.
fn hands(
    write: &mut WriteTx<'_>,
    event: &Event,
    last: Option<&LastApproved>,
) -> Result<EventHands, Error> {
    let work = write.work_on_event(event.event.id)?.into_iter();
    let of_event = work.filter_map(|entry| {
        Some(Hand {
            user: entry.user,
            did: event::work(&entry.activity)?,
        })
    });
    let span = RegisterSpan {
        project: event.project.id,
        until: event.record_date,
        since: last.map(|last| last.approved_at),
    };
    let recorders = write.recorders(span)?.into_iter();
    Ok(EventHands {
        event: of_event.collect(),
        register: recorders
            .map(|user| Hand {
                user,
                did: "recorded register entries that count for",
            })
            .collect(),
        last: last.map(|last| last.event.code.clone()),
    })
}

fn calculate_now(
    write: &mut WriteTx<'_>,
    event: &Event,
) -> Result<(CalculationResult, Option<Amount>), Error> {
    let holdings = write.holdings(event.project.id, event.record_date)?;
    let nav = write
        .nav_on(event.project.id, event.record_date, AsOf::Now)?
        .map(|(_, amount)| amount);
    Ok((event::calculate(event, holdings, nav)?, nav))
}

fn find(write: &mut WriteTx<'_>, given: &str) -> Result<Event, Error> {
    let number = write.resolve(Noun::Event, given)?;
    let event = write.event(number, AsOf::Now)?;
    write.concern = about_event(&event);
    Ok(event)
}

/// Approves a calculation, after the register was seen to still give it. What is approved is
/// exactly what is paid.
///
/// # Errors
/// Those of [`event::approve`] and [`event::still_calculates`].
pub fn approve(
    ledger: &mut Ledger,
    session: Session,
    given: &str,
    hash: Option<&str>,
) -> Result<Done<Summary>, Error> {
    let request = Request {
        command: "event approve",
        activity: Activity::EventApproved,
        input: &requests::EventApproval { event: given, hash },
    };
    ledger.write(session, request, recall_summary, |write| {
        let event = find(write, given)?;
        let last = write.last_approved(event.project.id, event.event.id)?;
        let reviewers = write.reviewers()?;
        let hands = match reviewers.four_eyes {
            FourEyes::On => hands(write, &event, last.as_ref())?,
            FourEyes::Off => EventHands::default(),
        };
        let (actor, now) = (&write.actor, write.now);
        let state = event::approve(&event, actor, &reviewers, &hands, hash, now)?;
        event::still_calculates(&event, &stored_hash(write, &event)?)?;
        let figures = match calculate_now(write, &event) {
            Ok((fresh, _)) => {
                event::still_calculates(&event, &fresh.hash)?;
                event::figures(&event, &fresh.shares, fresh.total_tokens, last.as_ref())
            }
            Err(Error::Refused(_)) => {
                return Err(event::stale(&event).into());
            }
            Err(error) => return Err(error),
        };
        write.update_event(&event, &state, event.balance)?;
        let mut changes = json!({
            "event": event.event.code,
            "calculation_hash": event.state.calculation().map(|calculation| &calculation.hash),
            "total_amount": event.total_amount,
        });
        let all_hands = event::all_hands(&event, &hands);
        let waits = reviewers.unacknowledged(write.actor.user.id, &all_hands);
        mark_unacknowledged(&mut changes, waits.as_ref());
        let fact = Fact::new(Activity::EventApproved, changes).about(about_event(&event));
        write.record(fact.moved(Some(event.status().as_str()), state.status().as_str()))?;
        let event = write.event(event.number, AsOf::Now)?;
        Ok(((event.number, figures.clone()), Summary { event, figures }))
    })
}

/// Hashes the allocations of the ledger: they are what will be paid.
fn stored_hash(write: &mut WriteTx<'_>, event: &Event) -> Result<String, Error> {
    let Some(calculation) = event.state.calculation() else {
        return Ok(String::new());
    };
    let mut shares = Vec::new();
    write.each_allocation(&event.event, AsOf::Now, |allocation| {
        shares.push(Share {
            holder: allocation.holder,
            tokens: allocation.tokens,
            percentage: allocation.percentage,
            amount: allocation.balance.allocated(),
        });
        Ok::<_, Error>(())
    })?;
    Ok(event::calculation_hash(
        event,
        calculation.total_tokens,
        calculation.nav,
        shares.iter(),
    ))
}

/// Which event is cancelled, and why.
#[derive(Clone, Copy, Debug)]
pub struct Cancellation<'a> {
    /// The event.
    pub event: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Cancels an event and, in the same transaction, its pending and approved withdrawals.
///
/// # Errors
/// Those of [`event::cancel`].
pub fn cancel(
    ledger: &mut Ledger,
    session: Session,
    cancellation: Cancellation<'_>,
    confirmed: Option<&BatchTotals>,
) -> Result<Done<Event>, Error> {
    let Cancellation {
        event: given,
        reason,
    } = cancellation;
    let request = Request {
        command: "event cancel",
        activity: Activity::EventCancelled,
        input: &requests::EventCancellation {
            event: given,
            reason,
        },
    };
    ledger.write(session, request, recall, |write| {
        let event = find(write, given)?;
        let state = event::cancel(&event, &write.actor, reason, write.now)?;
        let mut books = Books::default();
        let cancelled = cancel_for_event(write, &event, &mut books)?;
        cancelled.must_be(confirmed)?;
        let balance = books.take(&event);
        write.update_event(&event, &state, balance)?;
        let changes =
            json!({ "event": event.event.code, "reason": reason.trim(), "withdrawals_cancelled": cancelled.count });
        let fact = Fact::new(Activity::EventCancelled, changes).about(about_event(&event));
        write.record(fact.moved(Some(event.status().as_str()), state.status().as_str()))?;
        Ok((event.number, write.event(event.number, AsOf::Now)?))
    })
}

/// Lists events, in order of distribution date and code.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    filter: &Filter,
    as_of: AsOf,
    each: Sink<'_, Event>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let project = filter
            .project
            .as_deref()
            .map(|project| tx.resolve(Noun::Project, project))
            .transpose()?;
        let filter = EventFilter {
            project: project
                .map(|number| tx.project(number, AsOf::Now))
                .transpose()?
                .map(|project| project.project.id),
            status: filter.status,
            event_type: filter.event_type,
            from: filter.from,
            to: filter.to,
        };
        tx.events(&filter, as_of)?
            .into_iter()
            .try_for_each(|event| each(event).map_err(Error::Output))
    })
}

/// Reads one event.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<Event, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Event, given)?;
        Ok(tx.event(number, AsOf::Now)?)
    })
}

/// Lists an event's allocations, in order of holder code, each with the event as of
/// `as_of`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn allocations(
    ledger: &mut Ledger,
    given: &str,
    as_of: AsOf,
    each: Sink<'_, (Allocation, Rc<Event>)>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Event, given, as_of)?;
        let event = Rc::new(tx.event(number, as_of)?);
        tx.each_allocation(&event.event, as_of, |allocation| {
            each((allocation, Rc::clone(&event))).map_err(Error::Output)
        })
    })
}

/// Explains a holder's allocation: holding, exact share, spare unit, and every request and payment.
///
/// # Errors
/// [`Refused::NoAllocation`], or what the file refuses.
pub fn explain(
    ledger: &mut Ledger,
    event: &str,
    holder: &str,
) -> Result<AllocationExplanation, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Event, event)?;
        let event = tx.event(number, AsOf::Now)?;
        let number = tx.resolve(Noun::Holder, holder)?;
        let holder = tx.holder(number, AsOf::Now)?.holder;
        let allocation = tx.allocation(&event.event, holder.id, AsOf::Now)?;
        let nothing = || Refused::NoAllocation {
            holder: holder.code.clone(),
            event: event.event.code.clone(),
        };
        let allocation = allocation.ok_or_else(nothing)?;
        let part = part_of(&event, &allocation).ok_or_else(|| {
            store::Error::bug("an allocation does not follow from its event's snapshot")
        })?;
        let (mut withdrawals, mut payments) = (Vec::new(), Vec::new());
        let (of_event, of_holder) = (Some(event.event.id), Some(holder.id));
        let filter = WithdrawalFilter {
            event: of_event,
            holder: of_holder,
            ..WithdrawalFilter::default()
        };
        tx.each_withdrawal(&filter, AsOf::Now, |withdrawal| {
            withdrawals.push(withdrawal);
            Ok::<_, Error>(())
        })?;
        let filter = PaymentFilter {
            event: of_event,
            holder: of_holder,
            status: None,
        };
        tx.each_payment(&filter, AsOf::Now, |payment| {
            payments.push(payment);
            Ok::<_, Error>(())
        })?;
        Ok(AllocationExplanation {
            event,
            allocation,
            part,
            withdrawals,
            payments,
        })
    })
}

/// Splits the event's units over this holding and all others together: floor and remainder are the
/// same as in the whole.
fn part_of(event: &Event, allocation: &Allocation) -> Option<ExactShare> {
    let total = event.state.calculation()?.total_tokens;
    let others = total.checked_sub(allocation.tokens)?;
    let units = event.total_amount.units().checked_div(event.unit.units())?;
    let own = largest_remainder(units, &[allocation.tokens.units(), others.units()])?
        .into_iter()
        .next()?;
    let floor = own.floor.checked_mul(event.unit.units())?;
    Some(ExactShare {
        spare: allocation.balance.allocated().units() > floor,
        ..own
    })
}
