//! Holders as rows.

use super::{Cell, Columns, Pii, Record, column, data};
use crate::domain::holder::{Holder, HolderStatus};

/// The columns of holders.
pub const COLUMNS: Columns = &[
    column("code", "holder"),
    column("name", "name"),
    column("email", "e-mail").minor(),
    column("country", "country").minor(),
    column("status", "status").key(),
    column("bank_name", "bank"),
    data("bank_code"),
    column("account_number", "account"),
    data("account_name"),
    data("status_reason"),
    data("created_at"),
    data("updated_at"),
    data("id"),
];

/// The columns of what an import did.
pub const IMPORTED: Columns = &[
    data("already_imported"),
    column("rows", "rows read"),
    column("added", "holders added"),
    column("updated", "holders updated"),
];

/// Describes a holder.
pub fn cells(holder: &Holder, pii: Pii) -> Vec<Cell> {
    let reason = match &holder.status {
        HolderStatus::Active => None,
        HolderStatus::Blocked { reason } => Some(reason),
    };
    vec![
        Cell::text(&holder.holder.code),
        Cell::text(&holder.name),
        Cell::maybe(holder.email.as_ref()),
        Cell::maybe(holder.country.as_ref()),
        Cell::text(holder.status.as_str()),
        Cell::maybe(holder.bank.bank_name.as_ref()),
        Cell::maybe(holder.bank.bank_code.as_ref()),
        account(holder.bank.account_number.as_ref(), pii),
        Cell::maybe(holder.bank.account_name.as_ref()),
        Cell::maybe(reason),
        Cell::Instant(holder.created_at),
        Cell::Instant(holder.updated_at),
        Cell::text(holder.holder.id),
    ]
}

/// Describes a holder as a single thing: all that is known.
pub fn record(holder: &Holder, pii: Pii) -> Record {
    let mut record = Record::of(COLUMNS, cells(holder, pii));
    super::show(
        &mut record,
        &[
            ("bank_code", "bank code"),
            ("account_name", "account name"),
            ("status_reason", "blocked because"),
        ],
    );
    record
}

/// Makes a cell of an account number, or an empty one.
pub(super) fn account(number: Option<&crate::domain::account::AccountNumber>, pii: Pii) -> Cell {
    number.map_or(Cell::Empty, |number| Cell::Account(number.clone(), pii))
}

/// Describes what an import of holders did.
pub fn imported(rows: u64, added: u64, updated: u64) -> Record {
    let cells = vec![
        Cell::Flag(rows > 0 && added + updated == 0),
        Cell::count(rows),
        Cell::count(added),
        Cell::count(updated),
    ];
    Record::of(IMPORTED, cells)
}
