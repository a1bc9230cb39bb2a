//! Withdrawal requests in the ledger.

use std::collections::BTreeMap;

use super::{
    AsOf, Error, Page, Tx, WriteTx,
    as_of::earlier,
    db::{Conditions, Row, columns, insert, update},
    file_item::read_marks,
    holder_account,
};
use crate::domain::{
    account::BankDetails,
    code::WithdrawalNumber,
    event::{Approval, Event},
    holder::HolderStatus,
    id::{
        AllocationId, EventId, EventRef, HolderId, HolderRef, ProjectId, ProjectRef, WithdrawalId,
    },
    quantity::Amount,
    selection::Selected,
    time::{Date, Instant},
    withdrawal::{NewRequest, PaymentFacts, Withdrawal, WithdrawalState, WithdrawalStatus},
};

columns! {
    const COLUMNS, fn read: Withdrawal {
        number: "w.number",
        id: "w.id",
        allocation_id: "w.distribution_allocation_id",
        event: (EventRef { id: "w.distribution_event_id", code: "e.code" }),
        project: (ProjectRef { id: "w.project_id", code: "p.code" }),
        holder: (HolderRef { id: "w.lp_token_holder_id", code: "h.code" }),
        amount: "w.requested_amount",
        currency: "w.currency",
        means: "w.means",
        bank: "w.bank_name, w.bank_code, w.account_number, w.account_name",
        bank_changed_by: "w.bank_changed_by",
        account: "w.holder_account_number",
        payee_marks: ("w.number" = Vec::new()),
        notes: "w.request_notes",
        requested_by: "w.requested_by",
        created_at: "w.created_at",
        state: (StateColumns {
            status: "w.status",
            approved: "w.approved_by, w.approved_at",
            rejected: "w.rejected_by, w.rejected_at",
            reason: "w.rejection_reason",
            cancelled: "w.cancelled_by, w.cancelled_at",
            payment: (PaymentColumns {
                reference: "w.payment_reference",
                date: "w.payment_date",
                amount: "w.payment_amount",
                paid: "w.paid_by, w.paid_at",
                notes: "w.payment_notes",
            } => payment_facts),
            returned_at: "w.returned_at",
        } => state),
        // What payment files say that held it, or an earlier request of the allocation. Most ledgers have no item that left its file:
        // that is asked once, and not for each row.
        marks: ("CASE WHEN EXISTS (SELECT 1 FROM payment_file_items WHERE live = 0) THEN
            (SELECT group_concat(x.file_number || '|' || x.ended_as || '|' || x.ended_at || '|' ||
              CASE WHEN o.number = w.number THEN '' ELSE o.number END, ';')
            FROM withdrawal_requests o JOIN payment_file_items x ON x.withdrawal_number = o.number AND x.live = 0
            JOIN payment_files y ON y.number = x.file_number
            WHERE o.distribution_allocation_id = w.distribution_allocation_id
              AND (o.number = w.number OR o.cancelled_at < w.created_at)
              AND (x.ended_as = 'dropped' OR y.exported_at IS NOT NULL)) END" => read_marks),
    }
}

const FROM: &str = "FROM withdrawal_requests w
    JOIN distribution_events e ON e.id = w.distribution_event_id
    JOIN projects p ON p.id = w.project_id JOIN lp_token_holders h ON h.id = w.lp_token_holder_id";

/// The columns of the table, for its history.
const TABLE_COLUMNS: &str = "number, id, distribution_allocation_id, distribution_event_id, project_id,  \
    lp_token_holder_id, requested_amount, currency, status, means, bank_name, bank_code,  \
    account_number, account_name, bank_changed_by, holder_account_number, request_notes, requested_by,  \
    reviewed_by, reviewed_at, approved_by, approved_at, rejected_by, rejected_at,  \
    rejection_reason, cancelled_by, cancelled_at, payment_reference, payment_date,  \
    payment_amount, paid_by, paid_at, payment_notes, returned_at, created_at, updated_at";

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
    /// With what an approver is to see at this instant, if they are open.
    pub marked_at: Option<Instant>,
    /// With a higher number.
    pub after: Option<WithdrawalNumber>,
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

/// An approved withdrawal that no payment file holds, with what a payment file needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayableWithdrawal {
    /// The withdrawal.
    pub withdrawal: Withdrawal,
    /// The holder's name.
    pub holder_name: String,
    /// Whether the holder may be paid.
    pub holder_status: HolderStatus,
    /// Whether anything of the bank side names the withdrawal.
    pub mentions: BankMentions,
}

