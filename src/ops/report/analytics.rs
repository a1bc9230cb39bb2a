//! Events as history, and what they add up to.

use super::{approved, project_at, too_much};
use crate::{
    domain::{
        analytics::{Analytics, AnalyticsInput, ProjectNav, analyse, counts},
        event::{Event, EventType, HistoryRow},
        project::Project,
        quantity::Amount,
        time::Date,
    },
    ops::{Error, Sink},
    store::{AsOf, EventFilter, Ledger, Tx},
};

/// Which events a report is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventScope {
    /// Those of one project.
    pub project: Option<String>,
    /// Those of one type.
    pub event_type: Option<EventType>,
    /// Distributed on or after this day.
    pub from: Option<Date>,
    /// Distributed on or before this day.
    pub to: Option<Date>,
}

/// Lists events as of `as_of`, in order of project code, distribution date and code.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn history(
    ledger: &mut Ledger,
    period: &EventScope,
    as_of: AsOf,
    each: Sink<'_, HistoryRow>,
) -> Result<(), Error> {
    ledger.read(|tx| history_in(tx, period, as_of, each))
}

pub(super) fn history_in(
    tx: &mut Tx<'_>,
    period: &EventScope,
    as_of: AsOf,
    each: Sink<'_, HistoryRow>,
) -> Result<(), Error> {
    let filter = filter(tx, period, as_of)?;
    let mut events = tx.events(&filter, as_of)?;
    events.sort_by(|a, b| a.project.code.cmp(&b.project.code));
    for row in with_held(tx, events, as_of)? {
        each(row).map_err(Error::Output)?;
    }
    Ok(())
}

/// Reads what of each event is available to blocked holders. Nothing is owed of an event that is not
/// approved or was cancelled.
fn with_held(tx: &mut Tx<'_>, events: Vec<Event>, as_of: AsOf) -> Result<Vec<HistoryRow>, Error> {
    let blocked = tx.blocked_holders(as_of)?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let mut held = Amount::ZERO;
        if counts(&event) && !event.balance.available().is_zero() {
            for holder in &blocked {
                let allocation = tx.allocation(&event.event, *holder, as_of)?;
                let available = allocation.map_or(Amount::ZERO, |of| of.balance.available());
                held = held.checked_add(available).ok_or_else(too_much)?;
            }
        }
        rows.push(HistoryRow { event, held });
    }
    Ok(rows)
}

/// Computes the figures of the approved events of a period, as of `as_of`: at the end of
/// `day`, up to which money has waited. Yields and trends lead up to the period's last day if
/// that comes before it.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn analytics(
    ledger: &mut Ledger,
    period: &EventScope,
    as_of: AsOf,
    day: Date,
) -> Result<Analytics, Error> {
    ledger.read(|tx| analytics_in(tx, period, as_of, day))
}

pub(super) fn analytics_in(
    tx: &mut Tx<'_>,
    period: &EventScope,
    as_of: AsOf,
    day: Date,
) -> Result<Analytics, Error> {
    let filter = filter(tx, period, as_of)?;
    let events = approved(tx, &filter, as_of)?;
    let until = period.to.map_or(day, |to| to.min(day));
    let mut counted = AnalyticsInput::default();
    let AnalyticsInput { shares, delays, .. } = &mut counted;
    let open = tx.each_holder_balance(&events, as_of, |balance| {
        shares
            .add(
                balance.currency,
                &balance.holder.code,
                &balance.name,
                balance.sums.allocated(),
            )
            .ok_or_else(too_much)
    })?;
    tx.each_payment_delay(&events, as_of, |event, approved, paid| {
        delays
            .add(event.currency, approved, paid)
            .ok_or_else(too_much)
    })?;
    counted.open = open;
    for project in tx.projects(as_of)? {
        if filter
            .project
            .is_some_and(|wanted| wanted != project.project.id)
        {
            continue;
        }
        if let Some((date, amount)) = tx.nav_on(project.project.id, until, as_of)? {
            counted.navs.push((
                project.project,
                ProjectNav {
                    date,
                    amount,
                    currency: project.currency,
                },
            ));
        }
    }
    analyse(&events, counted, until, day).ok_or_else(too_much)
}

fn filter(tx: &mut Tx<'_>, period: &EventScope, as_of: AsOf) -> Result<EventFilter, Error> {
    let project =
        project_at(tx, period.project.as_deref(), as_of)?.map(|project| project.project.id);
    Ok(EventFilter {
        project,
        event_type: period.event_type,
        from: period.from,
        to: period.to,
        ..EventFilter::default()
    })
}

/// What a dashboard shows.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The project, if it is about one.
    pub project: Option<Project>,
    /// All events, in order of distribution date and code.
    pub events: Vec<HistoryRow>,
    /// What the approved ones add up to.
    pub analytics: Analytics,
}

/// Reads what a dashboard of a project, or of all, shows as of `as_of`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn dashboard(
    ledger: &mut Ledger,
    project: Option<String>,
    as_of: AsOf,
    day: Date,
) -> Result<Dashboard, Error> {
    ledger.read(|tx| {
        let period = EventScope {
            project,
            ..EventScope::default()
        };
        let filter = filter(tx, &period, as_of)?;
        let events = tx.events(&filter, as_of)?;
        let events = with_held(tx, events, as_of)?;
        let analytics = analytics_in(tx, &period, as_of, day)?;
        Ok(Dashboard {
            project: project_at(tx, period.project.as_deref(), as_of)?,
            events,
            analytics,
        })
    })
}
