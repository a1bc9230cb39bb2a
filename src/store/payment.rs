//! Payments in the ledger.

use std::collections::HashMap;

use rusqlite::{OptionalExtension as _, Row};

use super::{
    AsOf, Error, Tx, WriteTx,
    sql::{Conditions, Day, Fields},
    user::one_row,
};
use crate::domain::{
    account::BankAccount,
    code::{LineNumber, PaymentNumber, WithdrawalNumber},
    event::Approval,
    id::{AllocationId, EventId, EventRef, HolderId, HolderRef, PaymentId, UserId, UserRef},
    payment::{Payment, PaymentState, PaymentStatus},
    time::Instant,
    withdrawal::{PaymentFacts, Withdrawal},
};

const SELECT: &str =
    "SELECT y.number, y.id, w.number, y.distribution_event_id, e.code, y.lp_token_holder_id, h.code, y.currency,
    y.reference, y.payment_date, y.amount, y.paid_by, y.paid_at, y.notes, y.bank_name, y.bank_code, y.account_number,
    y.account_name, y.status, y.return_date, y.return_reason, y.returned_by, y.returned_at, r.number,
    (SELECT min(ml.line_number) FROM bank_match_withdrawals mw JOIN bank_matches m ON m.number = mw.match_number
     JOIN bank_match_lines ml ON ml.match_number = m.number
     WHERE mw.withdrawal_number = w.number AND mw.kind = 'payment' AND m.matched_at IS NOT NULL
       AND (?1 IS NULL OR m.matched_at <= ?1) AND (m.ended_at IS NULL OR m.ended_at > ?1))
    FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
    JOIN distribution_events e ON e.id = y.distribution_event_id JOIN lp_token_holders h ON h.id = y.lp_token_holder_id
    LEFT JOIN distribution_payments r ON r.id = y.replaces_payment_id";

/// Which payments are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// Of this event.
    pub event: Option<EventId>,
    /// To this holder.
    pub holder: Option<HolderId>,
    /// In this state.
    pub status: Option<PaymentStatus>,
}

/// A payment to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaymentRow<'a> {
    /// The withdrawal that it pays.
    pub withdrawal: &'a Withdrawal,
    /// What is paid.
    pub facts: &'a PaymentFacts,
    /// The returned payment that it replaces.
    pub replaces: Option<PaymentId>,
}

fn read(row: &Row<'_>, users: &HashMap<UserId, UserRef>) -> Result<Payment, Error> {
    let mut fields = Fields::of(row);
    let (number, id) = (PaymentNumber::new(fields.next()?), fields.next()?);
    let withdrawal = WithdrawalNumber::new(fields.next()?);
    let event = EventRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let holder = HolderRef {
        id: fields.next()?,
        code: fields.next()?,
    };
    let currency = fields.next()?;
    let facts = PaymentFacts {
        reference: fields.next()?,
        date: fields.next::<Day>()?.0,
        amount: fields.next()?,
        by: fields.user(users)?,
        at: fields.next()?,
        notes: fields.next()?,
    };
    let bank = BankAccount {
        bank_name: fields.next()?,
        bank_code: fields.next()?,
        account_number: fields.next()?,
        account_name: fields.next()?,
    };
    let status = fields.word(&PaymentStatus::ALL, PaymentStatus::as_str)?;
    let (date, reason): (Option<Day>, Option<String>) = (fields.next()?, fields.next()?);
    let recorded: Option<Approval> = fields.step(users)?;
    let replaces = fields.next::<Option<i64>>()?.map(PaymentNumber::new);
    let bank_line = fields.next::<Option<i64>>()?.map(LineNumber::new);
    // Whether a payment is reconciled does not stand in its row, but in the links of bank lines.
    let state = match (status, date, reason, recorded) {
        (PaymentStatus::Recorded, None, None, None) => PaymentState::unreturned(bank_line),
        (PaymentStatus::Returned, Some(date), Some(reason), Some(recorded)) => {
            PaymentState::Returned {
                date: date.0,
                reason,
                recorded,
            }
        }
        (PaymentStatus::Recorded | PaymentStatus::Reconciled | PaymentStatus::Returned, ..) => {
            let detail = "the facts do not fit its state".to_owned();
            return Err(Error::BadRow {
                table: "distribution_payments",
                row: number.to_string(),
                detail,
            });
        }
    };
    Ok(Payment {
        number,
        id,
        withdrawal,
        event,
        holder,
        currency,
        facts,
        bank,
        state,
        replaces,
        bank_line,
    })
}

