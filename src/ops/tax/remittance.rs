//! What is due to authorities, and what was remitted.

use serde::Serialize;
use serde_json::json;

use crate::{
    domain::{
        activity::{Activity, Fact},
        currency::Currency,
        quantity::Amount,
        reconciliation::decision,
        session::Session,
        tax::{
            TaxRefused,
            liability::{
                NewRemittance, Remittance, RemittanceStatus, TaxDue, TaxItem, remit as decide,
            },
        },
        time::{Date, Instant, Month},
        user::Act,
    },
    ops::{Error, Sink, bank, requests},
    store::{self, AsOf, Done, Ledger, Noun, Request, Tx, WriteTx},
};

/// What of the tax that is due is listed.
#[derive(Clone, Debug, Default)]
pub struct DueFilter {
    /// Owed to this authority.
    pub authority: Option<String>,
    /// Of this month.
    pub period: Option<Month>,
    /// Only what is overdue.
    pub overdue: Overdue,
}

/// Whether only what is overdue is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overdue {
    /// What is remitted and what is not due yet too.
    #[default]
    All,
    /// Only what is overdue.
    Only,
}

/// A remittance to be recorded, as given on the command line.
#[derive(Clone, Debug, Serialize)]
pub struct RemitRequest {
    /// The authority.
    pub authority: String,
    /// The month, `YYYY-MM`.
    pub period: String,
    /// The authority's or the bank's reference.
    pub reference: String,
    /// The day of the payment.
    pub date: Date,
    /// What was paid; what is owed if none is given.
    pub amount: Option<Amount>,
    /// Only the tax of these events; of all if none is named.
    pub events: Vec<String>,
    /// Only the tax in this currency.
    pub currency: Option<Currency>,
}

/// A remittance with its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittanceDetail {
    /// The remittance.
    pub remittance: Remittance,
    /// Its items.
    pub items: Vec<TaxItem>,
}

/// Lists what is due, by authority, month and currency.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn due(
    ledger: &mut Ledger,
    filter: &DueFilter,
    (as_of, today): (AsOf, Date),
    each: Sink<'_, TaxDue>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let period = filter.period.map(|period| period.to_string());
        let dues = all_due(tx, as_of, today)?.into_iter();
        dues.filter(|due| {
            let same =
                |own: &str, wanted: Option<&String>| wanted.is_none_or(|wanted| wanted == own);
            same(&due.authority, filter.authority.as_ref())
                && same(&due.period, period.as_ref())
                && (filter.overdue == Overdue::All || due.overdue_days > 0)
        })
        .try_for_each(|due| each(due).map_err(Error::Output))
    })
}

/// Adds up what is due.
pub(in crate::ops) fn all_due(
    tx: &mut Tx<'_>,
    as_of: AsOf,
    today: Date,
) -> Result<Vec<TaxDue>, Error> {
    let items = tx.tax_items(as_of)?;
    let due = TaxDue::of(&items, today);
    Ok(due.ok_or_else(|| store::Error::bug("the taxes add up to too much"))?)
}

/// Records that tax was remitted.
///
/// # Errors
/// Those of [`decide`]; [`TaxRefused::ReferenceUsed`], [`TaxRefused::ReferencePaid`].
pub fn remit(
    ledger: &mut Ledger,
    session: Session,
    input: &RemitRequest,
) -> Result<Done<RemittanceDetail>, Error> {
    let request = Request {
        command: "tax remit",
        activity: Activity::TaxRemitted,
        input,
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Record)?;
        let mut events = Vec::with_capacity(input.events.len());
        for event in &input.events {
            let number = write.resolve(Noun::Event, event)?;
            events.push(write.event(number, AsOf::Now)?.event.id);
        }
        let items = write.tax_items(AsOf::Now)?.into_iter();
        let items: Vec<TaxItem> = items
            .filter(|item| {
                item.is_open()
                    && item.authority == input.authority
                    && item.period == input.period
                    && (events.is_empty() || events.contains(&item.event.id))
                    && input
                        .currency
                        .is_none_or(|currency| currency == item.currency)
            })
            .collect();
        let new = NewRemittance {
            authority: &input.authority,
            period: &input.period,
            reference: input.reference.trim(),
            date: input.date,
            amount: input.amount,
        };
        let (sum, currency) = decide(&new, &items, &write.actor, write.today)?;
        must_be_new(write, new.reference)?;
        let number = write.insert_remittance(&new, (sum, currency), &items)?;
        let detail = read(write, number, AsOf::Now)?;
        let changes = json!({
            "remittance": detail.remittance.number.to_string(),
            "authority": new.authority,
            "period": new.period,
            "currency": currency,
            "amount": sum,
            "reference": new.reference,
            "payment_date": new.date,
            "events": detail.items.iter().map(|item| &item.event.code).collect::<Vec<_>>(),
        });
        let fact = Fact::new(Activity::TaxRemitted, changes);
        write.record(fact.moved(None, RemittanceStatus::Recorded.as_str()))?;
        Ok((number, detail))
    })
}

