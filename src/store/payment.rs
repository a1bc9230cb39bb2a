//! Payments in the ledger.

use std::collections::BTreeMap;

use super::{
    AsOf, Error, Tx, WriteTx,
    as_of::earlier,
    db::{Codes, Conditions, Row, ToSql, columns, insert, update},
};
use crate::domain::{
    account::BankDetails,
    code::PaymentNumber,
    event::Approval,
    id::{
        AllocationId, EventId, EventRef, HolderId, HolderRef, PaymentId, ProjectId, WithdrawalId,
    },
    matching::Class,
    payment::{
        PastPayment, Payment, PaymentBasis, PaymentChange, PaymentState, PaymentStatus, Replacement,
    },
    quantity::Amount,
    time::{Date, Instant},
    transfer::{PaidTransfer, TransferNumber},
    withdrawal::{PaymentFacts, Withdrawal},
};

columns! {
    const COLUMNS, fn read: Payment {
        number: "y.number",
        // Whether a payment is reconciled is not kept in its row, but in the links of bank lines:
        // at ?1 it had this line. The state is rebuilt from it, too.
        bank_line: "(SELECT min(ml.line_number) FROM bank_match_withdrawals mw
            JOIN bank_matches m ON m.number = mw.match_number
            JOIN bank_match_lines ml ON ml.match_number = m.number
            WHERE mw.withdrawal_number = w.number AND mw.kind = 'payment' AND m.matched_at IS NOT NULL
              AND (?1 IS NULL OR m.matched_at <= ?1) AND (m.ended_at IS NULL OR m.ended_at > ?1))",
        id: "y.id",
        withdrawal: "w.number",
        event: (EventRef { id: "y.distribution_event_id", code: "e.code" }),
        holder: (HolderRef { id: "y.lp_token_holder_id", code: "h.code" }),
        currency: "y.currency",
        facts: (PaymentFacts {
            reference: "y.reference",
            date: "y.payment_date",
            amount: "y.amount",
            by: "y.paid_by",
            at: "y.paid_at",
            notes: "y.notes",
        }),
        transfer: ("t.number, t.payments, t.total" => transfer),
        means: "w.means",
        bank: "y.bank_name, y.bank_code, y.account_number, y.account_name",
        replaces: "r.number",
        basis: ("y.recorded_from" => basis),
        settled: "(SELECT z.settled_by FROM payment_settlements z WHERE z.payment_number = y.number
            AND (?1 IS NULL OR z.settled_at <= ?1) AND (z.undone_at IS NULL OR z.undone_at > ?1)),
            (SELECT z.settled_at FROM payment_settlements z WHERE z.payment_number = y.number
            AND (?1 IS NULL OR z.settled_at <= ?1) AND (z.undone_at IS NULL OR z.undone_at > ?1))",
        state: (StateColumns {
            status: "y.status",
            date: "y.return_date",
            reason: "y.return_reason",
            recorded: "y.returned_by, y.returned_at",
        } => state),
    }
}

columns! {
    const PAST_COLUMNS, fn read_past: PastPayment {
        corrected_at: "h.superseded_at",
        corrected_by: "h.changed_by",
        reason: "h.change_reason",
        reference: "h.reference",
        date: "h.payment_date",
        notes: "h.notes",
    }
}

/// The columns of the table, for its history.
const TABLE_COLUMNS: &str = "number, id, withdrawal_request_id, distribution_allocation_id, distribution_event_id,  \
    project_id, lp_token_holder_id, amount, currency, transfer_number, reference, payment_date, status,  \
    bank_name, bank_code, account_number, account_name, notes, recorded_from,  \
    replaces_payment_id, paid_by, paid_at, return_date, return_reason, returned_by,  \
    returned_at, updated_at";

const FROM: &str =
    "FROM distribution_payments y JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id
    JOIN distribution_events e ON e.id = y.distribution_event_id
    JOIN lp_token_holders h ON h.id = y.lp_token_holder_id
    LEFT JOIN payment_transfers t ON t.number = y.transfer_number
    LEFT JOIN distribution_payments r ON r.id = y.replaces_payment_id";

