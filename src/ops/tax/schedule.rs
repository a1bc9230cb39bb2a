//! Schedules for authorities, and the years of holders.

use std::collections::HashMap;

use chrono::Datelike as _;

use crate::{
    domain::{
        allocation::Allocation,
        code::Code,
        event::{Event, EventStatus, StoredParts, TaxTerms},
        id::{EventId, HolderId},
        quantity::{Amount, Total},
        tax::{
            TaxDetails, TaxRate,
            calendar::tax_point,
            liability::TaxItem,
            schedule::{ScheduleRow, TaxYearRow},
        },
        time::{Date, Month},
    },
    ops::{Error, Sink, named},
    store::{self, AsOf, EventFilter, Ledger, Tx},
};

/// Which schedule is written.
#[derive(Clone, Debug)]
pub struct ScheduleRequest {
    /// The authority.
    pub authority: String,
    /// The month.
    pub period: Month,
}

/// Hands the taxed components of an authority's month to `each`, in order of events and holders.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn schedule(
    ledger: &mut Ledger,
    request: &ScheduleRequest,
    as_of: AsOf,
    each: Sink<'_, ScheduleRow>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let period = request.period.to_string();
        let items = tx.tax_items(as_of)?.into_iter();
        let items: Vec<TaxItem> = items
            .filter(|item| {
                item.cancelled_at.is_none()
                    && item.authority == request.authority
                    && item.period == period
            })
            .collect();
        let details = details(tx, as_of)?;
        for item in items {
            rows_of_item(tx, &item, (as_of, &details), each)?;
        }
        Ok(())
    })
}

/// Reads what is known of the holders for tax.
fn details(tx: &mut Tx<'_>, as_of: AsOf) -> Result<HashMap<HolderId, TaxDetails>, Error> {
    let mut details = HashMap::new();
    tx.each_holder(None, None, as_of, |holder| {
        if !holder.tax.is_empty() {
            details.insert(holder.holder.id, holder.tax);
        }
        Ok::<_, Error>(())
    })?;
    Ok(details)
}

/// A taxed part of an allocation.
struct TaxedPart {
    at: usize,
    base: Amount,
    rate: crate::domain::tax::rate::FrozenRate,
    tax: Amount,
}

fn rows_of_item(
    tx: &mut Tx<'_>,
    item: &TaxItem,
    (as_of, details): (AsOf, &HashMap<HolderId, TaxDetails>),
    each: Sink<'_, ScheduleRow>,
) -> Result<(), Error> {
    let event = event_at(tx, item.event.id, as_of)?;
    let Some(terms) = tx.tax_terms(&event)? else {
        return Err(bug(&event, "it owes tax and has no rates"));
    };
    let mut rows = Vec::new();
    let mut is_taxed = vec![false; terms.components.len()];
    each_part(tx, (&event, &terms), as_of, |allocation, parts| {
        let own = terms.class(allocation.tax_class);
        let own = own.and_then(|class| class.authority.as_ref());
        let is_owed = own.is_some_and(|own| {
            own.authority == item.authority
                && crate::domain::tax::calendar::due_day(item.tax_date, own.remit_day)
                    == Some(item.due_date)
        });
        for part in parts {
            if let Some(taxed) = is_taxed.get_mut(part.at) {
                *taxed |= !part.tax.is_zero();
            }
            if is_owed && !part.tax.is_zero() {
                rows.push((allocation.clone(), part));
            }
        }
        Ok(())
    })?;
    let taxed_components = is_taxed.into_iter().filter(|taxed| *taxed).count();
    for (allocation, part) in rows {
        let component = terms.components.get(part.at);
        let component = component.ok_or_else(|| bug(&event, "a component is missing"))?;
        let row = ScheduleRow {
            authority: item.authority.clone(),
            period: item.period.clone(),
            event: event.event.clone(),
            title: event.title.clone(),
            holder: allocation.holder.code.clone(),
            holder_name: allocation.holder_name.clone(),
            details: details
                .get(&allocation.holder.id)
                .cloned()
                .unwrap_or_default(),
            tax_date: item.tax_date,
            component: component.clone(),
            taxed_components,
            currency: event.currency,
            gross: part.base,
            rate: part.rate.rate,
            tax: part.tax,
            reason: part.rate.reason,
            remittance: item.remittance,
            due_date: item.due_date,
        };
        each(row).map_err(Error::Output)?;
    }
    Ok(())
}

/// Hands every allocation of an event with its parts and their tax to `each`.
fn each_part(
    tx: &mut Tx<'_>,
    (event, terms): (&Event, &TaxTerms),
    as_of: AsOf,
    mut each: impl FnMut(&Allocation, Vec<TaxedPart>) -> Result<(), Error>,
) -> Result<(), Error> {
    let unit = event.currency.minor_unit();
    let stored = match terms.components.len() {
        0 | 1 => Vec::new(),
        _ => tx.parts_of_event(event.event.id)?,
    };
    let stored = StoredParts {
        components: terms.components.len(),
        parts: &stored,
    };
    let mut place = 0..;
    let mut bases = Vec::new();
    tx.each_allocation(&event.event, as_of, |allocation| {
        bases.clear();
        let gross = allocation.balance.allocated();
        if let Some(place) = place.next() {
            stored.add_to(&mut bases, place, gross);
        }
        let in_all: Option<Total> = bases.iter().copied().sum();
        if in_all != Some(gross.widen()) {
            return Err(bug(
                event,
                "the components of an allocation are not all of it",
            ));
        }
        let mut parts = Vec::with_capacity(bases.len());
        let mut sum = Amount::ZERO;
        for (at, base) in bases.iter().copied().enumerate() {
            let part = terms.on_part(allocation.tax_class, (at, base), unit);
            let part = part.ok_or_else(|| bug(event, "a class of its rates is missing"))?;
            sum = sum
                .checked_add(part.tax)
                .ok_or_else(|| bug(event, "its taxes are too large"))?;
            parts.push(TaxedPart {
                at,
                base,
                rate: part.rate,
                tax: part.tax,
            });
        }
        if sum != allocation.balance.tax() {
            return Err(bug(
                event,
                "the tax of an allocation is not what its rates give",
            ));
        }
        each(&allocation, parts)
    })
}