/// Whether anything of the bank side names a withdrawal: an item of a payment file, cancelled or
/// not, a match that has not ended, or a finding of a reconciliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankMentions {
    /// Something does, or may.
    Possible,
    /// Nothing does: no file, no proposal and no bank line can be found for it.
    None,
}

/// The columns from which a request's state is rebuilt.
struct StateColumns {
    status: WithdrawalStatus,
    approved: Option<Approval>,
    rejected: Option<Approval>,
    reason: Option<String>,
    cancelled: Option<Approval>,
    payment: Option<PaymentFacts>,
    returned_at: Option<Instant>,
}

/// The columns of a request's payment, which all are NULL until it is paid.
struct PaymentColumns {
    reference: Option<String>,
    date: Option<Date>,
    amount: Option<Amount>,
    paid: Option<Approval>,
    notes: Option<String>,
}

/// Rebuilds the state; every status needs its facts.
fn state(columns: StateColumns, row: &Row<'_>) -> Result<WithdrawalState, Error> {
    let number = row.get::<WithdrawalNumber>(0)?;
    complete(columns).ok_or_else(|| Error::BadRow {
        table: "withdrawal_requests",
        row: number.to_string(),
        detail: "a fact of its state is missing".to_owned(),
    })
}

fn complete(columns: StateColumns) -> Option<WithdrawalState> {
    let StateColumns {
        status,
        approved,
        rejected,
        reason,
        cancelled,
        payment,
        returned_at,
    } = columns;
    Some(match status {
        WithdrawalStatus::Pending => WithdrawalState::Pending,
        WithdrawalStatus::Approved => WithdrawalState::Approved(approved?),
        WithdrawalStatus::Rejected => WithdrawalState::Rejected(rejected?, reason?),
        WithdrawalStatus::Cancelled => WithdrawalState::Cancelled(approved, cancelled?),
        WithdrawalStatus::Paid => WithdrawalState::Paid(approved?, payment?),
        WithdrawalStatus::Returned => WithdrawalState::Returned(approved?, payment?, returned_at?),
    })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what rebuilds a value from its columns may fail"
)]
fn payment_facts(columns: PaymentColumns, _row: &Row<'_>) -> Result<Option<PaymentFacts>, Error> {
    let PaymentColumns {
        reference,
        date,
        amount,
        paid,
        notes,
    } = columns;
    let (Some(reference), Some(date), Some(amount), Some(Approval { by, at })) =
        (reference, date, amount, paid)
    else {
        return Ok(None);
    };
    Ok(Some(PaymentFacts {
        reference,
        date,
        amount,
        by,
        at,
        notes,
    }))
}