/// One reference of the bank is one transfer.
fn must_be_new(write: &mut WriteTx<'_>, reference: &str) -> Result<(), Error> {
    if let Some(remittance) = write.remittance_with(reference)? {
        let reference = reference.to_owned();
        return Err(Error::Refused(
            TaxRefused::ReferenceUsed {
                reference,
                remittance,
            }
            .into(),
        ));
    }
    if let Some(known) = write.payment_by_reference(reference)? {
        let (reference, payment) = (reference.to_owned(), known.number);
        return Err(Error::Refused(
            TaxRefused::ReferencePaid { reference, payment }.into(),
        ));
    }
    Ok(())
}

fn recall(tx: &mut Tx<'_>, number: i64, at: Instant) -> Result<RemittanceDetail, Error> {
    read(tx, number, AsOf::At(at))
}

fn read(tx: &mut Tx<'_>, number: i64, as_of: AsOf) -> Result<RemittanceDetail, Error> {
    let missing = || store::Error::bug(format!("remittance {number} is later than its result"));
    let remittance = tx.remittance(number, as_of)?.ok_or_else(missing)?;
    let items = tx.tax_items_of(remittance.number)?;
    Ok(RemittanceDetail { remittance, items })
}

/// Takes a remittance back; a line that is proposed for it is open again.
///
/// # Errors
/// Those of [`Remittance::reverse`].
pub fn reverse(
    ledger: &mut Ledger,
    session: Session,
    (given, reason): (&str, &str),
) -> Result<Done<RemittanceDetail>, Error> {
    let request = Request {
        command: "tax remittance reverse",
        activity: Activity::TaxRemittanceReversed,
        input: &requests::RemittanceReversal {
            remittance: given,
            reason,
        },
    };
    ledger.write(session, request, recall, |write| {
        write.actor.must(Act::Review)?;
        let number = write.resolve(Noun::Remittance, given)?;
        let RemittanceDetail { remittance, items } = read(write, number, AsOf::Now)?;
        let reviewers = write.reviewers()?;
        let second = remittance.reverse(&write.actor, &reviewers, reason)?;
        if let Some(recorded) = write.match_of_remittance(remittance.number)? {
            // Only a proposal can hold what is not reconciled.
            let held = bank::details(write, recorded)?;
            bank::end(write, &decision::reversed(&held))?;
        }
        write.reverse_remittance(&remittance, reason.trim())?;
        let mut changes = json!({
            "remittance": remittance.number.to_string(),
            "authority": remittance.authority,
            "period": remittance.period,
            "currency": remittance.currency,
            "amount": remittance.amount,
            "recorded_by": remittance.recorded.by.code,
            "events": items.iter().map(|item| &item.event.code).collect::<Vec<_>>(),
            "reason": reason.trim(),
        });
        second.mark(&mut changes);
        let fact = Fact::new(Activity::TaxRemittanceReversed, changes);
        let (was, is) = (remittance.status(), RemittanceStatus::Reversed);
        write.record(fact.moved(Some(was.as_str()), is.as_str()))?;
        Ok((number, read(write, number, AsOf::Now)?))
    })
}

/// Lists remittances, in order of their numbers.
///
/// # Errors
/// [`Error`] if the ledger cannot be read or the output fails.
pub fn list(
    ledger: &mut Ledger,
    status: Option<RemittanceStatus>,
    as_of: AsOf,
    each: Sink<'_, Remittance>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let remittances = tx.remittances(as_of)?.into_iter();
        remittances
            .filter(|of| status.is_none_or(|status| of.status() == status))
            .try_for_each(|of| each(of).map_err(Error::Output))
    })
}

/// Reads one remittance with its items.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn show(ledger: &mut Ledger, given: &str) -> Result<RemittanceDetail, Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Remittance, given)?;
        read(tx, number, AsOf::Now)
    })
}
