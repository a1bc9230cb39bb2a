//! Who takes part in one event, whatever the project's exclusions say: exclude, include, and a list
//! of participants. Each takes the event back to draft.

use std::rc::Rc;

use serde::Serialize;
use serde_json::{Value, json};

use super::{basis::given_components, change::back_to_draft, find, rate_of, recall_detail};
use crate::{
    domain::{
        Refused,
        activity::{Activity, Fact},
        event::{self, Choice, Event, EventDetail, Everybody, ExcludedRow, Policy},
        session::Session,
    },
    intake::{self, ParticipantRow, Sheet, SheetFile},
    ops::{
        Error, Sink, about_event,
        project::exclusion::{holder, policy},
        requests,
        rows::{RowPlace, each_row},
    },
    store::{AsOf, Done, Ledger, Noun, Request, WriteTx},
};

/// Holders to be excluded from one event, or everybody but those of a list.
#[derive(Clone, Debug, Serialize)]
pub struct EventExclusion {
    /// The event.
    pub event: String,
    /// The holders.
    pub holders: Vec<String>,
    /// What becomes of their parts.
    pub policy: Policy<String>,
    /// Why.
    pub reason: String,
}

/// Excludes holders from one event.
///
/// # Errors
/// Those of [`event::may_change`] and [`event::exclusion_reason`]; [`Refused::AssignExcluded`].
pub fn exclude(
    ledger: &mut Ledger,
    session: Session,
    input: &EventExclusion,
) -> Result<Done<EventDetail>, Error> {
    let request = Request {
        command: "event exclude",
        activity: Activity::ParticipationChanged,
        input,
    };
    ledger.write(session, request, recall_detail, |write| {
        let event = find(write, &input.event)?;
        event::may_change(&event, &write.actor)?;
        let choice = choice(write, &input.policy, &input.reason)?;
        let mut codes = Vec::new();
        for given in &input.holders {
            let holder = holder(write, given)?;
            event::may_exclude(&holder, &choice)?;
            write.insert_choice(event.event.id, Some(holder.id), &choice)?;
            codes.push(holder.code);
        }
        let changes = json!({ "event": event.event.code, "excluded": codes, "policy": word(&choice), "reason": input.reason });
        changed(write, &event, changes)
    })
}

/// Lets holders take part in one event, whatever else excludes them.
///
/// # Errors
/// Those of [`event::may_change`].
pub fn include(
    ledger: &mut Ledger,
    session: Session,
    given: &str,
    holders: &[String],
) -> Result<Done<EventDetail>, Error> {
    let request = Request {
        command: "event include",
        activity: Activity::ParticipationChanged,
        input: &requests::EventInclusion {
            event: given,
            holders,
        },
    };
    ledger.write(session, request, recall_detail, |write| {
        let event = find(write, given)?;
        event::may_change(&event, &write.actor)?;
        let mut codes = Vec::new();
        for given in holders {
            let holder = holder(write, given)?;
            write.insert_choice(event.event.id, Some(holder.id), &Choice::Include)?;
            codes.push(holder.code);
        }
        let changes = json!({ "event": event.event.code, "included": codes });
        changed(write, &event, changes)
    })
}

/// Lets only the holders of a list take part in an event; everybody else is excluded. What the
/// event said before about who takes part no longer counts.
///
/// # Errors
/// Those of [`exclude`]; [`Error::BadLines`] with every bad line.
pub fn participants(
    ledger: &mut Ledger,
    session: Session,
    input: &EventExclusion,
    file: &SheetFile,
) -> Result<Done<EventDetail>, Error> {
    let request = Request {
        command: "event participants",
        activity: Activity::ParticipationChanged,
        input: &requests::EventParticipants {
            event: &input.event,
            file,
            policy: &input.policy,
            reason: &input.reason,
        },
    };
    ledger.write(session, request, recall_detail, |write| {
        let event = find(write, &input.event)?;
        event::may_change(&event, &write.actor)?;
        let choice = choice(write, &input.policy, &input.reason)?;
        let sheet: Sheet<ParticipantRow> = intake::participants(file)?;
        if sheet.rows.is_empty() && sheet.bad.is_empty() {
            return Err(Refused::NoParticipants {
                event: event.event.code.clone(),
            }
            .into());
        }
        write.insert_choice(event.event.id, None, &choice)?;
        let place = RowPlace {
            line: |row: &ParticipantRow| row.line,
            column: "holder",
        };
        each_row(write, "reading participants", &sheet, &place, |write, row| {
            let holder = holder(write, &row.holder)?;
            Ok(write.insert_choice(event.event.id, Some(holder.id), &Choice::Include)?)
        })?;
        let changes = json!({ "event": event.event.code, "participants": sheet.rows.len(), "policy": word(&choice), "reason": input.reason });
        changed(write, &event, changes)
    })
}

/// Lists the allocations of an event, and after them the excluded holders, each in order of holder
/// code, as of `as_of`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn everybody(
    ledger: &mut Ledger,
    given: &str,
    as_of: AsOf,
    each: Sink<'_, Everybody>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Event, given, as_of)?;
        let event = Rc::new(tx.event(number, as_of)?);
        let mut held = Vec::new();
        let rates = tx.tax_terms(&event)?;
        tx.each_allocation_row(&event, None, as_of, |mut row| {
            let allocation = &mut row.allocation;
            allocation.tax_rate = rate_of(rates.as_ref(), allocation.tax_class);
            held.push((allocation.holder.code.clone(), allocation.tokens));
            each(Everybody::Allocated(row)).map_err(Error::Output)
        })?;
        let excluded = tx.excluded(&event)?;
        let components = given_components(tx.components(event.event.id, as_of)?);
        let parts = event::would_be(&event, &components, &held, &excluded);
        for (excluded, part) in excluded.into_iter().zip(parts) {
            let number = tx.resolve(Noun::Holder, &excluded.holder.id.to_string())?;
            let name = tx.holder(number, as_of)?.name;
            let event = Rc::clone(&event);
            let row = ExcludedRow {
                event,
                excluded,
                name,
                part,
            };
            each(Everybody::Excluded(row)).map_err(Error::Output)?;
        }
        Ok(())
    })
}

fn choice(write: &mut WriteTx<'_>, given: &Policy<String>, reason: &str) -> Result<Choice, Error> {
    let reason = event::exclusion_reason(reason)?;
    Ok(Choice::Exclude(policy(write, given)?, reason))
}

/// Writes the policy of a choice for the trail.
fn word(choice: &Choice) -> Option<String> {
    match choice {
        Choice::Exclude(policy, _) => Some(policy.to_string()),
        Choice::Include => None,
    }
}

/// Notes the change, and takes the event back to draft.
fn changed(
    write: &mut WriteTx<'_>,
    event: &Event,
    changes: Value,
) -> Result<(i64, EventDetail), Error> {
    let draft = back_to_draft(write, event)?;
    let fact = Fact::new(Activity::ParticipationChanged, changes).about(about_event(event));
    write.record(fact.moved(Some(event.status().as_str()), draft.status().as_str()))?;
    Ok((event.number, super::detail(write, event.number)?))
}
