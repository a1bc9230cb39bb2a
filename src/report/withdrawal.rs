//! Withdrawals as rows.

use super::{Cell, Columns, Pii, Record, column, data, summed};
use crate::domain::withdrawal::Withdrawal;

/// The columns of withdrawals.
pub const COLUMNS: Columns = &[
    data("id"),
    column("code", "withdrawal"),
    column("event", "event"),
    data("project"),
    column("holder", "holder").key(),
    column("currency", "currency"),
    summed("requested_amount", "requested"),
    column("status", "status").key(),
    data("bank_name"),
    data("bank_code"),
    column("account_number", "account").minor(),
    data("account_name"),
    data("request_notes"),
    data("requested_by"),
    data("reviewed_by"),
    data("reviewed_at"),
    data("approved_by"),
    data("approved_at"),
    data("rejected_by"),
    data("rejected_at"),
    data("rejection_reason"),
    data("cancelled_by"),
    data("cancelled_at"),
    column("payment_reference", "reference"),
    column("payment_date", "value date").minor(),
    column("payment_amount", "paid").key(),
    data("paid_by"),
    data("paid_at"),
    data("payment_notes"),
    data("created_at"),
    data("updated_at"),
];

const HEADINGS: &[(&str, &str)] = &[
    ("project", "project"),
    ("bank_name", "bank"),
    ("bank_code", "bank code"),
    ("account_name", "account name"),
    ("request_notes", "notes"),
    ("requested_by", "requested by"),
    ("created_at", "requested at"),
    ("approved_by", "approved by"),
    ("approved_at", "approved at"),
    ("rejected_by", "rejected by"),
    ("rejected_at", "rejected at"),
    ("rejection_reason", "reason"),
    ("cancelled_by", "cancelled by"),
    ("cancelled_at", "cancelled at"),
    ("paid_by", "recorded by"),
    ("paid_at", "recorded at"),
    ("payment_notes", "payment notes"),
];

/// Describes a withdrawal.
pub fn cells(withdrawal: &Withdrawal, pii: Pii) -> Vec<Cell> {
    let state = &withdrawal.state;
    let approval = state.approval();
    let (rejection, reason) = state.rejection().unzip();
    let review = approval.or(rejection);
    let cancelled = state.cancellation();
    let payment = state.payment();
    vec![
        Cell::text(withdrawal.id),
        Cell::text(withdrawal.number),
        Cell::words(withdrawal.event.code.as_str()),
        Cell::words(withdrawal.project.code.as_str()),
        Cell::words(withdrawal.holder.code.as_str()),
        Cell::text(withdrawal.currency),
        Cell::money(withdrawal.amount, withdrawal.currency),
        Cell::text(withdrawal.status()),
        Cell::words(&withdrawal.bank.bank_name),
        Cell::maybe(withdrawal.bank.bank_code.as_ref()),
        Cell::Account(withdrawal.bank.account_number.clone(), pii),
        Cell::maybe(withdrawal.bank.account_name.as_ref()),
        Cell::maybe(withdrawal.notes.as_ref()),
        Cell::words(withdrawal.requested_by.code.as_str()),
        Cell::maybe(review.map(|step| &step.by.code)),
        Cell::at(review.map(|step| step.at)),
        Cell::maybe(approval.map(|step| &step.by.code)),
        Cell::at(approval.map(|step| step.at)),
        Cell::maybe(rejection.map(|step| &step.by.code)),
        Cell::at(rejection.map(|step| step.at)),
        Cell::maybe(reason),
        Cell::maybe(cancelled.map(|step| &step.by.code)),
        Cell::at(cancelled.map(|step| step.at)),
        Cell::maybe(payment.map(|payment| &payment.reference)),
        Cell::on(payment.map(|payment| payment.date)),
        payment.map_or(Cell::Empty, |payment| {
            Cell::money(payment.amount, withdrawal.currency)
        }),
        Cell::maybe(payment.map(|payment| &payment.by.code)),
        Cell::at(payment.map(|payment| payment.at)),
        Cell::maybe(payment.and_then(|payment| payment.notes.as_ref())),
        Cell::Instant(withdrawal.created_at),
        Cell::Instant(withdrawal.updated_at()),
    ]
}

/// Describes a withdrawal as a single thing: all that is known.
pub fn record(withdrawal: &Withdrawal, pii: Pii) -> Record {
    let mut record = Record::of(COLUMNS, cells(withdrawal, pii));
    super::show(&mut record, HEADINGS);
    record
}
