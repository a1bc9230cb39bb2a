//! Distribution events in the ledger.

use std::num::TryFromIntError;

use super::{
    AsOf, Error, Tx, WriteTx,
    allocation::parts,
    db::{Codes, Conditions, Row, ToSql, columns, insert, update},
    tax_profile::read_reference,
};
use crate::domain::{
    allocation::Balance,
    code::Code,
    currency::Currency,
    event::{
        Approval, Basis, BasisParts, Calculation, DeclaredRate, Event, EventState, EventStatus,
        EventSums, EventTotal, EventType, NewEvent,
    },
    id::{EventId, EventRef, ProjectId, ProjectRef},
    quantity::{Amount, Tokens},
    rounding::Rounding,
    tax::profile::TaxProfileRef,
    time::{Date, Instant},
};

columns! {
    const COLUMNS, fn read: Event {
        number: "number",
        event: (EventRef { id: "id", code: "code" }),
        project: ("project_id" => project),
        event_type: "event_type",
        title: "title",
        description: "description",
        currency: "currency",
        total: ("total_amount, gross_proceeds, rate_per_unit, rounding" => read_total),
        unit: "unit",
        distribution_date: "distribution_date",
        record_date: "record_date",
        minimum: "minimum_payout",
        tax_exempt: "tax_exempt_reason",
        history: "history_proposal",
        state: (StateColumns {
            status: "status",
            snapshot_date: "snapshot_date",
            tokens: "snapshot_total_lp_tokens",
            counted: "counted_lp_tokens",
            holders: ("holders, holders_without_money" => read_holders),
            nav: "snapshot_nav",
            profile: ("tax_profile, tax_profile_hash" => read_reference),
            hash: "calculation_hash",
            calculated: "calculated_by, calculated_at",
            approved: "approved_by, approved_at",
            completed_at: "completed_at",
            cancelled: "cancelled_by, cancelled_at",
            reason: "cancellation_reason",
        } => state),
        retained: "total_retained",
        balance: ("total_allocated, total_withdrawn, total_pending, total_tax, total_brought_forward, total_carried_forward"
            => balance),
        created_by: "created_by",
        created_at: "created_at",
        updated_at: "updated_at",
    }
}

/// Which events are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// In this state.
    pub status: Option<EventStatus>,
    /// Of this type.
    pub event_type: Option<EventType>,
    /// Distributed on or after this day.
    pub from: Option<Date>,
    /// Distributed on or before this day.
    pub to: Option<Date>,
}

/// An event to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEventRow {
    /// The code.
    pub code: Code,
    /// The project.
    pub project: ProjectId,
    /// Where the proceeds come from.
    pub event_type: EventType,
    /// The title.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// The project's currency.
    pub currency: Currency,
    /// Amount, unit and dates.
    pub terms: NewEvent,
}

/// How an event is described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTexts<'a> {
    /// Where the proceeds come from.
    pub event_type: EventType,
    /// The title.
    pub title: &'a str,
    /// More about it.
    pub description: Option<&'a String>,
}

/// The columns from which an event's state is rebuilt.
struct StateColumns {
    status: EventStatus,
    snapshot_date: Option<Date>,
    tokens: Option<Tokens>,
    counted: Option<Tokens>,
    holders: Option<HolderCounts>,
    nav: Option<Amount>,
    profile: Option<TaxProfileRef>,
    hash: Option<String>,
    calculated: Option<Approval>,
    approved: Option<Approval>,
    completed_at: Option<Instant>,
    cancelled: Option<Approval>,
    reason: Option<String>,
}

/// How many holders have an allocation, and how many of these are zero.
struct HolderCounts {
    all: u64,
    without_money: u64,
}

