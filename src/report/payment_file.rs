//! Payment files as rows.

use super::{Cell, Columns, Pii, Record, Table, column, data, summed};
use crate::domain::{
    payment_file::{FileItem, PaymentFile},
    signed::Signed,
};

/// The columns of payment files.
pub const COLUMNS: Columns = &[
    column("code", "file"),
    column("account", "account"),
    column("profile", "profile").minor(),
    column("status", "status").key(),
    column("execution_date", "execution"),
    summed("payments", "payments"),
    column("currency", "currency"),
    summed("total", "total"),
    summed("paid", "recorded"),
    data("content_hash"),
    data("message_id"),
    data("debtor"),
    column("created_by", "created by").minor(),
    data("created_at"),
    data("cancelled_by"),
    data("cancelled_at"),
    data("cancellation_reason"),
    data("id"),
];

/// The columns of the payments of a file.
const ITEMS: Columns = &[
    column("withdrawal", "withdrawal"),
    column("end_to_end_reference", "reference"),
    column("holder", "holder").key(),
    column("holder_name", "name"),
    column("bank_name", "bank").minor(),
    column("account_number", "account"),
    summed("amount", "amount"),
    column("currency", "currency"),
    column("status", "status").key(),
];

/// Describes a payment file.
pub fn cells(file: &PaymentFile) -> Vec<Cell> {
    let (cancelled, reason) = match &file.cancelled {
        Some((cancelled, reason)) => (Some(cancelled), Some(reason)),
        None => (None, None),
    };
    vec![
        Cell::text(file.number),
        Cell::text(&file.account.code),
        Cell::text(file.layout),
        Cell::text(file.status()),
        Cell::Date(file.execution_date),
        Cell::count(file.payments),
        Cell::text(file.currency),
        Cell::Money(Signed::from(file.total), file.currency),
        Cell::count(file.paid),
        Cell::text(&file.content_hash),
        Cell::text(&file.message_id),
        Cell::text(&file.debtor),
        Cell::text(&file.created_by.code),
        Cell::Instant(file.created_at),
        Cell::maybe(cancelled.map(|step| &step.by.code)),
        Cell::at(cancelled.map(|step| step.at)),
        Cell::maybe(reason),
        Cell::text(file.id),
    ]
}

/// Describes a payment file as a single thing.
pub fn record(file: &PaymentFile) -> Record {
    let mut record = Record::of(COLUMNS, cells(file));
    super::show(
        &mut record,
        &[
            ("content_hash", "hash of its bytes"),
            ("created_at", "created at"),
            ("cancelled_by", "cancelled by"),
            ("cancelled_at", "cancelled at"),
            ("cancellation_reason", "reason"),
        ],
    );
    record
}

/// Describes a payment file and its payments.
pub fn with_items(file: &PaymentFile, items: &[FileItem], pii: Pii) -> Record {
    let mut record = record(file);
    let rows = items.iter().map(|item| {
        vec![
            Cell::text(item.withdrawal),
            Cell::text(&item.end_to_end),
            Cell::text(&item.holder),
            Cell::text(&item.holder_name),
            Cell::text(&item.bank.bank_name),
            Cell::Account(item.bank.account_number.clone(), pii),
            Cell::money(item.amount, file.currency),
            Cell::text(file.currency),
            Cell::text(item.status),
        ]
    });
    record.tables.push(Table {
        name: "items",
        columns: ITEMS,
        rows: rows.collect(),
    });
    record
}