fn event_at(tx: &mut Tx<'_>, id: EventId, as_of: AsOf) -> Result<Event, Error> {
    let number = tx.event_by_id(id)?.number;
    Ok(tx.event(number, as_of)?)
}

fn bug(event: &Event, detail: &str) -> Error {
    store::Error::BadRow {
        table: "distribution_events",
        row: event.event.code.to_string(),
        detail: detail.to_owned(),
    }
    .into()
}

/// Which year is shown.
#[derive(Clone, Debug)]
pub struct YearRequest {
    /// The year.
    pub year: i32,
    /// Only of this holder.
    pub holder: Option<String>,
}

/// Hands what was withheld in a year to `each`, in order of holders, then of tax dates and events.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn year(
    ledger: &mut Ledger,
    request: &YearRequest,
    as_of: AsOf,
    each: Sink<'_, TaxYearRow>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let holder = named::holder(tx, request.holder.as_deref(), as_of)?;
        let details = details(tx, as_of)?;
        let items = tx.tax_items(as_of)?;
        let mut rows: Vec<TaxYearRow> = Vec::new();
        for event in tx.events(&EventFilter::default(), as_of)? {
            let live = event.status() != EventStatus::Cancelled;
            let Some(approval) = event.state.approval().filter(|_| live) else {
                continue;
            };
            let of_event: Vec<&TaxItem> = items
                .iter()
                .filter(|item| item.event.id == event.event.id)
                .collect();
            if event.is_imported() {
                let holder = (holder, &details);
                rows.extend(imported_rows(tx, &event, (request.year, holder), as_of)?);
                continue;
            }
            let tax_date = tax_date(&event, approval.at.date(), &of_event);
            if tax_date.year() != request.year {
                continue;
            }
            let Some(terms) = tx.tax_terms(&event)? else {
                continue;
            };
            each_part(tx, (&event, &terms), as_of, |allocation, parts| {
                if holder.is_some_and(|holder| holder != allocation.holder.id) {
                    return Ok(());
                }
                let to = terms
                    .class(allocation.tax_class)
                    .and_then(|class| class.authority.as_ref());
                let item = of_event
                    .iter()
                    .find(|item| to.is_some_and(|to| to.authority == item.authority));
                rows.push(TaxYearRow {
                    year: request.year,
                    holder: allocation.holder.code.clone(),
                    holder_name: allocation.holder_name.clone(),
                    details: details
                        .get(&allocation.holder.id)
                        .cloned()
                        .unwrap_or_default(),
                    event: event.event.clone(),
                    tax_date,
                    currency: event.currency,
                    gross: allocation.balance.allocated(),
                    rate: one_rate(&parts),
                    tax: allocation.balance.tax(),
                    net: allocation.balance.net(),
                    remittance: item.and_then(|item| item.remittance),
                    imported: false,
                });
                Ok(())
            })?;
        }
        rows.sort_by(|a, b| key(a).cmp(&key(b)));
        rows.into_iter()
            .try_for_each(|row| each(row).map_err(Error::Output))
    })
}

/// Returns the day on which the tax of an event arose.
fn tax_date(event: &Event, approved: Date, items: &[&TaxItem]) -> Date {
    let first = items.first().map(|item| item.tax_date);
    first.unwrap_or_else(|| tax_point(event.distribution_date, approved))
}

/// Whose rows are wanted, and what is known of all holders for tax.
type OfHolder<'a> = (Option<HolderId>, &'a HashMap<HolderId, TaxDetails>);

/// Returns the rows of an imported event in the year of its own day. Its tax was dealt with before
/// this ledger, so that no remittance of it is here.
fn imported_rows(
    tx: &mut Tx<'_>,
    event: &Event,
    (year, (holder, details)): (i32, OfHolder<'_>),
    as_of: AsOf,
) -> Result<Vec<TaxYearRow>, Error> {
    let mut rows = Vec::new();
    if event.distribution_date.year() != year {
        return Ok(rows);
    }
    tx.each_allocation(&event.event, as_of, |allocation| {
        if holder.is_some_and(|holder| holder != allocation.holder.id) {
            return Ok(());
        }
        let of_holder = details.get(&allocation.holder.id);
        rows.push(TaxYearRow {
            year,
            holder: allocation.holder.code.clone(),
            holder_name: allocation.holder_name.clone(),
            details: of_holder.cloned().unwrap_or_default(),
            event: event.event.clone(),
            tax_date: event.distribution_date,
            currency: event.currency,
            gross: allocation.balance.allocated(),
            rate: None,
            tax: allocation.balance.tax(),
            net: allocation.balance.net(),
            remittance: None,
            imported: true,
        });
        Ok::<_, Error>(())
    })?;
    Ok(rows)
}

fn key(row: &TaxYearRow) -> (&Code, Date, &Code) {
    (&row.holder, row.tax_date, &row.event.code)
}

/// Returns the rate of all parts, if they have one.
fn one_rate(parts: &[TaxedPart]) -> Option<TaxRate> {
    let first = parts.first()?.rate.rate;
    parts
        .iter()
        .all(|part| part.rate.rate == first)
        .then_some(first)
}
