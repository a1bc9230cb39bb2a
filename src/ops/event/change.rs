//! `event set`: what an event distributes is changed before its approval.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    basis::{
        BasisInput, ComponentInput, components_of, given_components, in_words, must_keep_proceeds,
        must_name, uncalculated,
    },
    find, recall_detail,
};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        allocation::Balance,
        consent::{Consent, Questions},
        event::{
            self, Basis, Event, EventDetail, EventState, EventStatus, EventSums, EventTotal,
            EventType, NewComponent, NewEvent, Taxable, deduct, given_deductions,
        },
        quantity::Amount,
        session::Session,
        time::Date,
    },
    ops::{Error, about_event, reserve},
    store::{AsOf, Done, EventTexts, Ledger, Request, WriteTx},
};

/// What is to change of an event.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Change {
    /// The event.
    pub event: String,
    /// Where the proceeds come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<EventType>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What is distributed.
    #[serde(flatten)]
    pub basis: BasisInput,
    /// What the money is; an empty list if nothing is said about it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub components: Option<Vec<ComponentInput>>,
    /// The day of the distribution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The day whose holdings count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_date: Option<Date>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The allocation unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Amount>,
    /// What a holder must be owed before it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Amount>,
    /// Why nothing is withheld from the whole event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_exempt: Option<String>,
}

/// Changes a draft or calculated event, and takes it back to draft.
///
/// # Errors
/// Those of [`event::may_change`] and [`event::create`]; [`Refused::EventDuplicate`] unless it was
/// agreed to.
pub fn set(
    ledger: &mut Ledger,
    session: Session,
    input: &Change,
    consent: &Consent,
) -> Result<Done<EventDetail>, Error> {
    let request = Request {
        command: "event set",
        activity: Activity::EventChanged,
        input,
    };
    ledger.write(session, request, recall_detail, |write| {
        let event = find(write, &input.event)?;
        event::may_change(&event, &write.actor)?;
        let was = given_components(write.components(event.event.id, AsOf::Now)?);
        let terms = NewEvent {
            basis: input.basis.after(event.total.basis())?,
            components: match &input.components {
                Some(given) => components_of(given)?,
                None => was.clone(),
            },
            unit: input.unit.unwrap_or(event.unit),
            distribution_date: input.date.unwrap_or(event.distribution_date),
            record_date: input.record_date.unwrap_or(event.record_date),
            minimum: input.minimum.unwrap_or(event.minimum),
            tax_exempt: input
                .tax_exempt
                .clone()
                .or_else(|| event.tax_exempt.clone()),
        };
        event::create(&write.actor, &terms)?;
        let texts = EventTexts {
            event_type: input.event_type.unwrap_or(event.event_type),
            title: input.title.as_ref().unwrap_or(&event.title),
            description: input.description.as_ref().or(event.description.as_ref()),
        };
        let taxable = Taxable {
            event: &event.event.code,
            event_type: texts.event_type,
            components: terms.components.len(),
            exempt: terms.tax_exempt.as_deref(),
        };
        must_name(write, event.project.id, taxable)?;
        let changes = changes((&event, &was), &terms, texts);
        if changes.is_empty() {
            return Ok((event.number, super::detail(write, event.number)?));
        }
        let mut questions = Questions::new(consent);
        ask_if_like_another(write, &event, (&terms, texts.event_type), &mut questions)?;
        let draft = back_to_draft(write, &event)?;
        let total = deduct_again(write, &draft, &terms)?;
        write.change_event(&draft, &terms, total, texts)?;
        write.replace_components(event.event.id, &uncalculated(&terms.components))?;
        let mut all = Map::new();
        all.insert("event".to_owned(), json!(event.event.code));
        all.extend(changes);
        let mut all = Value::Object(all);
        questions.mark(&mut all);
        let fact = Fact::new(Activity::EventChanged, all).about(about_event(&event));
        write.record(fact.moved(Some(event.status().as_str()), draft.status().as_str()))?;
        Ok((event.number, super::detail(write, event.number)?))
    })
}