fn read_holders(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<HolderCounts>, Error> {
    let (all, without_money): (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
    let counts = all.zip(without_money).map(|(all, without_money)| {
        Ok(HolderCounts {
            all: u64::try_from(all)?,
            without_money: u64::try_from(without_money)?,
        })
    });
    match counts.transpose() {
        Ok(counts) => Ok(counts),
        Err::<_, TryFromIntError>(_) => Err(bad(row, "a count of its holders is below zero")?),
    }
}

/// Writes a count as the ledger keeps it.
pub(super) fn written(count: u64) -> Result<i64, Error> {
    i64::try_from(count).map_err(|error| Error::bug(error.to_string()))
}

/// Says what is wrong with an event's row.
fn bad(row: &Row<'_>, detail: &str) -> Result<Error, Error> {
    Ok(Error::BadRow {
        table: "distribution_events",
        row: row.get::<Code>(2)?.to_string(),
        detail: detail.to_owned(),
    })
}

fn project(row: &mut Row<'_>, codes: &Codes) -> Result<ProjectRef, Error> {
    match codes.projects.get(&row.next()?) {
        Some(project) => Ok(project.clone()),
        None => Err(bad(row, "its project is missing")?),
    }
}

fn read_total(row: &mut Row<'_>, _codes: &Codes) -> Result<EventTotal, Error> {
    let (total, gross): (Option<Amount>, Option<Amount>) = (row.next()?, row.next()?);
    let (per_token, rounding): (Option<Amount>, Option<Rounding>) = (row.next()?, row.next()?);
    let rate = per_token.zip(rounding);
    let rate = rate.map(|(per_token, rounding)| DeclaredRate {
        per_token,
        rounding,
    });
    let parts = BasisParts {
        amount: total.filter(|_| gross.is_none() && rate.is_none()),
        gross,
        rate,
    };
    let basis = Basis::of(parts).ok().flatten();
    match basis.and_then(|basis| EventTotal::from_stored(basis, total)) {
        Some(total) => Ok(total),
        None => Err(bad(row, "it has no amount, proceeds or rate")?),
    }
}

fn balance(row: &mut Row<'_>, _codes: &Codes) -> Result<Balance, Error> {
    match Balance::rebuild(parts(row)?) {
        Some(balance) => Ok(balance),
        None => Err(bad(row, "more left it than came in")?),
    }
}

/// Rebuilds the state; every status needs its facts.
fn state(columns: StateColumns, row: &Row<'_>) -> Result<EventState, Error> {
    match complete(columns) {
        Some(state) => Ok(state),
        None => Err(bad(row, "a fact of its state is missing")?),
    }
}

fn complete(columns: StateColumns) -> Option<EventState> {
    let StateColumns {
        status,
        snapshot_date,
        tokens,
        counted,
        holders,
        nav,
        profile,
        hash,
        calculated,
        approved,
        completed_at,
        cancelled,
        reason,
    } = columns;
    let counts = tokens.zip(counted).zip(holders);
    let calculation = match (snapshot_date, counts, hash, calculated) {
        (Some(snapshot_date), Some(counts), Some(hash), Some(Approval { by, at })) => {
            let ((total_tokens, counted_tokens), holders) = counts;
            Some(Calculation {
                snapshot_date,
                total_tokens,
                counted_tokens,
                nav,
                holders: holders.all,
                holders_without_money: holders.without_money,
                tax_profile: profile,
                hash,
                by,
                at,
            })
        }
        _ => None,
    };
    Some(match status {
        EventStatus::Draft => EventState::Draft,
        EventStatus::Calculated => EventState::Calculated(calculation?),
        EventStatus::Active => EventState::Active(calculation?, approved?),
        EventStatus::Completed => EventState::Completed(calculation?, approved?, completed_at?),
        EventStatus::Cancelled => {
            let Approval { by, at } = cancelled?;
            EventState::Cancelled {
                calculation,
                approval: approved,
                by,
                at,
                reason: reason?,
            }
        }
    })
}

impl Tx<'_> {
    /// Reads an event by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn event(&mut self, number: i64, as_of: AsOf) -> Result<Event, Error> {
        let source = as_of.source("distribution_events", COLUMNS);
        self.one_event(&source, "number = ?1", number)
    }

    /// Reads an event by id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn event_by_id(&mut self, id: EventId) -> Result<Event, Error> {
        self.one_event("distribution_events", "id = ?1", id)
    }

    fn one_event(
        &mut self,
        source: &str,
        which: &'static str,
        value: impl ToSql,
    ) -> Result<Event, Error> {
        let codes = self.codes_with_projects()?;
        let sql = format!("SELECT {COLUMNS} FROM {source} WHERE {which}");
        self.db.query_one(&sql, [value], |row| read(row, &codes))
    }

    /// Reads the events that a filter names, in order of distribution date and code.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn events(&mut self, filter: &EventFilter, as_of: AsOf) -> Result<Vec<Event>, Error> {
        let codes = self.codes_with_projects()?;
        let conditions = Conditions::default()
            .and("project_id = ?", filter.project)
            .and("status = ?", filter.status)
            .and("event_type = ?", filter.event_type)
            .and("distribution_date >= ?", filter.from)
            .and("distribution_date <= ?", filter.to);
        let source = as_of.source("distribution_events", COLUMNS);
        let clause = conditions.clause();
        let sql = format!(
            "SELECT {COLUMNS} FROM {source}{clause} ORDER BY distribution_date, code, number"
        );
        self.db.query(&sql, &conditions, |row| read(row, &codes))
    }

    /// Finds the first event of a project with the same type, amount, proceeds, rate and distribution
    /// date that is not cancelled.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn event_like(
        &mut self,
        project: ProjectId,
        event_type: EventType,
        terms: &NewEvent,
    ) -> Result<Option<Code>, Error> {
        const FIND: &str = "SELECT code FROM distribution_events
            WHERE project_id = ?1 AND event_type = ?2 AND (?3 IS NULL OR total_amount = ?3)
              AND gross_proceeds IS ?4 AND rate_per_unit IS ?5 AND distribution_date = ?6
              AND status <> 'cancelled' ORDER BY number LIMIT 1";
        let amount = match terms.basis {
            Basis::Amount(amount) => Some(amount),
            Basis::Proceeds(_) | Basis::Rate(..) => None,
        };
        self.db.optional_value(
            FIND,
            (
                project,
                event_type,
                amount,
                terms.basis.gross(),
                terms.basis.rate().map(|rate| rate.per_token),
                terms.distribution_date,
            ),
        )
    }

    /// Returns whether an event has a code that no other may have: it was not cancelled before its
    /// approval.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn event_code_taken(&mut self, code: &Code) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM distribution_events WHERE code = ?1
            AND (status <> 'cancelled' OR approved_by IS NOT NULL)";
        self.db.exists(FIND, [code])
    }

    /// Returns whether an event ever had a code.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn event_code_used(&mut self, code: &Code) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM distribution_events WHERE code = ?1";
        self.db.exists(FIND, [code])
    }
}

