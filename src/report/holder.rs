//! Holders as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, account, count, data, detail, flag, instant, key, minor, row, text},
    record::Record,
};
use crate::domain::{
    holder::{Holder, HolderStatus},
    import::HolderImport,
};

/// The fields of a holder.
pub const FIELDS: &[Field<Holder>] = &[
    text("code", "holder", |holder, _| {
        Cell::text(&holder.holder.code)
    }),
    text("name", "name", |holder, _| Cell::text(&holder.name)),
    minor(text("email", "e-mail", |holder, _| {
        Cell::maybe(holder.email.as_ref())
    })),
    minor(text("country", "country", |holder, _| {
        Cell::maybe(holder.country.as_ref())
    })),
    key(text("status", "status", |holder, _| {
        Cell::text(holder.status.as_str())
    })),
    text("bank_name", "bank", |holder, _| {
        Cell::maybe(holder.bank.bank_name.as_ref())
    }),
    detail(text("bank_code", "bank code", |holder, _| {
        Cell::maybe(holder.bank.bank_code.as_ref())
    })),
    account("account_number", "account", |holder, pii| {
        Cell::account(holder.bank.account_number.as_ref(), pii)
    }),
    detail(text("account_name", "account name", |holder, _| {
        Cell::maybe(holder.bank.account_name.as_ref())
    })),
    detail(text(
        "status_reason",
        "blocked because",
        |holder, _| match &holder.status {
            HolderStatus::Active => Cell::Empty,
            HolderStatus::Blocked { reason } => Cell::text(reason),
        },
    )),
    data(instant("created_at", "created at", |holder, _| {
        Cell::Instant(holder.created_at)
    })),
    data(instant("updated_at", "changed at", |holder, _| {
        Cell::Instant(holder.updated_at)
    })),
    data(text("id", "UUID", |holder, _| Cell::text(holder.holder.id))),
];

/// The fields of what an import did.
pub(super) const IMPORTED: &[Field<HolderImport>] = &[
    data(flag("already_imported", "already imported", |done, _| {
        Cell::Flag(done.rows > 0 && done.added + done.updated == 0)
    })),
    count("rows", "rows read", |done, _| Cell::count(done.rows)),
    count("added", "holders added", |done, _| Cell::count(done.added)),
    count("updated", "holders updated", |done, _| {
        Cell::count(done.updated)
    }),
];

/// Makes the row of a holder.
pub fn cells(holder: &Holder, pii: Pii) -> Vec<Cell> {
    row(FIELDS, holder, pii)
}

/// Describes a single holder.
pub fn record(holder: &Holder, pii: Pii) -> Record {
    Record::of(FIELDS, holder, pii)
}

/// Describes what an import of holders did.
pub fn imported(done: &HolderImport) -> Record {
    Record::of(IMPORTED, done, Pii::Masked)
}
