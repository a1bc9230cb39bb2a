//! Withdrawal requests in the ledger.

use std::collections::HashMap;

use rusqlite::{Row, ToSql};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Conditions, Day, Fields},
    user::one_row,
};
use crate::domain::{
    account::BankAccount,
    code::WithdrawalNumber,
    event::{Approval, Event},
    holder::HolderStatus,
    id::{
        AllocationId, EventId, EventRef, HolderId, HolderRef, ProjectId, ProjectRef, UserId,
        UserRef, WithdrawalId,
    },
    quantity::Amount,
    time::Instant,
    withdrawal::{NewRequest, PaymentFacts, Withdrawal, WithdrawalState, WithdrawalStatus},
};

const COLUMNS: &str = "w.number, w.id, w.distribution_allocation_id, w.distribution_event_id, e.code, w.project_id, p.code,
    w.lp_token_holder_id, h.code, w.requested_amount, w.currency, w.status, w.bank_name, w.bank_code, w.account_number,
    w.account_name, w.bank_changed_by, w.request_notes, w.requested_by, w.approved_by, w.approved_at, w.rejected_by,
    w.rejected_at, w.rejection_reason, w.cancelled_by, w.cancelled_at, w.payment_reference, w.payment_date,
    w.payment_amount, w.paid_by, w.paid_at, w.payment_notes, w.returned_at, w.created_at";

const FROM: &str =
    "FROM withdrawal_requests w JOIN distribution_events e ON e.id = w.distribution_event_id
    JOIN projects p ON p.id = w.project_id JOIN lp_token_holders h ON h.id = w.lp_token_holder_id";

/// Which withdrawals are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WithdrawalFilter {
    /// Of this event.
    pub event: Option<EventId>,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this holder.
    pub holder: Option<HolderId>,
    /// In this state.
    pub status: Option<WithdrawalStatus>,
}

/// A request to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWithdrawal<'a> {
    /// The event.
    pub event: &'a Event,
    /// The allocation it draws on.
    pub allocation: AllocationId,
    /// The holder.
    pub holder: &'a HolderRef,
    /// What was decided.
    pub request: &'a NewRequest,
    /// What the requester noted.
    pub notes: Option<&'a str>,
}

/// An approved withdrawal that no payment file holds, with what a payment file asks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfiled {
    /// The withdrawal.
    pub withdrawal: Withdrawal,
    /// The holder's name.
    pub holder_name: String,
    /// Whether the holder may be paid.
    pub holder_status: HolderStatus,
    /// Whether anything of the bank side names the withdrawal.
    pub traces: Traces,
}

/// Whether anything of the bank side names a withdrawal: an item of a payment file, cancelled or
/// not, a link that has not ended, or what a run of the reconciliation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traces {
    /// Something does, or may.
    Possible,
    /// Nothing does: there is no file, no proposal and no bank line to be found for it.
    None,
}

/// The nullable columns of a request, from which its state is rebuilt.
struct Facts {
    status: WithdrawalStatus,
    approved: Option<Approval>,
    rejected: Option<Approval>,
    reason: Option<String>,
    cancelled: Option<Approval>,
    payment: Option<PaymentFacts>,
    returned_at: Option<Instant>,
}

impl Facts {
    /// Rebuilds the state, or `None` where a fact of it is missing.
    fn state(self) -> Option<WithdrawalState> {
        Some(match self.status {
            WithdrawalStatus::Pending => WithdrawalState::Pending,
            WithdrawalStatus::Approved => WithdrawalState::Approved(self.approved?),
            WithdrawalStatus::Rejected => WithdrawalState::Rejected(self.rejected?, self.reason?),
            WithdrawalStatus::Cancelled => {
                WithdrawalState::Cancelled(self.approved, self.cancelled?)
            }
            WithdrawalStatus::Paid => WithdrawalState::Paid(self.approved?, self.payment?),
            WithdrawalStatus::Returned => {
                WithdrawalState::Returned(self.approved?, self.payment?, self.returned_at?)
            }
        })
    }
}

fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> Result<Withdrawal, Error> {
    read_fields(&mut Fields::of(row), users)
}

