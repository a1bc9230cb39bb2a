//! What holders have: all balances, one portfolio, one statement.

use std::rc::Rc;

use super::{approved, project_at, too_much};
use crate::{
    domain::{
        analytics::per_token,
        event::{AllocationRow, Event},
        holder::Holder,
        holder_statement::{self, Bound, DayBasis, HolderStatement, KnownUpTo},
        id::{HolderRef, ProjectId},
        portfolio::{self, HolderBalance, Portfolio, PortfolioEvent, PortfolioHolding},
        time::{Date, Instant},
    },
    ops::{Error, Sink, event::allocation_row},
    store::{self, AsOf, EventFilter, Ledger, Noun, PaymentFilter, Tx},
};

/// Lists what each holder has in approved events, in byte order of holder code, then of currency.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn balances(
    ledger: &mut Ledger,
    project: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, HolderBalance>,
) -> Result<(), Error> {
    ledger.read(|tx| balances_in(tx, project, as_of, each))
}

pub(super) fn balances_in(
    tx: &mut Tx<'_>,
    project: Option<&str>,
    as_of: AsOf,
    each: Sink<'_, HolderBalance>,
) -> Result<(), Error> {
    let project = project_at(tx, project, as_of)?.map(|project| project.project.id);
    let events = approved(
        tx,
        &EventFilter {
            project,
            ..EventFilter::default()
        },
        as_of,
    )?;
    tx.each_holder_balance(&events, as_of, |balance| {
        each(balance).map_err(Error::Output)
    })?;
    Ok(())
}

/// What a portfolio is about.
#[derive(Clone, Copy, Debug)]
pub struct PortfolioScope<'a> {
    /// The holder.
    pub holder: &'a str,
    /// One project; all if none is named.
    pub project: Option<&'a str>,
}

/// Reads a holder's portfolio: tokens on `day`, and what approved events brought, as of
/// `as_of`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn portfolio(
    ledger: &mut Ledger,
    PortfolioScope { holder, project }: PortfolioScope<'_>,
    as_of: AsOf,
    day: Date,
) -> Result<Portfolio, Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Holder, holder, as_of)?;
        let of_holder = tx.holder(number, as_of)?;
        let Holder { holder, name, .. } = of_holder.clone();
        let project = project_at(tx, project, as_of)?.map(|project| project.project.id);
        let all = approved(
            tx,
            &EventFilter {
                project,
                ..EventFilter::default()
            },
            as_of,
        )?;
        let holdings = holdings(tx, &holder, project, day, as_of, &all)?;
        let events = portfolio_events(tx, &of_holder, all, as_of)?;
        let mut payments = Vec::new();
        let filter = PaymentFilter {
            holder: Some(holder.id),
            ..PaymentFilter::default()
        };
        tx.each_payment(&filter, as_of, |payment| {
            if events
                .iter()
                .any(|held| held.event.event.id == payment.event.id)
            {
                payments.push(payment);
            }
            Ok::<_, Error>(())
        })?;
        let totals = portfolio::totals(&events).ok_or_else(too_much)?;
        Ok(Portfolio {
            holder,
            name,
            holdings,
            totals,
            events,
            payments,
        })
    })
}

/// Reads the tokens of a holder on `day`, by project, and what `events` brought for each token.
fn holdings(
    tx: &mut Tx<'_>,
    holder: &HolderRef,
    project: Option<ProjectId>,
    day: Date,
    as_of: AsOf,
    events: &[Event],
) -> Result<Vec<PortfolioHolding>, Error> {
    let mut holdings = Vec::new();
    for (number, tokens) in tx.tokens_of(holder, day, as_of)? {
        let held = tx.project(number, AsOf::Now)?;
        if project.is_some_and(|project| project != held.project.id) {
            continue;
        }
        let outstanding = tx.outstanding(&held.project, day, as_of)?;
        let row = PortfolioHolding::new((held.project, held.currency), tokens, outstanding, events);
        holdings.push(
            row.ok_or_else(|| store::Error::bug("a holder has more tokens than are outstanding"))?,
        );
    }
    Ok(holdings)
}

