//! `event set`: what an event distributes is changed before its approval.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{find, recall_detail};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        allocation::Balance,
        consent::{Consent, Questions},
        event::{self, Event, EventDetail, EventState, EventStatus, EventType, NewEvent},
        quantity::Amount,
        session::Session,
        time::Date,
    },
    ops::{Error, about_event},
    store::{Done, EventTexts, Ledger, Request, WriteTx},
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
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
        let terms = NewEvent {
            total_amount: input.amount.unwrap_or(event.total_amount),
            unit: input.unit.unwrap_or(event.unit),
            distribution_date: input.date.unwrap_or(event.distribution_date),
            record_date: input.record_date.unwrap_or(event.record_date),
            minimum: input.minimum.unwrap_or(event.minimum),
        };
        event::create(&write.actor, &terms)?;
        let texts = EventTexts {
            event_type: input.event_type.unwrap_or(event.event_type),
            title: input.title.as_ref().unwrap_or(&event.title),
            description: input.description.as_ref().or(event.description.as_ref()),
        };
        let changes = changes(&event, &terms, texts);
        if changes.is_empty() {
            return Ok((event.number, super::detail(write, event.number)?));
        }
        let mut questions = Questions::new(consent);
        ask_if_like_another(write, &event, (&terms, texts.event_type), &mut questions)?;
        let state = back_to_draft(write, &event)?;
        write.change_event(&event, &terms, texts)?;
        let mut all = Map::new();
        all.insert("event".to_owned(), json!(event.event.code));
        all.extend(changes);
        let mut all = Value::Object(all);
        questions.mark(&mut all);
        let fact = Fact::new(Activity::EventChanged, all).about(about_event(&event));
        write.record(fact.moved(Some(event.status().as_str()), state.as_str()))?;
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
    let is = (event_type, terms.total_amount, terms.distribution_date);
    if is
        == (
            event.event_type,
            event.total_amount,
            event.distribution_date,
        )
    {
        return Ok(());
    }
    if let Some(other) = write.event_like(event.project.id, event_type, terms)? {
        questions.ask(Refused::EventDuplicate {
            event: other,
            project: event.project.code.clone(),
            event_type: event_type.as_str(),
            currency: event.currency,
            amount: terms.total_amount,
            date: terms.distribution_date,
        })?;
    }
    Ok(())
}

/// Says what changes: what was, and what is.
fn changes(event: &Event, terms: &NewEvent, texts: EventTexts<'_>) -> Map<String, Value> {
    let pairs = [
        ("type", json!(event.event_type), json!(texts.event_type)),
        ("title", json!(event.title), json!(texts.title)),
        (
            "description",
            json!(event.description),
            json!(texts.description),
        ),
        (
            "total_amount",
            json!(event.total_amount),
            json!(terms.total_amount),
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
    ];
    let changed = pairs.into_iter().filter(|(_, was, is)| was != is);
    changed
        .map(|(name, was, is)| (name.to_owned(), json!([was, is])))
        .collect()
}

/// Takes an event back to draft, if it is calculated: what it was calculated from has changed. The
/// allocations are kept as superseded.
pub(in crate::ops) fn back_to_draft(
    write: &mut WriteTx<'_>,
    event: &Event,
) -> Result<EventStatus, Error> {
    if event.status() == EventStatus::Calculated {
        write.replace_allocations(event, &[])?;
        write.update_event(event, &EventState::Draft, Amount::ZERO, Balance::NONE)?;
    }
    Ok(EventStatus::Draft)
}