fn read_fields(
    fields: &mut Fields<'_, '_>,
    users: &HashMap<UserId, UserRef>,
) -> Result<Withdrawal, Error> {
    let number = WithdrawalNumber::new(fields.next()?);
    let (id, allocation_id) = (fields.next()?, fields.next()?);
    let event = EventRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let project = ProjectRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let holder = HolderRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let (amount, currency) = (fields.next()?, fields.next()?);
    let status = fields.word(&WithdrawalStatus::ALL, WithdrawalStatus::as_str)?;
    let bank = BankAccount {
        bank_name: fields.next()?,
        bank_code: fields.next()?,
        account_number: fields.next()?,
        account_name: fields.next()?,
    };
    let (bank_changed_by, notes, requested_by) =
        (fields.user(users)?, fields.next()?, fields.user(users)?);
    let (approved, rejected, reason) = (fields.step(users)?, fields.step(users)?, fields.next()?);
    let cancelled = fields.step(users)?;
    let payment = read_payment(fields, users)?;
    let facts = Facts {
        status,
        approved,
        rejected,
        reason,
        cancelled,
        payment,
        returned_at: fields.next()?,
    };
    let state = facts.state().ok_or_else(|| Error::BadRow {
        table: "withdrawal_requests",
        row: number.to_string(),
        detail: "a fact of its state is missing".to_owned(),
    })?;
    let created_at = fields.next()?;
    Ok(Withdrawal {
        number,
        id,
        allocation_id,
        event,
        project,
        holder,
        amount,
        currency,
        bank,
        bank_changed_by,
        notes,
        requested_by,
        created_at,
        state,
    })
}

fn read_payment(
    fields: &mut Fields<'_, '_>,
    users: &HashMap<UserId, UserRef>,
) -> Result<Option<PaymentFacts>, Error> {
    let (reference, date, amount): (Option<String>, Option<Day>, Option<Amount>) =
        (fields.next()?, fields.next()?, fields.next()?);
    let (paid, notes) = (fields.step(users)?, fields.next()?);
    let facts = reference.zip(date).zip(amount).zip(paid);
    Ok(facts.map(
        |(((reference, date), amount), Approval { by, at })| PaymentFacts {
            reference,
            date: date.0,
            amount,
            by,
            at,
            notes,
        },
    ))
}

impl Fields<'_, '_> {
    /// Reads two columns as who did something and when.
    pub(super) fn step(
        &mut self,
        users: &HashMap<UserId, UserRef>,
    ) -> rusqlite::Result<Option<Approval>> {
        let (by, at) = (self.maybe_user(users)?, self.next::<Option<Instant>>()?);
        Ok(by.zip(at).map(|(by, at)| Approval { by, at }))
    }
}