impl WriteTx<'_> {
    /// Creates an event; returns the row number and the name.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn insert_event(&mut self, new: &NewEventRow) -> Result<(i64, EventRef), Error> {
        let id: EventId = self.ids.make();
        let basis = new.terms.basis;
        let number = insert!(self.db, "distribution_events" {
            "id": id,
            "code": new.code,
            "project_id": new.project,
            "event_type": new.event_type,
            "title": new.title,
            "description": new.description,
            "currency": new.currency,
            "total_amount": EventTotal::before_calculation(basis, &[]).amount(),
            "gross_proceeds": basis.gross(),
            "rate_per_unit": basis.rate().map(|rate| rate.per_token),
            "rounding": basis.rate().map(|rate| rate.rounding),
            "unit": new.terms.unit,
            "distribution_date": new.terms.distribution_date,
            "record_date": new.terms.record_date,
            "status": EventStatus::Draft,
            "total_retained": Amount::ZERO,
            "total_allocated": Amount::ZERO,
            "total_withdrawn": Amount::ZERO,
            "total_pending": Amount::ZERO,
            "minimum_payout": new.terms.minimum,
            "tax_exempt_reason": new.terms.tax_exempt,
            "total_tax": Amount::ZERO,
            "total_brought_forward": Amount::ZERO,
            "total_carried_forward": Amount::ZERO,
            "created_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        let code = new.code.clone();
        Ok((number, EventRef { id, code }))
    }

    /// Changes what a draft distributes and how it is described.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn change_event(
        &mut self,
        before: &Event,
        terms: &NewEvent,
        total: EventTotal,
        texts: EventTexts<'_>,
    ) -> Result<(), Error> {
        let basis = total.basis();
        self.keep_history("distribution_events", COLUMNS, before.number)?;
        update!(self.db, "distribution_events" set {
            "event_type": texts.event_type,
            "title": texts.title,
            "description": texts.description,
            "total_amount": total.amount(),
            "gross_proceeds": basis.gross(),
            "rate_per_unit": basis.rate().map(|rate| rate.per_token),
            "rounding": basis.rate().map(|rate| rate.rounding),
            "unit": terms.unit,
            "distribution_date": terms.distribution_date,
            "record_date": terms.record_date,
            "minimum_payout": terms.minimum,
            "tax_exempt_reason": terms.tax_exempt,
            "updated_at": self.now,
        } where {
            "number": before.number,
            "status": EventStatus::Draft,
        })
    }

    /// Changes what a draft distributes.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn set_total(&mut self, before: &Event, total: EventTotal) -> Result<(), Error> {
        self.keep_history("distribution_events", COLUMNS, before.number)?;
        update!(self.db, "distribution_events" set {
            "total_amount": total.amount(),
            "updated_at": self.now,
        } where {
            "number": before.number,
            "status": EventStatus::Draft,
        })
    }

    /// Moves an event to another state and balance. `before` guards what it is moved from.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn update_event(
        &mut self,
        before: &Event,
        state: &EventState,
        sums: EventSums,
    ) -> Result<(), Error> {
        let EventSums {
            total,
            retained,
            balance,
        } = sums;
        self.keep_history("distribution_events", COLUMNS, before.number)?;
        let (calculation, approval) = (state.calculation(), state.approval());
        let profile = state.tax_profile();
        let completed_at = match state {
            EventState::Completed(_, _, at) => Some(*at),
            EventState::Draft
            | EventState::Calculated(_)
            | EventState::Active(..)
            | EventState::Cancelled { .. } => None,
        };
        let cancelled = match state {
            EventState::Cancelled { by, at, reason, .. } => Some((by.id, *at, reason)),
            EventState::Draft
            | EventState::Calculated(_)
            | EventState::Active(..)
            | EventState::Completed(..) => None,
        };
        update!(self.db, "distribution_events" set {
            "status": state.status(),
            "snapshot_date": calculation.map(|known| known.snapshot_date),
            "snapshot_total_lp_tokens": calculation.map(|known| known.total_tokens),
            "counted_lp_tokens": calculation.map(|known| known.counted_tokens),
            "holders": calculation.map(|known| written(known.holders)).transpose()?,
            "holders_without_money": calculation
                .map(|known| written(known.holders_without_money))
                .transpose()?,
            "snapshot_nav": calculation.and_then(|known| known.nav),
            "tax_profile": profile.map(|profile| &profile.name),
            "tax_profile_hash": profile.map(|profile| &profile.sha256),
            "calculation_hash": calculation.map(|known| &known.hash),
            "total_amount": total,
            "total_retained": retained,
            "total_allocated": balance.allocated(),
            "total_withdrawn": balance.withdrawn(),
            "total_pending": balance.pending(),
            "total_tax": balance.tax(),
            "total_brought_forward": balance.brought_forward(),
            "total_carried_forward": balance.carried_forward(),
            "calculated_by": calculation.map(|known| known.by.id),
            "calculated_at": calculation.map(|known| known.at),
            "approved_by": approval.map(|known| known.by.id),
            "approved_at": approval.map(|known| known.at),
            "completed_at": completed_at,
            "cancelled_by": cancelled.map(|(by, _, _)| by),
            "cancelled_at": cancelled.map(|(_, at, _)| at),
            "cancellation_reason": cancelled.map(|(_, _, reason)| reason),
            "updated_at": self.now,
        } where {
            "number": before.number,
            "status": before.status(),
            "total_withdrawn": before.balance.withdrawn(),
            "total_pending": before.balance.pending(),
        })
    }
}
