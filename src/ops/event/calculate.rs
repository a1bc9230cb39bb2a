//! `event calculate`: the snapshot, and the allocation over it.

use serde_json::json;

use super::{Summary, find, recall_summary};
use crate::{
    domain::{
        activity::{Activity, Fact},
        allocation::Balance,
        event::{self, Calculation, CalculationResult, Event, EventState, EventStatus},
        quantity::Amount,
        session::Session,
    },
    ops::{Error, about_event, requests},
    store::{AsOf, Done, Ledger, Request, WriteTx},
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

/// Calculates an event over the register as it is now.
pub(super) fn calculate_now(
    write: &mut WriteTx<'_>,
    event: &Event,
) -> Result<(CalculationResult, Option<Amount>), Error> {
    let holdings = write.holdings(event.project.id, event.record_date)?;
    let nav = write
        .nav_on(event.project.id, event.record_date, AsOf::Now)?
        .map(|(_, amount)| amount);
    Ok((event::calculate(event, holdings, nav)?, nav))
}