/// Which payments are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// Of this event.
    pub event: Option<EventId>,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// To this holder.
    pub holder: Option<HolderId>,
    /// In this state.
    pub status: Option<PaymentStatus>,
    /// With a higher number.
    pub after: Option<PaymentNumber>,
}

/// A payment to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaymentRow<'a> {
    /// The withdrawal that it pays.
    pub withdrawal: &'a Withdrawal,
    /// What is paid.
    pub facts: &'a PaymentFacts,
    /// The transfer that it is a part of, or all of.
    pub transfer: TransferNumber,
    /// What it is recorded from.
    pub basis: PaymentBasis,
    /// The returned payment that it replaces.
    pub replaces: Option<PaymentId>,
}

/// The columns from which a payment's state is rebuilt.
struct StateColumns {
    status: PaymentStatus,
    date: Option<Date>,
    reason: Option<String>,
    recorded: Option<Approval>,
}

fn transfer(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<PaidTransfer>, Error> {
    let number: Option<TransferNumber> = row.next()?;
    let (payments, total): (Option<u64>, Option<Amount>) = (row.next()?, row.next()?);
    let sums = payments.zip(total);
    Ok(number
        .zip(sums)
        .map(|(number, (payments, total))| PaidTransfer {
            number,
            payments,
            total,
        }))
}

fn basis(row: &mut Row<'_>, _codes: &Codes) -> Result<PaymentBasis, Error> {
    Ok(match row.next()? {
        Some(line) => PaymentBasis::Line(line),
        None => PaymentBasis::Typed,
    })
}

fn state(columns: StateColumns, row: &Row<'_>) -> Result<PaymentState, Error> {
    let StateColumns {
        status,
        date,
        reason,
        recorded,
    } = columns;
    match (status, date, reason, recorded) {
        (PaymentStatus::Recorded, None, None, None) => Ok(PaymentState::unreturned(row.get(1)?)),
        (PaymentStatus::Returned, Some(date), Some(reason), Some(recorded)) => {
            Ok(PaymentState::Returned {
                date,
                reason,
                recorded,
            })
        }
        (PaymentStatus::Recorded | PaymentStatus::Reconciled | PaymentStatus::Returned, ..) => {
            Err(Error::BadRow {
                table: "distribution_payments",
                row: row.get::<PaymentNumber>(0)?.to_string(),
                detail: "the facts do not fit its state".to_owned(),
            })
        }
    }
}

impl Tx<'_> {
    /// Reads a payment by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment(&mut self, number: i64) -> Result<Payment, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE y.number = ?2");
        self.db
            .query_one(&sql, (AsOf::Now.instant(), number), |row| read(row, &codes))
    }

    /// Reads a payment by row number as it was at an instant, or `None` if it was not recorded yet.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_at(&mut self, number: i64, at: Instant) -> Result<Option<Payment>, Error> {
        let payment = self.find_payment("y.number = ?2", number, AsOf::At(at))?;
        let earlier = self
            .earlier_payments(at)?
            .remove(&PaymentNumber::new(number));
        Ok(earlier.or(payment).and_then(|payment| payment.at(at)))
    }

    /// Reads the payments that were corrected or whose return was taken back after an instant, as
    /// they were before. There are few.
    fn earlier_payments(&mut self, at: Instant) -> Result<BTreeMap<PaymentNumber, Payment>, Error> {
        let codes = self.codes()?;
        let history = earlier("distribution_payments");
        let from = FROM.replacen("distribution_payments", &history, 1);
        let sql = format!("SELECT {COLUMNS} {from}");
        let payments = self.db.query(&sql, [at], |row| read(row, &codes))?;
        let named = payments.into_iter().map(|each| (each.number, each));
        Ok(named.collect())
    }

    /// Finds the payment of a withdrawal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_of_withdrawal(
        &mut self,
        withdrawal: WithdrawalId,
    ) -> Result<Option<Payment>, Error> {
        self.find_payment("y.withdrawal_request_id = ?2", withdrawal, AsOf::Now)
    }

    /// Finds the first payment of the transfer that uses a reference.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_by_reference(&mut self, reference: &str) -> Result<Option<Payment>, Error> {
        const FIRST: &str = "y.number = (SELECT min(number) FROM distribution_payments
            WHERE transfer_number = (SELECT number FROM payment_transfers WHERE reference = ?2))";
        self.find_payment(FIRST, reference, AsOf::Now)
    }

    fn find_payment(
        &mut self,
        which: &str,
        value: impl ToSql,
        as_of: AsOf,
    ) -> Result<Option<Payment>, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE {which}");
        self.db
            .query_optional(&sql, (as_of.instant(), value), |row| read(row, &codes))
    }

    /// Hands the payments that a filter names to `each`, in order of their numbers, as they were at
    /// `as_of`.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_payment<E: From<Error>>(
        &mut self,
        filter: &PaymentFilter,
        as_of: AsOf,
        mut each: impl FnMut(Payment) -> Result<(), E>,
    ) -> Result<(), E> {
        let codes = self.codes()?;
        let conditions = Conditions::default()
            .after(as_of.instant())
            .and("y.distribution_event_id = ?", filter.event)
            .and("w.project_id = ?", filter.project)
            .and("y.lp_token_holder_id = ?", filter.holder)
            .and("y.number > ?", filter.after);
        let clause = conditions.clause();
        let sql = format!("SELECT {COLUMNS} {FROM}{clause} ORDER BY y.number");
        let mut earlier = match as_of {
            AsOf::Now => BTreeMap::new(),
            AsOf::At(at) => self.earlier_payments(at)?,
        };
        self.db.each(&sql, &conditions, |row| {
            let payment = read(row, &codes)?;
            let payment = earlier.remove(&payment.number).unwrap_or(payment);
            let payment = match as_of {
                AsOf::Now => Some(payment),
                AsOf::At(at) => payment.at(at),
            };
            let fits = |payment: &Payment| {
                filter
                    .status
                    .is_none_or(|status| payment.state.status() == status)
            };
            payment.filter(fits).map_or(Ok(()), &mut each)
        })
    }

    /// Reads what a payment said before each of its corrections, the first one first.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn corrections_of(&mut self, payment: PaymentNumber) -> Result<Vec<PastPayment>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {PAST_COLUMNS} FROM distribution_payments_history h
             WHERE h.number = ?1 AND h.change = 'corrected' ORDER BY h.superseded_at"
        );
        self.db.query(&sql, [payment], |row| read_past(row, &codes))
    }

    /// Finds the withdrawal that pays the money of a returned payment again, or else the last one
    /// that holds or held money of its allocation.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn replacement_of(
        &mut self,
        payment: &Payment,
        allocation: AllocationId,
    ) -> Result<Option<Replacement>, Error> {
        const PAID: &str = "SELECT w.number FROM distribution_payments y
            JOIN withdrawal_requests w ON w.id = y.withdrawal_request_id WHERE y.replaces_payment_id = ?1";
        const REQUESTED: &str = "SELECT number FROM withdrawal_requests
            WHERE distribution_allocation_id = ?1 AND status IN ('pending', 'approved', 'paid') AND number <> ?2
            ORDER BY number DESC LIMIT 1";
        if let Some(number) = self.db.optional_value(PAID, [payment.id])? {
            return Ok(Some(Replacement::Paid(number)));
        }
        let number = self
            .db
            .optional_value(REQUESTED, (allocation, payment.withdrawal))?;
        Ok(number.map(Replacement::Requested))
    }

    /// Finds the payment that a new one of the same allocation replaces: the first returned one
    /// that nothing has replaced yet.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payment_to_replace(
        &mut self,
        allocation: AllocationId,
    ) -> Result<Option<PaymentId>, Error> {
        const FIND: &str = "SELECT y.id FROM distribution_payments y
            WHERE y.distribution_allocation_id = ?1 AND y.status = 'returned'
              AND NOT EXISTS (SELECT 1 FROM distribution_payments n WHERE n.replaces_payment_id = y.id)
            ORDER BY y.number LIMIT 1";
        self.db.optional_value(FIND, [allocation])
    }
}