impl Tx<'_> {
    /// Reads a withdrawal by row number.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn withdrawal(&mut self, number: i64) -> Result<Withdrawal, Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS} {FROM} WHERE w.number = ?1");
        self.db.query_one(&sql, [number], |row| read(row, &codes))
    }

    /// Reads a withdrawal by row number, and whether its holder may be paid.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn withdrawal_and_holder_status(
        &mut self,
        number: i64,
    ) -> Result<(Withdrawal, HolderStatus), Error> {
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS}, h.status, h.status_reason {FROM} WHERE w.number = ?1");
        self.db.query_one(&sql, [number], |row| {
            Ok((read(row, &codes)?, row.read(&codes)?))
        })
    }

    /// Reads a page of an event's withdrawals in a state, and whether their holders may be paid:
    /// one walk in place of two queries for each.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn withdrawals_and_holder_statuses(
        &mut self,
        event: EventId,
        status: WithdrawalStatus,
        page: Page,
    ) -> Result<Vec<(Withdrawal, HolderStatus)>, Error> {
        const WHICH: &str = "w.distribution_event_id = ?1 AND w.status = ?2 AND w.number > ?3
            ORDER BY w.number LIMIT ?4";
        let codes = self.codes()?;
        let sql = format!("SELECT {COLUMNS}, h.status, h.status_reason {FROM} WHERE {WHICH}");
        let values = (event, status, page.after, page.limit);
        self.db.query(&sql, values, |row| {
            Ok((read(row, &codes)?, row.read(&codes)?))
        })
    }

    /// Hands what the hash of a selection is made of to `each`, of an event's withdrawals in a state, in order of their numbers.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_selected<E: From<Error>>(
        &mut self,
        event: EventId,
        status: WithdrawalStatus,
        mut each: impl FnMut(Selected<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        const SELECTED: &str =
            "SELECT w.number, w.requested_amount, w.currency, w.means, h.code, w.bank_code,
              w.account_number, w.account_name
            FROM withdrawal_requests w JOIN lp_token_holders h ON h.id = w.lp_token_holder_id
            WHERE w.distribution_event_id = ?1 AND w.status = ?2 ORDER BY w.number";
        self.db.each(SELECTED, (event, status), |row| {
            each(Selected {
                number: row.next()?,
                amount: row.next()?,
                currency: row.next()?,
                means: row.next()?,
                holder: row.text(4)?,
                bank_code: row.optional_text(5)?,
                account_number: row.optional_text(6)?,
                account_name: row.optional_text(7)?,
            })
        })
    }

    /// Hands the withdrawals that a filter names to `each`, in order of their numbers, as they were
    /// at `as_of`.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_withdrawal<E: From<Error>>(
        &mut self,
        filter: &WithdrawalFilter,
        as_of: AsOf,
        mut each: impl FnMut(Withdrawal) -> Result<(), E>,
    ) -> Result<(), E> {
        let codes = self.codes()?;
        // The state of a past day is known once the row is wound back.
        let stored_status = match as_of {
            AsOf::Now => filter.status,
            AsOf::At(_) => None,
        };
        let conditions = Conditions::default()
            .and("w.distribution_event_id = ?", filter.event)
            .and("w.project_id = ?", filter.project)
            .and("w.lp_token_holder_id = ?", filter.holder)
            .and("w.status = ?", stored_status)
            .and("w.number > ?", filter.after);
        let clause = conditions.clause();
        let sql = format!("SELECT {COLUMNS} {FROM}{clause} ORDER BY w.number");
        let mut earlier = match as_of {
            AsOf::Now => BTreeMap::new(),
            AsOf::At(at) => self.earlier_withdrawals(at)?,
        };
        let db = self.db;
        db.each(&sql, &conditions, |row| {
            let withdrawal = read(row, &codes)?;
            let withdrawal = earlier.remove(&withdrawal.number).unwrap_or(withdrawal);
            let withdrawal = match as_of {
                AsOf::Now => Some(withdrawal),
                AsOf::At(at) => withdrawal.at(at),
            };
            let fits = |withdrawal: &Withdrawal| {
                filter
                    .status
                    .is_none_or(|status| withdrawal.status() == status)
            };
            let Some(mut withdrawal) = withdrawal.filter(fits) else {
                return Ok(());
            };
            if let Some(now) = filter.marked_at.filter(|_| withdrawal.is_open()) {
                let payee = holder_account::payee(db, &codes, &withdrawal, as_of)?;
                withdrawal.payee_marks = payee.marks(now);
            }
            each(withdrawal)
        })
    }

    /// Hands the withdrawals with these numbers to `each`, as they were at `at`.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_numbered<E: From<Error>>(
        &mut self,
        runs: &[(i64, i64)],
        at: Instant,
        mut each: impl FnMut(Withdrawal) -> Result<(), E>,
    ) -> Result<(), E> {
        let codes = self.codes()?;
        let sql =
            format!("SELECT {COLUMNS} {FROM} WHERE w.number BETWEEN ?1 AND ?2 ORDER BY w.number");
        let mut earlier = self.earlier_withdrawals(at)?;
        let mut statement = self.db.statement(&sql)?;
        for run in runs {
            statement.each(*run, |row| {
                let withdrawal = read(row, &codes)?;
                let withdrawal = earlier.remove(&withdrawal.number).unwrap_or(withdrawal);
                withdrawal.at(at).map_or(Ok(()), &mut each)
            })?;
        }
        Ok(())
    }

    /// Reads the withdrawals that were corrected or changed back after an instant, as they were
    /// before. There are few.
    fn earlier_withdrawals(
        &mut self,
        at: Instant,
    ) -> Result<BTreeMap<WithdrawalNumber, Withdrawal>, Error> {
        let codes = self.codes()?;
        let history = earlier("withdrawal_requests");
        let from = FROM.replacen("withdrawal_requests", &history, 1);
        let sql = format!("SELECT {COLUMNS} {from}");
        let withdrawals = self.db.query(&sql, [at], |row| read(row, &codes))?;
        let named = withdrawals.into_iter().map(|each| (each.number, each));
        Ok(named.collect())
    }

    /// Reads a page of the row numbers of an event's withdrawals in a state.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn withdrawals_in(
        &mut self,
        event: EventId,
        status: WithdrawalStatus,
        page: Page,
    ) -> Result<Vec<i64>, Error> {
        const NUMBERS: &str = "SELECT number FROM withdrawal_requests
            WHERE distribution_event_id = ?1 AND status = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
        self.db
            .values(NUMBERS, (event, status, page.after, page.limit))
    }

    /// Reads all approved withdrawals of an event that no payment file holds, in order of their
    /// numbers: one walk in place of several queries for each.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn payable_withdrawals(&mut self, event: EventId) -> Result<Vec<PayableWithdrawal>, Error> {
        const MENTIONED: &str = "EXISTS (SELECT 1 FROM payment_file_items i WHERE i.withdrawal_number = w.number)
            OR EXISTS (SELECT 1 FROM bank_match_withdrawals m WHERE m.withdrawal_number = w.number AND m.live = 1)
            OR EXISTS (SELECT 1 FROM bank_classes s WHERE s.withdrawal_number = w.number)";
        const WHICH: &str = "w.distribution_event_id = ?1 AND w.status = 'approved' AND w.means = 'transfer' AND NOT EXISTS
            (SELECT 1 FROM payment_file_items i WHERE i.withdrawal_number = w.number AND i.live = 1)";
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS}, h.name, h.status, h.status_reason, {MENTIONED} {FROM} WHERE {WHICH} ORDER BY w.number"
        );
        self.db.query(&sql, [event], |row| {
            Ok(PayableWithdrawal {
                withdrawal: read(row, &codes)?,
                holder_name: row.next()?,
                holder_status: row.read(&codes)?,
                mentions: if row.next()? {
                    BankMentions::Possible
                } else {
                    BankMentions::None
                },
            })
        })
    }

    /// Counts an event's withdrawals in a state.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn count_withdrawals(
        &mut self,
        event: EventId,
        status: WithdrawalStatus,
    ) -> Result<i64, Error> {
        const COUNT: &str = "SELECT count(*) FROM withdrawal_requests WHERE distribution_event_id = ?1 AND status = ?2";
        self.db.value(COUNT, (event, status))
    }
}

