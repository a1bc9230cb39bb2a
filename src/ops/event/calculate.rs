//! `event calculate`: the snapshot, and the allocation over it.

use serde_json::json;

use super::{Summary, basis::given_components, find, recall_summary};
use crate::{
    domain::{
        activity::{Activity, Fact},
        event::{
            self, Calculation, CalculationResult, Event, EventState, EventStatus, EventSums,
            Inputs, given_deductions, settle_participation,
        },
        quantity::Total,
        session::Session,
    },
    ops::{Error, about_event, forward, requests},
    store::{self, AsOf, Done, Ledger, Request, WriteTx},
};

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
        let calculated = calculate_now(write, &event)?;
        write.replace_allocations(&event, &calculated.shares, &calculated.components)?;
        write.replace_deductions(event.event.id, &calculated.deductions)?;
        let components = calculated.component_amounts(event.currency.minor_unit());
        write.replace_components(event.event.id, &components.ok_or_else(too_much)?)?;
        write.insert_excluded(event.event.id, &calculated.excluded)?;
        if let Some(tax) = &calculated.tax {
            write.insert_tax_terms(event.event.id, &tax.terms)?;
        }
        let last = write.last_approved(event.project.id, event.event.id)?;
        let carrying = forward::expected(write, &event, &calculated.shares)?;
        let figures = event::figures(&event, &calculated, carrying, last.as_ref());
        let balance = calculated.balance().ok_or_else(too_much)?;
        let calculation = Calculation {
            snapshot_date: event.record_date,
            total_tokens: calculated.total_tokens,
            counted_tokens: calculated.counted_tokens,
            nav: calculated.nav,
            holders: figures.holders,
            holders_without_money: figures.holders_without_money,
            tax_profile: calculated.tax.as_ref().map(|tax| tax.terms.profile.clone()),
            hash: calculated.hash.clone(),
            by: write.actor.user.clone(),
            at: write.now,
        };
        let mut changes = json!({
            "event": event.event.code,
            "holders": figures.holders,
            "total_lp_tokens": calculation.total_tokens,
            "nav": calculation.nav,
            "calculation_hash": calculation.hash,
            "replaces": event.state.calculation().map(|earlier| &earlier.hash),
        });
        note_excluded(&mut changes, &calculated);
        note_tax(&mut changes, &calculated);
        let state = EventState::Calculated(calculation);
        let sums = EventSums {
            total: Some(calculated.total),
            retained: calculated.retained,
            balance,
        };
        write.update_event(&event, &state, sums)?;
        let fact = Fact::new(Activity::AllocationsCalculated, changes).about(about_event(&event));
        write.record(fact.moved(
            Some(event.status().as_str()),
            EventStatus::Calculated.as_str(),
        ))?;
        let detail = super::detail(write, event.number)?;
        Ok(((event.number, figures.clone()), Summary { detail, figures }))
    })
}

/// Calculates an event over the register as it is now.
pub(super) fn calculate_now(
    write: &mut WriteTx<'_>,
    event: &Event,
) -> Result<CalculationResult, Error> {
    let holdings = write.holdings(event.project.id, event.record_date)?;
    let standing = write.standing_exclusions(&event.project, AsOf::Now)?;
    let choices = write.event_choices(event.event.id)?;
    let nav = write
        .nav_on(event.project.id, event.record_date, AsOf::Now)?
        .map(|(_, amount)| amount);
    let participation = settle_participation(&standing, &choices, &holdings, event.record_date);
    let deductions = given_deductions(write.deductions(event.event.id, AsOf::Now)?);
    let components = given_components(write.components(event.event.id, AsOf::Now)?);
    let inputs = Inputs {
        holdings,
        nav,
        participation,
        deductions,
        components,
        tax: write.tax_inputs(event)?,
    };
    Ok(event::calculate(event, inputs)?)
}

/// Says in an entry what is withheld, if the project has a profile.
fn note_tax(changes: &mut serde_json::Value, calculated: &CalculationResult) {
    if let (Some(tax), Some(changes)) = (&calculated.tax, changes.as_object_mut()) {
        let total: Option<Total> = tax
            .owed
            .values()
            .try_fold(Total::ZERO, |sum, owed| sum.checked_add(owed.tax));
        changes.insert("tax_profile".to_owned(), json!(tax.terms.profile.name));
        changes.insert("total_tax".to_owned(), json!(total));
    }
}

/// Says in an entry who is excluded, if anybody is.
fn note_excluded(changes: &mut serde_json::Value, calculated: &CalculationResult) {
    if let (false, Some(changes)) = (calculated.excluded.is_empty(), changes.as_object_mut()) {
        changes.insert("excluded".to_owned(), json!(calculated.excluded.len()));
        changes.insert("total_retained".to_owned(), json!(calculated.retained));
    }
}

fn too_much() -> store::Error {
    store::Error::bug("the shares of an event add up to too much")
}