/// Reads what a holder has in each event.
fn portfolio_events(
    tx: &mut Tx<'_>,
    holder: &Holder,
    events: Vec<Event>,
    as_of: AsOf,
) -> Result<Vec<PortfolioEvent>, Error> {
    let mut found = Vec::new();
    for event in events {
        let row = allocation_row(tx, Rc::new(event.clone()), holder, as_of)?;
        let Some(AllocationRow {
            allocation,
            available_as,
            ..
        }) = row
        else {
            continue;
        };
        let calculation = event.state.calculation();
        let per_token = calculation
            .zip(event.total.amount())
            .and_then(|(calculation, total)| per_token(total, calculation.counted_tokens))
            .ok_or_else(too_much)?;
        found.push(PortfolioEvent {
            written_off: tx.written_off_of(&allocation, as_of)?,
            event,
            allocation,
            available_as,
            per_token,
        });
    }
    Ok(found)
}

/// Whose statement, of which days.
#[derive(Clone, Debug)]
pub struct HolderStatementScope<'a> {
    /// The holder.
    pub holder: &'a str,
    /// When the holder must have been in the ledger.
    pub known: AsOf,
    /// The first day; from the beginning if none is named.
    pub from: Option<Date>,
    /// The last day.
    pub to: Date,
    /// By which day the movements are ordered and cut.
    pub basis: DayBasis,
    /// The day up to whose end a statement by value date was known, if one was named.
    pub known_on: Option<Date>,
}

/// Returns when an entry of the audit trail was recorded, if there is one with this number.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn recorded_at(ledger: &mut Ledger, entry: i64) -> Result<Option<Instant>, Error> {
    ledger.read(|tx| Ok(tx.recorded_at(entry)?))
}

/// Reads up to what the ledger was known at `as_of`.
fn known_up_to(tx: &mut Tx<'_>, day: Option<Date>, as_of: AsOf) -> Result<KnownUpTo, Error> {
    let head = match as_of {
        AsOf::Now => tx.head()?,
        AsOf::At(at) => tx.head_at(at)?,
    };
    let last = tx.recorded_at(head.seq)?;
    let day = match (day.or_else(|| Some(last?.date())), as_of) {
        (Some(day), _) => day,
        // Before the first entry nothing was known.
        (None, AsOf::At(at)) => at.date(),
        (None, AsOf::Now) => return Err(store::Error::bug("the audit trail is empty").into()),
    };
    Ok(KnownUpTo {
        day,
        entry: head.seq,
    })
}

/// Reads what was owed to a holder from day to day, as it was known at `as_of`.
///
/// # Errors
/// [`Error`] if the ledger cannot be read.
pub fn statement(
    ledger: &mut Ledger,
    of: &HolderStatementScope<'_>,
    as_of: AsOf,
) -> Result<HolderStatement, Error> {
    ledger.read(|tx| {
        let number = tx.resolve_at(Noun::Holder, of.holder, of.known)?;
        let holder = tx.holder(number, AsOf::Now)?;
        let there = as_of.instant().is_none_or(|at| holder.created_at <= at);
        let holder = if there {
            tx.holder(number, as_of)?
        } else {
            holder
        };
        let bound = if as_of == AsOf::Now && of.basis == DayBasis::Recorded {
            Bound::LastEntry
        } else {
            Bound::LastDay
        };
        let mut builder =
            holder_statement::HolderStatementBuilder::of(of.from, of.to, bound, of.basis);
        let misfit =
            || store::Error::bug("the movements of a holder's money do not follow from each other");
        tx.each_journal_entry(Some(holder.holder.id), as_of, |entry| {
            Ok::<_, Error>(builder.add(&entry).ok_or_else(misfit)?)
        })?;
        let known = known_up_to(tx, of.known_on, as_of)?;
        Ok(builder.finish(&holder, Some(known)).ok_or_else(misfit)?)
    })
}