impl Tx<'_> {
    /// Reads a payment by row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn payment(&mut self, number: i64) -> Result<Payment, Error> {
        let found =
            self.one_payment(&format!("{SELECT} WHERE y.number = ?2"), number, AsOf::Now)?;
        found.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
    }

    /// Reads a payment by row number as it stood at an instant, or `None` where it was not recorded
    /// yet.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn payment_at(&mut self, number: i64, at: Instant) -> Result<Option<Payment>, Error> {
        let found = self.one_payment(
            &format!("{SELECT} WHERE y.number = ?2"),
            number,
            AsOf::At(at),
        )?;
        Ok(found.and_then(|payment| payment.at(at)))
    }

    /// Finds the payment that uses a reference.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn payment_by_reference(&mut self, reference: &str) -> Result<Option<Payment>, Error> {
        self.one_payment(
            &format!("{SELECT} WHERE y.reference = ?2"),
            reference,
            AsOf::Now,
        )
    }

    /// Tells whether a payment uses a reference.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn has_payment_reference(&mut self, reference: &str) -> Result<bool, Error> {
        const FIND: &str =
            "SELECT EXISTS (SELECT 1 FROM distribution_payments WHERE reference = ?1)";
        Ok(self
            .conn
            .prepare_cached(FIND)?
            .query_row([reference], |row| row.get(0))?)
    }

    fn one_payment(
        &mut self,
        sql: &str,
        value: impl rusqlite::ToSql,
        as_of: AsOf,
    ) -> Result<Option<Payment>, Error> {
        let users = self.user_names()?;
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((as_of.instant(), value))?;
        rows.next()?.map(|row| read(row, &users)).transpose()
    }

    /// Hands the payments that a filter names to `each`, in order of their numbers, as they stood
    /// at `as_of`.
    ///
    /// # Errors
    /// What `each` answers, or what the file refuses.
    pub fn each_payment<E: From<Error>>(
        &mut self,
        filter: &PaymentFilter,
        as_of: AsOf,
        mut each: impl FnMut(Payment) -> Result<(), E>,
    ) -> Result<(), E> {
        let users = self.user_names()?;
        let conditions = Conditions::default()
            .and("y.distribution_event_id = ?", filter.event)
            .and("y.lp_token_holder_id = ?", filter.holder);
        let mut statement = self
            .conn
            .prepare(&format!(
                "{SELECT}{} ORDER BY y.number",
                conditions.clause()
            ))
            .map_err(Error::from)?;
        statement
            .raw_bind_parameter(1, as_of.instant())
            .map_err(Error::from)?;
        conditions.bind(&mut statement, 1)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(Error::from)? {
            let payment = Some(read(row, &users)?);
            let payment = match as_of {
                AsOf::Now => payment,
                AsOf::At(at) => payment.and_then(|payment| payment.at(at)),
            };
            let fits = |payment: &Payment| {
                filter
                    .status
                    .is_none_or(|status| payment.state.status() == status)
            };
            if let Some(payment) = payment.filter(fits) {
                each(payment)?;
            }
        }
        Ok(())
    }

    /// Finds the payment that a new one of the same allocation replaces: the first returned one
    /// that nothing replaced yet.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn payment_to_replace(
        &mut self,
        allocation: AllocationId,
    ) -> Result<Option<PaymentId>, Error> {
        const FIND: &str = "SELECT y.id FROM distribution_payments y
            WHERE y.distribution_allocation_id = ?1 AND y.status = 'returned'
              AND NOT EXISTS (SELECT 1 FROM distribution_payments n WHERE n.replaces_payment_id = y.id)
            ORDER BY y.number LIMIT 1";
        Ok(self
            .conn
            .prepare_cached(FIND)?
            .query_row([allocation], |row| row.get(0))
            .optional()?)
    }
}

impl WriteTx<'_> {
    /// Records a payment; answers the row number.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn insert_payment(&mut self, new: &NewPaymentRow<'_>) -> Result<i64, Error> {
        const INSERT: &str = "INSERT INTO distribution_payments (id, withdrawal_request_id, distribution_allocation_id,
            distribution_event_id, project_id, lp_token_holder_id, amount, currency, reference, payment_date, status,
            bank_name, bank_code, account_number, account_name, notes, replaces_payment_id, paid_by, paid_at, updated_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'recorded', ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?18)";
        let id: PaymentId = self.ids.make();
        let NewPaymentRow {
            withdrawal,
            facts,
            replaces,
        } = new;
        self.conn
            .prepare_cached(INSERT)?
            .execute(rusqlite::params![
                id,
                withdrawal.id,
                withdrawal.allocation_id,
                withdrawal.event.id,
                withdrawal.project.id,
                withdrawal.holder.id,
                facts.amount,
                withdrawal.currency,
                facts.reference,
                Day(facts.date),
                withdrawal.bank.bank_name,
                withdrawal.bank.bank_code,
                withdrawal.bank.account_number,
                withdrawal.bank.account_name,
                facts.notes,
                replaces,
                facts.by.id,
                facts.at,
            ])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Notes that the bank returned a payment. `before` guards what it is moved from.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn update_payment(&mut self, before: &Payment, state: &PaymentState) -> Result<(), Error> {
        const UPDATE: &str =
            "UPDATE distribution_payments SET status = ?2, return_date = ?3, return_reason = ?4,
            returned_by = ?5, returned_at = ?6, updated_at = ?7 WHERE number = ?1 AND status = ?8";
        self.keep_before("distribution_payments", "number", before.number.number())?;
        let returned = match state {
            PaymentState::Returned {
                date,
                reason,
                recorded,
            } => Some((Day(*date), reason, recorded)),
            PaymentState::Recorded | PaymentState::Reconciled => None,
        };
        let changed = self
            .conn
            .prepare_cached(UPDATE)?
            .execute(rusqlite::params![
                before.number.number(),
                stored_word(state),
                returned.as_ref().map(|(date, _, _)| date),
                returned.as_ref().map(|(_, reason, _)| reason),
                returned.as_ref().map(|(_, _, recorded)| recorded.by.id),
                returned.as_ref().map(|(_, _, recorded)| recorded.at),
                self.now,
                stored_word(&before.state),
            ])?;
        one_row(changed, "distribution_payments")
    }
}

/// Tells the word that stands in the row: that a payment is reconciled, its links say.
fn stored_word(state: &PaymentState) -> &'static str {
    match state {
        PaymentState::Recorded | PaymentState::Reconciled => PaymentStatus::Recorded.as_str(),
        PaymentState::Returned { .. } => PaymentStatus::Returned.as_str(),
    }
}
