//! Imported events of the past: what was proposed, and what an approval makes of it.

use super::{
    Error, Tx, WriteTx,
    db::{Codes, Row, columns, insert},
    event::written,
};
use crate::domain::{
    allocation::Balance,
    code::{Code, ProposalNumber},
    event::{Event, EventState, Share},
    history::{ImportedHead, ImportedPayment, ImportedRow, ImportedShare},
    id::{AllocationId, EventId, HolderRef, PaymentId, UserRef, WithdrawalId},
    payment::PaymentStatus,
    quantity::Amount,
    withdrawal::{Means, WithdrawalStatus},
};

/// A row whose holder is in the ledger.
type RowOfHolder = ImportedRow<HolderRef>;

columns! {
    const COLUMNS, fn read: RowOfHolder {
        line: ("r.line" => read_line),
        head: (ImportedHead {
            code: "r.event_code",
            title: "r.title",
            event_type: "r.event_type",
            distribution_date: "r.distribution_date",
            record_date: "r.record_date",
        }),
        holder: (HolderRef { id: "r.lp_token_holder_id", code: "h.code" }),
        share: (ImportedShare {
            tokens: "r.lp_tokens_held",
            gross: "r.gross_amount",
            tax: "r.tax_amount",
            payment: ("r.paid_amount, r.reference, r.value_date" => read_payment),
        }),
    }
}

fn read_line(row: &mut Row<'_>, _codes: &Codes) -> Result<u64, Error> {
    let line: i64 = row.next()?;
    u64::try_from(line).map_err(|_| Error::Damaged {
        detail: "a row of `history_rows` has a line below zero".to_owned(),
    })
}

fn read_payment(row: &mut Row<'_>, _codes: &Codes) -> Result<Option<ImportedPayment>, Error> {
    let (amount, reference, value_date): (Amount, Option<String>, _) =
        (row.next()?, row.next()?, row.next()?);
    Ok(reference
        .zip(value_date)
        .map(|(reference, value_date)| ImportedPayment {
            amount,
            reference,
            value_date,
        }))
}

/// A payment of an imported event to be recorded, with the request that it paid.
#[derive(Clone, Copy, Debug)]
pub struct NewImportedPayment<'a> {
    /// The event.
    pub event: &'a Event,
    /// The allocation.
    pub allocation: AllocationId,
    /// The holder.
    pub holder: &'a HolderRef,
    /// What was paid.
    pub payment: &'a ImportedPayment,
    /// Who proposed the import.
    pub proposed_by: &'a UserRef,
}

impl Tx<'_> {
    /// Reads the rows of a proposal to import past events, in the order of the file.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn history_rows(
        &mut self,
        proposal: ProposalNumber,
    ) -> Result<Vec<ImportedRow<HolderRef>>, Error> {
        let codes = self.codes()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM history_rows r JOIN lp_token_holders h ON h.id = r.lp_token_holder_id
             WHERE r.proposal_number = ?1 ORDER BY r.number"
        );
        self.db.query(&sql, [proposal], |row| read(row, &codes))
    }

    /// Finds a proposal that waits and would import an event with a code.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn waiting_history_of(&mut self, event: &Code) -> Result<Option<ProposalNumber>, Error> {
        const FIND: &str =
            "SELECT q.number FROM history_rows r JOIN proposals q ON q.number = r.proposal_number
            WHERE r.event_code = ?1 AND q.status = 'proposed' ORDER BY q.number LIMIT 1";
        self.db.optional_value(FIND, [event])
    }
}