impl Tx<'_> {
    /// Reads a withdrawal by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn withdrawal(&mut self, number: i64) -> Result<Withdrawal, Error> {
        let users = self.user_names()?;
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE w.number = ?1"))?;
        let mut rows = statement.query([number])?;
        match rows.next()? {
            Some(row) => read(row, &users),
            None => Err(rusqlite::Error::QueryReturnedNoRows.into()),
        }
    }

    /// Reads a withdrawal by row number, and whether its holder may be paid.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn withdrawal_and_holder_status(
        &mut self,
        number: i64,
    ) -> Result<(Withdrawal, HolderStatus), Error> {
        let users = self.user_names()?;
        let sql = format!("SELECT {COLUMNS}, h.status, h.status_reason {FROM} WHERE w.number = ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query([number])?;
        let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let mut fields = Fields::of(row);
        Ok((read_fields(&mut fields, &users)?, fields.holder_status()?))
    }

    /// Reads up to `limit` of an event's withdrawals in a state, after the row number `after`, and
    /// whether their holders may be paid: one walk in place of two queries for each.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn withdrawals_and_holder_statuses(
        &mut self,
        (event, status): (EventId, WithdrawalStatus),
        after: i64,
        limit: i64,
    ) -> Result<Vec<(Withdrawal, HolderStatus)>, Error> {
        const WHICH: &str = "w.distribution_event_id = ?1 AND w.status = ?2 AND w.number > ?3 ORDER BY w.number LIMIT ?4";
        let users = self.user_names()?;
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS}, h.status, h.status_reason {FROM} WHERE {WHICH}"
        ))?;
        let mut rows = statement.query((event, status.as_str(), after, limit))?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let mut fields = Fields::of(row);
            page.push((read_fields(&mut fields, &users)?, fields.holder_status()?));
        }
        Ok(page)
    }

    /// Hands the withdrawals that a filter names to `each`, in order of their numbers, as they
    /// stood at `as_of`.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_withdrawal<E: From<Error>>(
        &mut self,
        filter: &WithdrawalFilter,
        as_of: AsOf,
        mut each: impl FnMut(Withdrawal) -> Result<(), E>,
    ) -> Result<(), E> {
        let users = self.user_names()?;
        // The state of a past day is found after the row is wound back.
        let stored_status = match as_of {
            AsOf::Now => filter.status,
            AsOf::At(_) => None,
        };
        let conditions = Conditions::default()
            .and("w.distribution_event_id = ?", filter.event)
            .and("w.project_id = ?", filter.project)
            .and("w.lp_token_holder_id = ?", filter.holder)
            .and("w.status = ?", stored_status.map(WithdrawalStatus::as_str));
        let sql = format!(
            "SELECT {COLUMNS} {FROM}{} ORDER BY w.number",
            conditions.clause()
        );
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        conditions.bind(&mut statement, 0)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(Error::from)? {
            let withdrawal = Some(read(row, &users)?);
            let withdrawal = match as_of {
                AsOf::Now => withdrawal,
                AsOf::At(at) => withdrawal.and_then(|withdrawal| withdrawal.at(at)),
            };
            let fits = |withdrawal: &Withdrawal| {
                filter
                    .status
                    .is_none_or(|status| withdrawal.status() == status)
            };
            if let Some(withdrawal) = withdrawal.filter(fits) {
                each(withdrawal)?;
            }
        }
        Ok(())
    }

    /// Hands the withdrawals with these numbers to `each`, as they stood at `at`.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_numbered<E: From<Error>>(
        &mut self,
        runs: &[(i64, i64)],
        at: Instant,
        mut each: impl FnMut(Withdrawal) -> Result<(), E>,
    ) -> Result<(), E> {
        let users = self.user_names()?;
        let sql =
            format!("SELECT {COLUMNS} {FROM} WHERE w.number BETWEEN ?1 AND ?2 ORDER BY w.number");
        let mut statement = self.conn.prepare(&sql).map_err(Error::from)?;
        for run in runs {
            let mut rows = statement.query(*run).map_err(Error::from)?;
            while let Some(row) = rows.next().map_err(Error::from)? {
                if let Some(withdrawal) = read(row, &users)?.at(at) {
                    each(withdrawal)?;
                }
            }
        }
        Ok(())
    }

    /// Reads up to `limit` row numbers of an event's withdrawals in a state, after the row number
    /// `after`.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn withdrawals_in(
        &mut self,
        event: EventId,
        status: WithdrawalStatus,
        after: i64,
        limit: i64,
    ) -> Result<Vec<i64>, Error> {
        const NUMBERS: &str = "SELECT number FROM withdrawal_requests
            WHERE distribution_event_id = ?1 AND status = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
        let mut statement = self.conn.prepare_cached(NUMBERS)?;
        let rows = statement.query_map((event, status.as_str(), after, limit), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Reads all approved withdrawals of an event that no payment file holds, in order of their
    /// numbers: one walk in place of several queries for each.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn unfiled(&mut self, event: EventId) -> Result<Vec<Unfiled>, Error> {
        const TRACES: &str = "EXISTS (SELECT 1 FROM payment_file_items i WHERE i.withdrawal_number = w.number)
            OR EXISTS (SELECT 1 FROM bank_match_withdrawals m WHERE m.withdrawal_number = w.number AND m.live = 1)
            OR EXISTS (SELECT 1 FROM bank_classes s WHERE s.withdrawal_number = w.number)";
        const WHICH: &str = "w.distribution_event_id = ?1 AND w.status = 'approved' AND NOT EXISTS
            (SELECT 1 FROM payment_file_items i WHERE i.withdrawal_number = w.number AND i.live = 1)";
        let users = self.user_names()?;
        let sql = format!(
            "SELECT {COLUMNS}, h.name, h.status, h.status_reason, {TRACES} {FROM} WHERE {WHICH} ORDER BY w.number"
        );
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([event])?;
        let mut unfiled = Vec::new();
        while let Some(row) = rows.next()? {
            let mut fields = Fields::of(row);
            let withdrawal = read_fields(&mut fields, &users)?;
            let (holder_name, holder_status) = (fields.next()?, fields.holder_status()?);
            let traces = if fields.next()? {
                Traces::Possible
            } else {
                Traces::None
            };
            unfiled.push(Unfiled {
                withdrawal,
                holder_name,
                holder_status,
                traces,
            });
        }
        Ok(unfiled)
    }

    /// Counts an event's withdrawals in a state.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn count_withdrawals(
        &mut self,
        event: EventId,
        status: WithdrawalStatus,
    ) -> Result<i64, Error> {
        const COUNT: &str = "SELECT count(*) FROM withdrawal_requests WHERE distribution_event_id = ?1 AND status = ?2";
        Ok(self
            .conn
            .query_row(COUNT, (event, status.as_str()), |row| row.get(0))?)
    }
}