/// Asks if the change makes an event like another one of the project.
fn ask_if_like_another(
    write: &mut WriteTx<'_>,
    event: &Event,
    (terms, event_type): (&NewEvent, EventType),
    questions: &mut Questions<'_>,
) -> Result<(), Error> {
    // The rounding of a rate does not make another event.
    let alike = |basis: Basis| {
        let rate = basis.rate().map(|rate| rate.per_token);
        (basis.figure(), basis.gross(), rate)
    };
    let is = (event_type, alike(terms.basis), terms.distribution_date);
    let was = (
        event.event_type,
        alike(event.total.basis()),
        event.distribution_date,
    );
    if is == was {
        return Ok(());
    }
    if let Some(other) = write.event_like(event.project.id, event_type, terms)? {
        questions.ask(Refused::EventDuplicate {
            event: other,
            project: event.project.code.clone(),
            event_type: event_type.as_str(),
            currency: event.currency,
            amount: terms.basis.figure(),
            date: terms.distribution_date,
        })?;
    }
    Ok(())
}

/// Says what changes: what was, and what is.
fn changes(
    (event, components): (&Event, &[NewComponent]),
    terms: &NewEvent,
    texts: EventTexts<'_>,
) -> Map<String, Value> {
    let (was, is) = (event.total.basis(), terms.basis);
    let pairs = [
        ("type", json!(event.event_type), json!(texts.event_type)),
        ("title", json!(event.title), json!(texts.title)),
        (
            "description",
            json!(event.description),
            json!(texts.description),
        ),
        ("total_amount", json!(amount(was)), json!(amount(is))),
        ("gross_proceeds", json!(was.gross()), json!(is.gross())),
        (
            "rate_per_unit",
            json!(was.rate().map(|rate| rate.per_token)),
            json!(is.rate().map(|rate| rate.per_token)),
        ),
        (
            "rounding",
            json!(was.rate().map(|rate| rate.rounding)),
            json!(is.rate().map(|rate| rate.rounding)),
        ),
        (
            "components",
            json!(in_words(components)),
            json!(in_words(&terms.components)),
        ),
        ("unit", json!(event.unit), json!(terms.unit)),
        (
            "distribution_date",
            json!(event.distribution_date),
            json!(terms.distribution_date),
        ),
        (
            "record_date",
            json!(event.record_date),
            json!(terms.record_date),
        ),
        ("minimum_payout", json!(event.minimum), json!(terms.minimum)),
        (
            "tax_exempt_reason",
            json!(event.tax_exempt),
            json!(terms.tax_exempt),
        ),
    ];
    let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
    changed
        .map(|(name, was, is)| (name.to_owned(), json!([was, is])))
        .collect()
}

/// Returns the amount of a basis that is one.
const fn amount(basis: Basis) -> Option<Amount> {
    match basis {
        Basis::Amount(amount) => Some(amount),
        Basis::Proceeds(_) | Basis::Rate(..) => None,
    }
}

/// Takes the deductions of a draft again, from what are its proceeds now.
fn deduct_again(
    write: &mut WriteTx<'_>,
    draft: &Event,
    terms: &NewEvent,
) -> Result<EventTotal, Error> {
    let list = write.deductions(draft.event.id, AsOf::Now)?;
    must_keep_proceeds(&draft.event.code, terms, &list)?;
    let list = match terms.basis.gross() {
        Some(gross) => deduct(gross, &given_deductions(list), draft.currency.minor_unit())?,
        None => list,
    };
    reserve::must_cover(write, draft, &list)?;
    write.replace_deductions(draft.event.id, &list)?;
    Ok(EventTotal::before_calculation(terms.basis, &list))
}

/// Takes an event back to draft, if it is calculated: what it was calculated from has changed. The
/// allocations are kept as superseded.
pub(in crate::ops) fn back_to_draft(
    write: &mut WriteTx<'_>,
    event: &Event,
) -> Result<Event, Error> {
    if event.status() != EventStatus::Calculated {
        return Ok(event.clone());
    }
    let id = event.event.id;
    let list = write.deductions(id, AsOf::Now)?;
    let list = match event.total.basis().gross() {
        Some(gross) => deduct(gross, &given_deductions(list), event.currency.minor_unit())?,
        None => list,
    };
    write.replace_deductions(id, &list)?;
    let components = given_components(write.components(id, AsOf::Now)?);
    write.replace_components(id, &uncalculated(&components))?;
    write.replace_allocations(event, &[], &[])?;
    let sums = EventSums {
        total: EventTotal::before_calculation(event.total.basis(), &list).amount(),
        retained: Amount::ZERO,
        balance: Balance::NONE,
    };
    write.update_event(event, &EventState::Draft, sums)?;
    Ok(write.event(event.number, AsOf::Now)?)
}
