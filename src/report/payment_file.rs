//! Payment files as rows.

use super::{
    cell::{Cell, Pii},
    field::{
        Field, account, count, data, date, detail, instant, key, minor, money, row, summed, text,
        uncounting,
    },
    record::{Record, Table},
    withdrawal::marks,
};
use crate::domain::{
    currency::Currency,
    payment_file::{FileItem, PaymentFile, PaymentFileDetail},
};

/// The fields of a payment file.
pub const FIELDS: &[Field<PaymentFile>] = &[
    text("code", "file", |file, _| Cell::text(file.number)),
    text("account", "account", |file, _| {
        Cell::text(&file.account.code)
    }),
    minor(text("profile", "profile", |file, _| {
        Cell::text(file.layout)
    })),
    uncounting(
        key(text("status", "status", |file, _| {
            Cell::text(file.status())
        })),
        &["cancelled"],
    ),
    date("execution_date", "execution", |file, _| {
        Cell::Date(file.execution_date)
    }),
    summed(count("payments", "payments", |file, _| {
        Cell::count(file.payments)
    })),
    text("currency", "currency", |file, _| Cell::text(file.currency)),
    summed(money("total", "total", |file, _| {
        Cell::total(file.total, file.currency)
    })),
    summed(count("paid", "recorded", |file, _| Cell::count(file.paid))),
    summed(count("on_bank", "on the bank", |file, _| {
        Cell::count(file.settled)
    })),
    detail(text("content_hash", "hash of its bytes", |file, _| {
        Cell::maybe(file.content_hash.as_ref())
    })),
    data(text("message_id", "message id", |file, _| {
        Cell::text(&file.message_id)
    })),
    data(text("debtor", "debtor", |file, _| Cell::text(&file.debtor))),
    minor(text("created_by", "created by", |file, _| {
        Cell::text(&file.created_by.code)
    })),
    detail(instant("created_at", "created at", |file, _| {
        Cell::Instant(file.created_at)
    })),
    detail(text("exported_by", "exported first by", |file, _| {
        Cell::maybe(file.exported.as_ref().map(|exported| &exported.by.code))
    })),
    detail(instant("exported_at", "exported first at", |file, _| {
        Cell::at(file.exported.as_ref().map(|exported| exported.at))
    })),
    detail(text("cancelled_by", "cancelled by", |file, _| {
        Cell::maybe(
            file.cancelled
                .as_ref()
                .map(|(cancelled, _)| &cancelled.by.code),
        )
    })),
    detail(instant("cancelled_at", "cancelled at", |file, _| {
        Cell::at(file.cancelled.as_ref().map(|(cancelled, _)| cancelled.at))
    })),
    detail(text("cancellation_reason", "reason", |file, _| {
        Cell::maybe(file.cancelled.as_ref().map(|(_, reason)| reason))
    })),
    data(text("id", "UUID", |file, _| Cell::text(file.id))),
];

/// The fields of an item of a file, which is in the currency of the file.
pub(super) const ITEMS: &[Field<(FileItem, Currency)>] = &[
    text("withdrawal", "withdrawal", |(item, _), _| {
        Cell::text(item.withdrawal)
    }),
    text("end_to_end_reference", "reference", |(item, _), _| {
        Cell::text(&item.end_to_end)
    }),
    key(text("holder", "holder", |(item, _), _| {
        Cell::text(&item.holder)
    })),
    text("holder_name", "name", |(item, _), _| {
        Cell::text(&item.holder_name)
    }),
    minor(text("bank_name", "bank", |(item, _), _| {
        Cell::text(&item.bank.bank_name)
    })),
    account("account_number", "account", |(item, _), pii| {
        Cell::Account(item.bank.account_number.clone(), pii)
    }),
    summed(money("amount", "amount", |(item, currency), _| {
        Cell::money(item.amount, *currency)
    })),
    text("currency", "currency", |(_, currency), _| {
        Cell::text(currency)
    }),
    uncounting(
        key(text("status", "status", |(item, _), _| {
            Cell::text(item.status)
        })),
        &["rejected", "cancelled", "returned"],
    ),
    text("ended_as", "ended as", |(item, _), _| {
        Cell::maybe(item.ended.as_ref().map(|ended| ended.how))
    }),
    data(text("ended_by", "ended by", |(item, _), _| {
        Cell::maybe(item.ended.as_ref().map(|ended| &ended.by.by.code))
    })),
    data(instant("ended_at", "ended at", |(item, _), _| {
        Cell::at(item.ended.as_ref().map(|ended| ended.by.at))
    })),
    data(text("ended_reason", "reason", |(item, _), _| {
        Cell::maybe(item.ended.as_ref().map(|ended| &ended.reason))
    })),
    text("marks", "marks", |(item, _), _| marks(&item.marks)),
];

/// Makes the row of a payment file.
pub fn cells(file: &PaymentFile) -> Vec<Cell> {
    row(FIELDS, file, Pii::Masked)
}

/// Describes a single payment file.
pub fn record(file: &PaymentFile) -> Record {
    Record::of(FIELDS, file, Pii::Masked)
}

/// Describes a payment file and its items.
pub fn with_items(PaymentFileDetail { file, items }: PaymentFileDetail, pii: Pii) -> Record {
    let items = items.into_iter().map(|item| (item, file.currency));
    record(&file).with(Table::of("items", ITEMS, items, pii))
}