impl WriteTx<'_> {
    /// Records a payment; returns the row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_payment(&mut self, new: &NewPaymentRow<'_>) -> Result<i64, Error> {
        let NewPaymentRow {
            withdrawal,
            facts,
            transfer,
            basis,
            replaces,
        } = new;
        let bank = BankDetails::from(withdrawal.bank.clone());
        insert!(self.db, "distribution_payments" {
            "id": self.ids.make::<PaymentId>(),
            "withdrawal_request_id": withdrawal.id,
            "distribution_allocation_id": withdrawal.allocation_id,
            "distribution_event_id": withdrawal.event.id,
            "project_id": withdrawal.project.id,
            "lp_token_holder_id": withdrawal.holder.id,
            "amount": facts.amount,
            "currency": withdrawal.currency,
            "transfer_number": transfer,
            "reference": facts.reference,
            "payment_date": facts.date,
            "status": PaymentStatus::Recorded,
            "bank_name": bank.bank_name,
            "bank_code": bank.bank_code,
            "account_number": bank.account_number,
            "account_name": bank.account_name,
            "notes": facts.notes,
            "imported": false,
            "recorded_from": basis.line(),
            "replaces_payment_id": replaces,
            "paid_by": facts.by.id,
            "paid_at": facts.at,
            "updated_at": facts.at,
        })
    }

    /// Keeps a payment as it is, before it is corrected or its return taken back.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn keep_payment(
        &mut self,
        before: &Payment,
        change: PaymentChange,
        reason: &str,
    ) -> Result<(), Error> {
        let sql = format!(
            "INSERT INTO distribution_payments_history (superseded_at, changed_by, change, change_reason, {TABLE_COLUMNS})
            SELECT ?2, ?3, ?4, ?5, {TABLE_COLUMNS} FROM distribution_payments WHERE number = ?1"
        );
        self.keep_before("distribution_payments", "number", before.number)?;
        let by = self.actor.user.id;
        let values: &[&dyn ToSql] = &[&before.number, &self.now, &by, &change, &reason];
        self.db.execute(&sql, values).map(|_| ())
    }

    /// Settles a payment by hand.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn settle_payment(
        &mut self,
        payment: &Payment,
        class: Class,
        reason: &str,
    ) -> Result<(), Error> {
        insert!(self.db, "payment_settlements" {
            "payment_number": payment.number,
            "class": class,
            "reason": reason,
            "settled_by": self.actor.user.id,
            "settled_at": self.now,
        })
        .map(|_| ())
    }

    /// Takes the settlement of a payment back.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn unsettle_payment(&mut self, payment: &Payment) -> Result<(), Error> {
        const LIVE: &str = "SELECT number FROM payment_settlements WHERE payment_number = ?1 AND undone_at IS NULL";
        let number: i64 = self.db.value(LIVE, [payment.number])?;
        update!(self.db, "payment_settlements" set {
            "undone_by": self.actor.user.id,
            "undone_at": self.now,
        } where { "number": number })
    }

    /// Corrects what a payment says; its earlier state was kept.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn correct_payment(&mut self, before: &Payment, after: &PaymentFacts) -> Result<(), Error> {
        update!(self.db, "distribution_payments" set {
            "reference": after.reference,
            "payment_date": after.date,
            "notes": after.notes,
            "updated_at": self.now,
        } where { "number": before.number, "reference": before.facts.reference })
    }

    /// Moves a payment to another state, as when the bank returned it. `before` guards what it is
    /// moved from.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_payment(&mut self, before: &Payment, state: &PaymentState) -> Result<(), Error> {
        let (date, reason, recorded) = match state {
            PaymentState::Returned {
                date,
                reason,
                recorded,
            } => (Some(date), Some(reason), Some(recorded)),
            PaymentState::Recorded | PaymentState::Reconciled => (None, None, None),
        };
        update!(self.db, "distribution_payments" set {
            "status": stored_status(state),
            "return_date": date,
            "return_reason": reason,
            "returned_by": recorded.map(|recorded| recorded.by.id),
            "returned_at": recorded.map(|recorded| recorded.at),
            "updated_at": self.now,
        } where { "number": before.number, "status": stored_status(&before.state) })
    }
}

/// Returns the status in the row: only the links of a payment say that it is reconciled.
fn stored_status(state: &PaymentState) -> PaymentStatus {
    match state {
        PaymentState::Recorded | PaymentState::Reconciled => PaymentStatus::Recorded,
        PaymentState::Returned { .. } => PaymentStatus::Returned,
    }
}
