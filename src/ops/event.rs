//! Distribution events: create, calculate, approve, cancel, read, explain.

use std::rc::Rc;

use chrono::Datelike as _;
use serde::Serialize;
use serde_json::json;

use super::pages::in_pages;
use super::{
    Error, Sink, about_event,
    books::Books,
    forward, named, requests, reserve, tax,
    withdrawal::{BatchTotals, cancel_for_event},
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        available_as::{AvailableAs, Payability},
        code::Code,
        consent::{Consent, Questions},
        event::{
            self, AllocationRow, CalculationFigures, ComponentDetail, Event, EventDetail,
            EventStatus, EventType, NewEvent, PartTax, TaxTerms, Taxable,
        },
        holder::Holder,
        holder_account::HolderAccount,
        quantity::Amount,
        session::Session,
        tax::{TaxRate, rate::FrozenRate},
        time::{Date, Instant},
        user::Act,
    },
    store::{self, AsOf, Done, EventFilter, Ledger, NewEventRow, Noun, Request, Tx, WriteTx},
};

mod approve;
mod basis;
mod calculate;
mod change;
mod deduct;
mod explain;
mod participation;

pub use approve::approve;
pub use basis::{BasisInput, ComponentInput};
use basis::{components_of, in_words, must_name, uncalculated};
pub use calculate::calculate;
pub use change::{Change, set};
pub use deduct::{DeductionGiven, DeductionInput, DeductionStep, change_deduction};
pub use explain::{allocation_components, explain};
pub use participation::{EventExclusion, everybody, exclude, include, participants};

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
    #[serde(flatten)]
    pub basis: BasisInput,
    /// The day of the distribution.
    pub date: Date,
    /// The day whose holdings count; the day of the distribution if none is given.
    pub record_date: Option<Date>,
    /// More about it.
    pub description: Option<String>,
    /// The allocation unit; the currency's minor unit if none is given.
    pub unit: Option<Amount>,
    /// What a holder must be owed before it is paid; the project's minimum if none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Amount>,
    /// What the money is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ComponentInput>,
    /// Why nothing is withheld from the whole event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_exempt: Option<String>,
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
    pub detail: EventDetail,
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
            basis: input.basis.of_new()?,
            components: components_of(&input.components)?,
            unit: input.unit.unwrap_or_else(|| project.currency.minor_unit()),
            distribution_date: input.date,
            record_date: input.record_date.unwrap_or(input.date),
            minimum: input.minimum.unwrap_or(project.minimum_payout),
            tax_exempt: input.tax_exempt.clone(),
        };
        event::create(&write.actor, &terms)?;
        let code = match &input.code {
            Some(code) => free_code(write, code)?,
            None => next_code(write, &project.project.code, input.date)?,
        };
        let taxable = Taxable {
            event: &code,
            event_type: input.event_type,
            components: terms.components.len(),
            exempt: terms.tax_exempt.as_deref(),
        };
        must_name(write, project.project.id, taxable)?;
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
        if let Some(event) = write.event_like(new.project, new.event_type, &new.terms)? {
            questions.ask(Refused::EventDuplicate {
                event,
                project: project.project.code,
                event_type: input.event_type.as_str(),
                currency: new.currency,
                amount: new.terms.basis.figure(),
                date: new.terms.distribution_date,
            })?;
        }
        let (number, named) = write.insert_event(&new)?;
        write.replace_components(named.id, &uncalculated(&new.terms.components))?;
        let event = write.event(number, AsOf::Now)?;
        let mut changes = terms_of(&event, &new.terms);
        if let (Some(reason), Some(fields)) = (&event.tax_exempt, changes.as_object_mut()) {
            fields.insert("tax_exempt_reason".to_owned(), json!(reason));
        }
        questions.mark(&mut changes);
        let fact = Fact::new(Activity::EventCreated, changes).about(about_event(&event));
        write.record(fact.moved(None, event.status().as_str()))?;
        Ok((number, event))
    })
}

/// Refuses a code that another event has.
fn free_code(write: &mut WriteTx<'_>, code: &Code) -> Result<Code, Error> {
    let (noun, code) = ("event", code.clone());
    if write.event_code_taken(&code)? {
        return Err(Refused::Exists { noun, code }.into());
    }
    Ok(code)
}