impl WriteTx<'_> {
    /// Makes the id of an event that is about to be recorded.
    pub fn make_event_id(&mut self) -> EventId {
        self.ids.make()
    }

    /// Records a row of a file of past events with its proposal.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_history_row(
        &mut self,
        proposal: ProposalNumber,
        row: &ImportedRow<HolderRef>,
    ) -> Result<(), Error> {
        let (head, share) = (&row.head, &row.share);
        let payment = share.payment.as_ref();
        insert!(self.db, "history_rows" {
            "proposal_number": proposal,
            "line": written(row.line)?,
            "event_code": head.code,
            "title": head.title,
            "event_type": head.event_type,
            "distribution_date": head.distribution_date,
            "record_date": head.record_date,
            "lp_token_holder_id": row.holder.id,
            "lp_tokens_held": share.tokens,
            "gross_amount": share.gross,
            "tax_amount": share.tax,
            "paid_amount": share.paid(),
            "reference": payment.map(|payment| &payment.reference),
            "value_date": payment.map(|payment| payment.value_date),
        })
        .map(|_| ())
    }

    /// Records an imported event, approved as it is.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_imported_event(&mut self, event: &Event) -> Result<i64, Error> {
        let state = &event.state;
        let (Some(calculation), Some(approval)) = (state.calculation(), state.approval()) else {
            return Err(Error::bug("an imported event is not approved"));
        };
        let completed_at = match state {
            EventState::Completed(_, _, at) => Some(*at),
            EventState::Draft
            | EventState::Calculated(_)
            | EventState::Active(..)
            | EventState::Cancelled { .. } => None,
        };
        insert!(self.db, "distribution_events" {
            "id": event.event.id,
            "code": event.event.code,
            "project_id": event.project.id,
            "event_type": event.event_type,
            "title": event.title,
            "currency": event.currency,
            "total_amount": event.total.amount(),
            "unit": event.unit,
            "distribution_date": event.distribution_date,
            "record_date": event.record_date,
            "minimum_payout": event.minimum,
            "history_proposal": event.history,
            "status": state.status(),
            "snapshot_date": calculation.snapshot_date,
            "snapshot_total_lp_tokens": calculation.total_tokens,
            "counted_lp_tokens": calculation.counted_tokens,
            "holders": written(calculation.holders)?,
            "holders_without_money": written(calculation.holders_without_money)?,
            "calculation_hash": calculation.hash,
            "total_retained": Amount::ZERO,
            "total_allocated": event.balance.allocated(),
            "total_withdrawn": event.balance.withdrawn(),
            "total_pending": Amount::ZERO,
            "total_tax": event.balance.tax(),
            "total_brought_forward": Amount::ZERO,
            "total_carried_forward": Amount::ZERO,
            "created_by": event.created_by.id,
            "calculated_by": calculation.by.id,
            "calculated_at": calculation.at,
            "approved_by": approval.by.id,
            "approved_at": approval.at,
            "completed_at": completed_at,
            "created_at": self.now,
            "updated_at": self.now,
        })
    }

    /// Records an allocation of an imported event with what became of it.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_imported_allocation(
        &mut self,
        event: &Event,
        share: &Share,
        balance: Balance,
    ) -> Result<AllocationId, Error> {
        let id: AllocationId = self.ids.make();
        self.count_available(event.event.id, Amount::ZERO, balance.available());
        insert!(self.db, "distribution_allocations" {
            "id": id,
            "distribution_event_id": event.event.id,
            "project_id": event.project.id,
            "lp_token_holder_id": share.holder.id,
            "lp_tokens_held": share.tokens,
            "ownership_percentage": share.percentage,
            "allocated_amount": share.amount,
            "assigned_amount": share.assigned,
            "withdrawn_amount": balance.withdrawn(),
            "pending_amount": balance.pending(),
            "available_amount": balance.available(),
            "tax_amount": share.tax,
            "tax_class": share.tax_class.map(i64::from),
            "moved_in_amount": Amount::ZERO,
            "moved_out_amount": Amount::ZERO,
            "status": balance.status(),
            "created_at": self.now,
            "updated_at": self.now,
        })?;
        Ok(id)
    }

    /// Records a payment that was made before this ledger, and the request that it paid.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_imported_payment(&mut self, new: NewImportedPayment<'_>) -> Result<(), Error> {
        let NewImportedPayment {
            event,
            allocation,
            holder,
            payment,
            proposed_by,
        } = new;
        let withdrawal: WithdrawalId = self.ids.make();
        let (approver, at) = (self.actor.user.id, self.now);
        insert!(self.db, "withdrawal_requests" {
            "id": withdrawal,
            "distribution_allocation_id": allocation,
            "distribution_event_id": event.event.id,
            "project_id": event.project.id,
            "lp_token_holder_id": holder.id,
            "requested_amount": payment.amount,
            "currency": event.currency,
            "status": WithdrawalStatus::Paid,
            "means": Means::Imported,
            "requested_by": proposed_by.id,
            "reviewed_by": approver,
            "reviewed_at": at,
            "approved_by": approver,
            "approved_at": at,
            "payment_reference": payment.reference,
            "payment_date": payment.value_date,
            "payment_amount": payment.amount,
            "paid_by": proposed_by.id,
            "paid_at": at,
            "created_at": at,
            "updated_at": at,
        })?;
        insert!(self.db, "distribution_payments" {
            "id": self.ids.make::<PaymentId>(),
            "withdrawal_request_id": withdrawal,
            "distribution_allocation_id": allocation,
            "distribution_event_id": event.event.id,
            "project_id": event.project.id,
            "lp_token_holder_id": holder.id,
            "amount": payment.amount,
            "currency": event.currency,
            "reference": payment.reference,
            "payment_date": payment.value_date,
            "status": PaymentStatus::Recorded,
            "imported": true,
            "paid_by": proposed_by.id,
            "paid_at": at,
            "updated_at": at,
        })
        .map(|_| ())
    }
}
