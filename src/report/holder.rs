//! Holders as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, account, count, data, detail, flag, instant, key, minor, names, row, text},
    record::Record,
};
use crate::domain::{
    holder::{Holder, HolderStatus},
    holder_account::HolderAccount,
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
    detail(text("account_currency", "account currency", |holder, _| {
        Cell::maybe(holder.bank.currency)
    })),
    detail(text("bank_changed_by", "bank changed by", |holder, _| {
        Cell::maybe(holder.bank_changed.as_ref().map(|(user, _)| &user.code))
    })),
    detail(instant(
        "bank_changed_at",
        "bank changed at",
        |holder, _| Cell::at(holder.bank_changed.as_ref().map(|(_, at)| *at)),
    )),
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
    detail(text("kind", "kind", |holder, _| {
        Cell::maybe(holder.tax.kind)
    })),
    detail(text("tax_residence", "tax residence", |holder, _| {
        Cell::maybe(holder.tax.residence.as_ref())
    })),
    detail(text("tax_number", "tax number", |holder, pii| {
        Cell::maybe(holder.tax.number.as_ref().map(|number| match pii {
            Pii::Masked => number.masked(),
            Pii::Shown => number.reveal().to_owned(),
        }))
    })),
    detail(text("tax_state", "tax State", |holder, _| {
        Cell::maybe(holder.tax.state.as_ref())
    })),
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

/// The fields of a holder's bank account.
pub const ACCOUNTS: &[Field<HolderAccount>] = &[
    text("holder", "holder", |of, _| Cell::text(&of.holder.code)),
    text("currency", "currency", |of, _| {
        Cell::maybe(of.bank.currency)
    }),
    text("bank_name", "bank", |of, _| {
        Cell::maybe(of.bank.bank_name.as_ref())
    }),
    minor(text("bank_code", "bank code", |of, _| {
        Cell::maybe(of.bank.bank_code.as_ref())
    })),
    account("account_number", "account", |of, pii| {
        Cell::account(of.bank.account_number.as_ref(), pii)
    }),
    minor(text("account_name", "account name", |of, _| {
        Cell::maybe(of.bank.account_name.as_ref())
    })),
    text("bank_changed_by", "last changed by", |of, _| {
        Cell::text(&of.changed.by.code)
    }),
    minor(instant("bank_changed_at", "last changed at", |of, _| {
        Cell::Instant(of.changed.at)
    })),
    key(names("hands", "set or changed by", |of, _| {
        Cell::names(of.hands.iter().map(|user| &user.code))
    })),
    minor(instant("first_paid_at", "first paid at", |of, _| {
        Cell::at(of.first_paid_at)
    })),
];

/// Makes the row of a holder's bank account.
pub fn account_cells(of: &HolderAccount, pii: Pii) -> Vec<Cell> {
    row(ACCOUNTS, of, pii)
}

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