impl WriteTx<'_> {
    /// Records a request; returns the row number and the id.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_withdrawal(
        &mut self,
        new: &NewWithdrawal<'_>,
    ) -> Result<(i64, WithdrawalId), Error> {
        let id: WithdrawalId = self.ids.make();
        let bank = BankDetails::from(new.request.bank.clone());
        self.count_request(new.event.event.id, new.request.amount);
        let number = insert!(self.db, "withdrawal_requests" {
            "id": id,
            "distribution_allocation_id": new.allocation,
            "distribution_event_id": new.event.event.id,
            "project_id": new.event.project.id,
            "lp_token_holder_id": new.holder.id,
            "requested_amount": new.request.amount,
            "currency": new.event.currency,
            "status": WithdrawalStatus::Pending,
            "means": new.request.means,
            "bank_name": bank.bank_name,
            "bank_code": bank.bank_code,
            "account_number": bank.account_number,
            "account_name": bank.account_name,
            "bank_changed_by": new.request.bank_changed_by.as_ref().map(|by| by.id),
            "holder_account_number": new.request.account,
            "request_notes": new.notes,
            "requested_by": self.actor.user.id,
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        Ok((number, id))
    }

    /// Keeps a withdrawal as it is, before it is corrected or changed back.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn keep_withdrawal(&mut self, before: &Withdrawal) -> Result<(), Error> {
        let number = before.number.number();
        self.keep_history("withdrawal_requests", TABLE_COLUMNS, number)
    }

    /// Corrects what a withdrawal says of its payment; its earlier state was kept.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn correct_withdrawal(
        &mut self,
        before: &Withdrawal,
        after: &PaymentFacts,
    ) -> Result<(), Error> {
        update!(self.db, "withdrawal_requests" set {
            "payment_reference": after.reference,
            "payment_date": after.date,
            "payment_notes": after.notes,
            "updated_at": self.now,
        } where { "number": before.number, "status": before.status() })
    }

    /// Moves a withdrawal to another state. `before` guards what it is moved from. Only what the
    /// step sets is written: SQLite would look up anew whom each other column names.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn update_withdrawal(
        &mut self,
        before: &Withdrawal,
        state: &WithdrawalState,
    ) -> Result<(), Error> {
        let (number, was) = (before.number, before.status());
        let (status, now) = (state.status(), self.now);
        self.count_step(before, status)?;
        match state {
            WithdrawalState::Pending => Err(Error::bug("a request is never moved back to pending")),
            WithdrawalState::Approved(Approval { by, at }) => {
                update!(self.db, "withdrawal_requests" set {
                    "status": status, "updated_at": now,
                    "reviewed_by": by.id, "reviewed_at": at,
                    "approved_by": by.id, "approved_at": at,
                } where { "number": number, "status": was })
            }
            WithdrawalState::Rejected(Approval { by, at }, reason) => {
                update!(self.db, "withdrawal_requests" set {
                    "status": status, "updated_at": now,
                    "reviewed_by": by.id, "reviewed_at": at,
                    "rejected_by": by.id, "rejected_at": at, "rejection_reason": reason,
                } where { "number": number, "status": was })
            }
            WithdrawalState::Cancelled(_, Approval { by, at }) => {
                update!(self.db, "withdrawal_requests" set {
                    "status": status, "updated_at": now,
                    "cancelled_by": by.id, "cancelled_at": at,
                } where { "number": number, "status": was })
            }
            WithdrawalState::Paid(_, facts) => {
                update!(self.db, "withdrawal_requests" set {
                    "status": status, "updated_at": now,
                    "payment_reference": facts.reference, "payment_date": facts.date,
                    "payment_amount": facts.amount, "paid_by": facts.by.id,
                    "paid_at": facts.at, "payment_notes": facts.notes,
                    "returned_at": None::<Instant>,
                } where { "number": number, "status": was })
            }
            WithdrawalState::Returned(_, _, at) => {
                update!(self.db, "withdrawal_requests" set {
                    "status": status, "updated_at": now, "returned_at": at,
                } where { "number": number, "status": was })
            }
        }
    }
}