/// Says in an entry what an event distributes, and when.
fn terms_of(event: &Event, terms: &NewEvent) -> serde_json::Value {
    let mut changes = json!({
        "event": event.event.code,
        "type": event.event_type,
        "currency": event.currency,
        "total_amount": event.total.amount(),
        "unit": event.unit,
        "distribution_date": event.distribution_date,
        "record_date": event.record_date,
    });
    let more = [
        (
            "gross_proceeds",
            terms.basis.gross().map(|gross| json!(gross)),
        ),
        (
            "rate_per_unit",
            terms.basis.rate().map(|rate| json!(rate.per_token)),
        ),
        (
            "rounding",
            terms.basis.rate().map(|rate| json!(rate.rounding)),
        ),
    ];
    let components = (!terms.components.is_empty()).then(|| json!(in_words(&terms.components)));
    let more = more.into_iter().chain([("components", components)]);
    if let Some(changes) = changes.as_object_mut() {
        changes.extend(more.filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    changes
}

fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<Event, Error> {
    Ok(tx.event(number, AsOf::At(at))?)
}

/// Makes the first code that no event has, of the project and the quarter of the distribution date:
/// `PROJECT-2026-Q3`, then `PROJECT-2026-Q3-2`.
fn next_code(write: &mut WriteTx<'_>, project: &Code, date: Date) -> Result<Code, Error> {
    let period = format!("{project}-{}-Q{}", date.year(), date.month0() / 3 + 1);
    for number in 1_u32.. {
        let code = if number == 1 {
            Code::parse(&period)?
        } else {
            Code::parse(&format!("{period}-{number}"))?
        };
        if !write.event_code_used(&code)? {
            return Ok(code);
        }
    }
    Err(store::Error::bug("there are no more codes").into())
}

fn recall_summary(
    tx: &mut Tx<'_>,
    stored: (i64, CalculationFigures),
    at: Instant,
) -> Result<Summary, Error> {
    Ok(Summary {
        detail: detail_at(tx, stored.0, AsOf::At(at))?,
        figures: stored.1,
    })
}

fn recall_detail(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<EventDetail, Error> {
    detail_at(tx, number, AsOf::At(at))
}

/// Reads an event with who was excluded from it.
fn detail(write: &mut WriteTx<'_>, number: i64) -> Result<EventDetail, Error> {
    detail_at(write, number, AsOf::Now)
}

fn detail_at(tx: &mut Tx<'_>, number: i64, as_of: AsOf) -> Result<EventDetail, Error> {
    let event = tx.event(number, as_of)?;
    let excluded = tx.excluded(&event)?;
    let deductions = tx.deductions(event.event.id, as_of)?;
    let components = tx.components(event.event.id, as_of)?.into_iter();
    let terms = tx.tax_terms(&event)?;
    let rate = |at| match &terms {
        Some(terms) => terms.rate_of(at),
        None => event.state.calculation().map(|_| TaxRate::ZERO),
    };
    let components = components
        .enumerate()
        .map(|(at, component)| ComponentDetail {
            component,
            rate: rate(at),
        })
        .collect();
    Ok(EventDetail {
        event,
        deductions,
        components,
        excluded,
    })
}

fn find(write: &mut WriteTx<'_>, given: &str) -> Result<Event, Error> {
    let number = write.resolve(Noun::Event, given)?;
    let event = write.event(number, AsOf::Now)?;
    write.concern = about_event(&event);
    Ok(event)
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
        forward::undo(write, &event, &mut books)?;
        reserve::undo(write, &event)?;
        tax::items::cancel(write, &event)?;
        let balance = books.take(&event);
        write.update_event(&event, &state, event.sums(balance))?;
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
        let filter = EventFilter {
            project: named::project(tx, filter.project.as_deref(), as_of)?,
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
pub fn show(ledger: &mut Ledger, given: &str) -> Result<EventDetail, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Event, given)?;
        detail_at(tx, number, AsOf::Now)
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
    each: Sink<'_, AllocationRow>,
) -> Result<(), Error> {
    in_pages(ledger, as_of, each, |tx, start, take| {
        let number = tx.resolve_at(Noun::Event, given, start.as_of)?;
        let event = Rc::new(tx.event(number, start.as_of)?);
        let rates = tx.tax_terms(&event)?;
        // A past state is read from its first row.
        let (after, mut behind) = match start.as_of {
            AsOf::Now => (start.after, None),
            AsOf::At(_) => (None, start.after),
        };
        tx.each_allocation_row(&event, after, start.as_of, |mut row| {
            let holder = row.allocation.holder.id;
            if behind.is_some() {
                behind = behind.filter(|last| *last != holder);
                return Ok(());
            }
            row.allocation.tax_rate = rate_of(rates.as_ref(), row.allocation.tax_class);
            take(holder, row)
        })
    })
}

/// Reads the allocation of a holder as it is listed, as of `as_of`.
pub(in crate::ops) fn allocation_row(
    tx: &mut Tx<'_>,
    event: Rc<Event>,
    holder: &Holder,
    as_of: AsOf,
) -> Result<Option<AllocationRow>, Error> {
    let Some(mut allocation) = tx.allocation(&event.event, holder.holder.id, as_of)? else {
        return Ok(None);
    };
    allocation.tax_rate = rate_of(tx.tax_terms(&event)?.as_ref(), allocation.tax_class);
    let accounts = tx.holder_accounts(holder.holder.id, as_of)?;
    let account = HolderAccount::for_currency(&accounts, event.currency);
    let payability = Payability {
        status: &holder.status,
        bank: account.map(|account| &account.bank),
    };
    let available = allocation.balance.available();
    Ok(Some(AllocationRow {
        available_as: AvailableAs::of(available, event.currency, payability),
        allocation,
        event,
    }))
}

/// Returns the rate of all of an allocation, if its components have one.
fn rate_of(terms: Option<&TaxTerms>, class: Option<u32>) -> Option<FrozenRate> {
    match terms {
        None => Some(PartTax::NONE.rate),
        Some(terms) => terms.one_rate(class),
    }
}