impl WriteTx<'_> {
    /// Records a request; answers the row number and the id.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_withdrawal(
        &mut self,
        new: &NewWithdrawal<'_>,
    ) -> Result<(i64, WithdrawalId), Error> {
        const INSERT: &str =
            "INSERT INTO withdrawal_requests (id, distribution_allocation_id, distribution_event_id, project_id,
            lp_token_holder_id, requested_amount, currency, status, bank_name, bank_code, account_number, account_name,
            bank_changed_by, request_notes, requested_by, created_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'pending', ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)";
        let id: WithdrawalId = self.ids.make();
        let BankAccount {
            bank_name,
            bank_code,
            account_number,
            account_name,
        } = &new.request.bank;
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                id,
                new.allocation,
                new.event.event.id,
                new.event.project.id,
                new.holder.id,
                new.request.amount,
                new.event.currency,
                bank_name,
                bank_code,
                account_number,
                account_name,
                new.request.bank_changed_by.id,
                new.notes,
                self.actor.user.id,
                self.now,
            ])?;
        Ok((self.conn.last_insert_rowid(), id))
    }

    /// Moves a withdrawal to another state. `before` guards what it is moved from. Only what the
    /// step says is written: of each other column SQLite would look up anew whom it names.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_withdrawal(
        &mut self,
        before: &Withdrawal,
        state: &WithdrawalState,
    ) -> Result<(), Error> {
        self.keep_before("withdrawal_requests", "number", before.number.number())?;
        let (status, number, was) = (
            state.status().as_str(),
            before.number.number(),
            before.status().as_str(),
        );
        let date = state.payment().map(|payment| Day(payment.date));
        let mut values: Vec<&dyn ToSql> = vec![&status, &self.now, &number, &was];
        let step = match state {
            WithdrawalState::Pending => {
                return Err(Error::bug("a request is never moved back to pending"));
            }
            WithdrawalState::Approved(Approval { by, at }) => {
                values.extend::<[&dyn ToSql; 2]>([&by.id, at]);
                "reviewed_by = ?5, reviewed_at = ?6, approved_by = ?5, approved_at = ?6"
            }
            WithdrawalState::Rejected(Approval { by, at }, reason) => {
                values.extend::<[&dyn ToSql; 3]>([&by.id, at, reason]);
                "reviewed_by = ?5, reviewed_at = ?6, rejected_by = ?5, rejected_at = ?6, rejection_reason = ?7"
            }
            WithdrawalState::Cancelled(_, Approval { by, at }) => {
                values.extend::<[&dyn ToSql; 2]>([&by.id, at]);
                "cancelled_by = ?5, cancelled_at = ?6"
            }
            WithdrawalState::Paid(
                _,
                PaymentFacts {
                    reference,
                    date: _,
                    amount,
                    by,
                    at,
                    notes,
                },
            ) => {
                values.extend::<[&dyn ToSql; 6]>([reference, &date, amount, &by.id, at, notes]);
                "payment_reference = ?5, payment_date = ?6, payment_amount = ?7, paid_by = ?8, paid_at = ?9, payment_notes = ?10"
            }
            WithdrawalState::Returned(_, _, at) => {
                values.push(at);
                "returned_at = ?5"
            }
        };
        let sql = format!(
            "UPDATE withdrawal_requests SET status = ?1, updated_at = ?2, {step} WHERE number = ?3 AND status = ?4"
        );
        let changed = self.conn.prepare_cached(&sql)?.execute(values.as_slice())?;
        one_row(changed, "withdrawal_requests")
    }
}
