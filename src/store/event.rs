//! Distribution events in the ledger.

use std::collections::HashMap;

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Conditions, Day, Fields},
    user::one_row,
};
use crate::domain::{
    allocation::Balance,
    code::Code,
    currency::Currency,
    event::{Approval, Calculation, Event, EventState, EventStatus, EventType, NewEvent},
    id::{EventId, EventRef, ProjectId, ProjectRef, UserId, UserRef},
    quantity::{Amount, Tokens},
    time::{Date, Instant},
};

const COLUMNS: &str = "number, id, code, project_id, event_type, title, description, currency, total_amount, unit, \
    distribution_date, record_date, status, snapshot_date, snapshot_total_lp_tokens, snapshot_nav, calculation_hash, \
    total_allocated, total_withdrawn, total_pending, created_by, calculated_by, calculated_at, approved_by, approved_at, \
    completed_at, cancelled_by, cancelled_at, cancellation_reason, created_at, updated_at";

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

/// The nullable columns of an event, from which its state is rebuilt.
struct Facts {
    status: EventStatus,
    snapshot_date: Option<Day>,
    tokens: Option<Tokens>,
    nav: Option<Amount>,
    hash: Option<String>,
    calculated: Option<Approval>,
    approved: Option<Approval>,
    completed_at: Option<Instant>,
    cancelled: Option<Approval>,
    reason: Option<String>,
}

impl Facts {
    /// Rebuilds the state, or `None` where a fact of it is missing.
    fn state(self) -> Option<EventState> {
        let calculation = match (self.snapshot_date, self.tokens, self.hash, self.calculated) {
            (Some(day), Some(total_tokens), Some(hash), Some(Approval { by, at })) => {
                Some(Calculation {
                    snapshot_date: day.0,
                    total_tokens,
                    nav: self.nav,
                    hash,
                    by,
                    at,
                })
            }
            _ => None,
        };
        Some(match self.status {
            EventStatus::Draft => EventState::Draft,
            EventStatus::Calculated => EventState::Calculated(calculation?),
            EventStatus::Active => EventState::Active(calculation?, self.approved?),
            EventStatus::Completed => {
                EventState::Completed(calculation?, self.approved?, self.completed_at?)
            }
            EventStatus::Cancelled => {
                let Approval { by, at } = self.cancelled?;
                EventState::Cancelled {
                    calculation,
                    approval: self.approved,
                    by,
                    at,
                    reason: self.reason?,
                }
            }
        })
    }
}

type Users = HashMap<UserId, UserRef>;
type Projects = HashMap<ProjectId, ProjectRef>;

fn read(row: &Row<'_>, users: &Users, projects: &Projects) -> Result<Event, Error> {
    let mut fields = Fields::of(row);
    let number = fields.next()?;
    let event = EventRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let bad = |detail: &str| Error::BadRow {
        table: "distribution_events",
        row: event.code.to_string(),
        detail: detail.to_owned(),
    };
    let project_id: ProjectId = fields.next()?;
    let project = projects
        .get(&project_id)
        .cloned()
        .ok_or_else(|| bad("its project is missing"))?;
    let event_type = fields.word(&EventType::ALL, EventType::as_str)?;
    let (title, description, currency) = (fields.next()?, fields.next()?, fields.next()?);
    let (total_amount, unit) = (fields.next()?, fields.next()?);
    let (distribution_date, record_date) = (fields.next::<Day>()?.0, fields.next::<Day>()?.0);
    let status = fields.word(&EventStatus::ALL, EventStatus::as_str)?;
    let (snapshot_date, tokens, nav, hash) = (
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
    );
    let balance = Balance::rebuild(fields.next()?, fields.next()?, fields.next()?)
        .ok_or_else(|| bad("more is paid and pending than allocated"))?;
    let created_by = fields.user(users)?;
    let (calculated, approved) = (fields.step(users)?, fields.step(users)?);
    let completed_at = fields.next()?;
    let cancelled = fields.step(users)?;
    let reason = fields.next()?;
    let facts = Facts {
        status,
        snapshot_date,
        tokens,
        nav,
        hash,
        calculated,
        approved,
        completed_at,
        cancelled,
        reason,
    };
    let state = facts
        .state()
        .ok_or_else(|| bad("a fact of its state is missing"))?;
    let (created_at, updated_at) = (fields.next()?, fields.next()?);
    Ok(Event {
        number,
        event,
        project,
        event_type,
        title,
        description,
        currency,
        total_amount,
        unit,
        distribution_date,
        record_date,
        state,
        balance,
        created_by,
        created_at,
        updated_at,
    })
}

