//! Withdrawals as rows.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, account, data, date, detail, instant, key, minor, money, row, summed, text,
        uncounting,
    },
    record::Record,
};
use crate::domain::{
    event::Approval,
    file_item::Mark,
    withdrawal::{Withdrawal, WithdrawalState},
};

/// The fields of a withdrawal.
pub const FIELDS: &[Field<Withdrawal>] = &[
    data(text("id", "UUID", |w, _| Cell::text(w.id))),
    text("code", "withdrawal", |w, _| Cell::text(w.number)),
    text("event", "event", |w, _| Cell::words(w.event.code.as_str())),
    detail(text("project", "project", |w, _| {
        Cell::words(w.project.code.as_str())
    })),
    key(text("holder", "holder", |w, _| {
        Cell::words(w.holder.code.as_str())
    })),
    text("currency", "currency", |w, _| Cell::text(w.currency)),
    summed(money("requested_amount", "requested", |w, _| {
        Cell::money(w.amount, w.currency)
    })),
    uncounting(
        key(text("status", "status", |w, _| Cell::text(w.status()))),
        &["rejected", "cancelled", "returned"],
    ),
    minor(text("means", "means", |w, _| Cell::text(w.means))),
    detail(text("bank_name", "bank", |w, _| {
        Cell::maybe(w.bank.as_ref().map(|bank| &bank.bank_name))
    })),
    detail(text("bank_code", "bank code", |w, _| {
        Cell::maybe(w.bank.as_ref().and_then(|bank| bank.bank_code.as_ref()))
    })),
    minor(account("account_number", "account", |w, pii| {
        Cell::account(w.bank.as_ref().map(|bank| &bank.account_number), pii)
    })),
    detail(text("account_name", "account name", |w, _| {
        Cell::maybe(w.bank.as_ref().and_then(|bank| bank.account_name.as_ref()))
    })),
    detail(text("request_notes", "notes", |w, _| {
        Cell::maybe(w.notes.as_ref())
    })),
    detail(text("requested_by", "requested by", |w, _| {
        Cell::words(w.requested_by.code.as_str())
    })),
    data(text("reviewed_by", "approved or rejected by", |w, _| {
        by(review(&w.state))
    })),
    data(instant("reviewed_at", "approved or rejected at", |w, _| {
        at(review(&w.state))
    })),
    detail(text("approved_by", "approved by", |w, _| {
        by(w.state.approval())
    })),
    detail(instant("approved_at", "approved at", |w, _| {
        at(w.state.approval())
    })),
    detail(text("rejected_by", "rejected by", |w, _| {
        by(w.state.rejection().map(|(approval, _)| approval))
    })),
    detail(instant("rejected_at", "rejected at", |w, _| {
        at(w.state.rejection().map(|(approval, _)| approval))
    })),
    detail(text("rejection_reason", "reason", |w, _| {
        Cell::maybe(w.state.rejection().map(|(_, reason)| reason))
    })),
    detail(text("cancelled_by", "cancelled by", |w, _| {
        by(w.state.cancellation())
    })),
    detail(instant("cancelled_at", "cancelled at", |w, _| {
        at(w.state.cancellation())
    })),
    text("payment_reference", "reference", |w, _| {
        Cell::maybe(w.state.payment().map(|payment| &payment.reference))
    }),
    minor(date("payment_date", "value date", |w, _| {
        Cell::on(w.state.payment().map(|payment| payment.date))
    })),
    key(money("payment_amount", "paid", |w, _| {
        Cell::signed(
            w.state.payment().map(|payment| payment.amount.into()),
            w.currency,
        )
    })),
    detail(text("paid_by", "recorded by", |w, _| {
        Cell::maybe(w.state.payment().map(|payment| &payment.by.code))
    })),
    detail(instant("paid_at", "recorded at", |w, _| {
        Cell::at(w.state.payment().map(|payment| payment.at))
    })),
    detail(text("payment_notes", "payment notes", |w, _| {
        Cell::maybe(w.state.payment().and_then(|payment| payment.notes.as_ref()))
    })),
    detail(instant("created_at", "requested at", |w, _| {
        Cell::Instant(w.created_at)
    })),
    data(instant("updated_at", "changed at", |w, _| {
        Cell::Instant(w.updated_at())
    })),
    minor(text("payee_marks", "payee", |w, _| {
        let marks: Vec<String> = w.payee_marks.iter().map(ToString::to_string).collect();
        Cell::maybe((!marks.is_empty()).then(|| marks.join("; ")))
    })),
    text("marks", "marks", |w, _| marks(&w.marks)),
];

/// Words what earlier payment files say about a withdrawal.
pub(super) fn marks(marks: &[Mark]) -> Cell {
    let words: Vec<String> = marks.iter().map(ToString::to_string).collect();
    Cell::maybe(Some(words.join("; ")).filter(|words| !words.is_empty()))
}

fn review(state: &WithdrawalState) -> Option<&Approval> {
    state
        .approval()
        .or(state.rejection().map(|(approval, _)| approval))
}

fn by(approval: Option<&Approval>) -> Cell {
    Cell::maybe(approval.map(|approval| &approval.by.code))
}

fn at(approval: Option<&Approval>) -> Cell {
    Cell::at(approval.map(|approval| approval.at))
}

/// Makes the row of a withdrawal.
pub fn cells(withdrawal: &Withdrawal, pii: Pii) -> Vec<Cell> {
    row(FIELDS, withdrawal, pii)
}

/// Describes a single withdrawal.
pub fn record(withdrawal: &Withdrawal, pii: Pii) -> Record {
    Record::of(FIELDS, withdrawal, pii)
}