impl Tx<'_> {
    /// Reads an event by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn event(&mut self, number: i64, as_of: AsOf) -> Result<Event, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {} WHERE number = ?1",
            as_of.source("distribution_events", COLUMNS)
        );
        self.one_event(&sql, number)
    }

    /// Reads an event by id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn event_by_id(&mut self, id: EventId) -> Result<Event, Error> {
        self.one_event(
            &format!("SELECT {COLUMNS} FROM distribution_events WHERE id = ?1"),
            id,
        )
    }

    fn one_event(&mut self, sql: &str, value: impl rusqlite::ToSql) -> Result<Event, Error> {
        let (users, projects) = (self.user_names()?, self.project_names()?);
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([value])?;
        match rows.next()? {
            Some(row) => read(row, &users, &projects),
            None => Err(rusqlite::Error::QueryReturnedNoRows.into()),
        }
    }

    /// Reads the events that a filter names, in order of distribution date and code.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn events(&mut self, filter: &EventFilter, as_of: AsOf) -> Result<Vec<Event>, Error> {
        let (users, projects) = (self.user_names()?, self.project_names()?);
        let conditions = Conditions::default()
            .and("project_id = ?", filter.project)
            .and("status = ?", filter.status.map(EventStatus::as_str))
            .and("event_type = ?", filter.event_type.map(EventType::as_str))
            .and("distribution_date >= ?", filter.from.map(Day))
            .and("distribution_date <= ?", filter.to.map(Day));
        let source = as_of.source("distribution_events", COLUMNS);
        let sql = format!(
            "SELECT {COLUMNS} FROM {source}{} ORDER BY distribution_date, code",
            conditions.clause()
        );
        let mut statement = self.conn.prepare(&sql)?;
        conditions.bind(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(read(row, &users, &projects)?);
        }
        Ok(events)
    }

    /// Tells whether an event has a code.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn event_code_used(&mut self, code: &Code) -> Result<bool, Error> {
        const FIND: &str = "SELECT 1 FROM distribution_events WHERE code = ?1";
        Ok(self
            .conn
            .query_row(FIND, [code], |_| Ok(()))
            .optional()?
            .is_some())
    }
}

impl WriteTx<'_> {
    /// Creates an event; answers the row number and the name.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_event(&mut self, new: &NewEventRow) -> Result<(i64, EventRef), Error> {
        const INSERT: &str = "INSERT INTO distribution_events (id, code, project_id, event_type, title, description, currency,
            total_amount, unit, distribution_date, record_date, status, total_allocated, total_withdrawn, total_pending,
            created_by, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'draft', '0.0000000', '0.0000000', '0.0000000', ?12, ?13, ?13)";
        let id: EventId = self.ids.make();
        self.conn.execute(
            INSERT,
            rusqlite::params![
                id,
                new.code,
                new.project,
                new.event_type.as_str(),
                new.title,
                new.description,
                new.currency,
                new.terms.total_amount,
                new.terms.unit,
                Day(new.terms.distribution_date),
                Day(new.terms.record_date),
                self.actor.user.id,
                self.now,
            ],
        )?;
        Ok((
            self.conn.last_insert_rowid(),
            EventRef {
                id,
                code: new.code.clone(),
            },
        ))
    }

    /// Moves an event to another state and balance. `before` guards what it is moved from.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_event(
        &mut self,
        before: &Event,
        state: &EventState,
        balance: Balance,
    ) -> Result<(), Error> {
        const UPDATE: &str = "UPDATE distribution_events SET status = :status, snapshot_date = :snapshot_date,
            snapshot_total_lp_tokens = :tokens, snapshot_nav = :nav, calculation_hash = :hash,
            total_allocated = :allocated, total_withdrawn = :withdrawn, total_pending = :pending,
            calculated_by = :calculated_by, calculated_at = :calculated_at, approved_by = :approved_by,
            approved_at = :approved_at, completed_at = :completed_at, cancelled_by = :cancelled_by,
            cancelled_at = :cancelled_at, cancellation_reason = :reason, updated_at = :now
            WHERE number = :number AND status = :was AND total_withdrawn = :was_withdrawn AND total_pending = :was_pending";
        self.keep_history("distribution_events", COLUMNS, before.number)?;
        let calculation = state.calculation();
        let approval = state.approval();
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
        let changed = self.conn.prepare_cached(UPDATE)?.execute(named_params! {
            ":status": state.status().as_str(),
            ":snapshot_date": calculation.map(|known| Day(known.snapshot_date)),
            ":tokens": calculation.map(|known| known.total_tokens),
            ":nav": calculation.and_then(|known| known.nav),
            ":hash": calculation.map(|known| &known.hash),
            ":allocated": balance.allocated(),
            ":withdrawn": balance.withdrawn(),
            ":pending": balance.pending(),
            ":calculated_by": calculation.map(|known| known.by.id),
            ":calculated_at": calculation.map(|known| known.at),
            ":approved_by": approval.map(|known| known.by.id),
            ":approved_at": approval.map(|known| known.at),
            ":completed_at": completed_at,
            ":cancelled_by": cancelled.map(|(by, _, _)| by),
            ":cancelled_at": cancelled.map(|(_, at, _)| at),
            ":reason": cancelled.map(|(_, _, reason)| reason),
            ":now": self.now,
            ":number": before.number,
            ":was": before.status().as_str(),
            ":was_withdrawn": before.balance.withdrawn(),
            ":was_pending": before.balance.pending(),
        })?;
        one_row(changed, "distribution_events")
    }
}
