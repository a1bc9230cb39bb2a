//! The register as rows.

use super::{Cell, Columns, Record, column, data, summed};
use crate::domain::{
    quantity::{Percent, Total},
    token::{Holding, Parties, TokenEntry},
};

/// The columns of the register.
pub const REGISTER: Columns = &[
    column("holder", "holder"),
    column("holder_name", "name"),
    summed("lp_tokens_held", "tokens"),
    summed("ownership_percentage", "ownership %"),
];

/// The columns of entries. The names are those of an import file.
pub const ENTRIES: Columns = &[
    column("date", "date"),
    column("kind", "kind"),
    column("holder", "holder"),
    column("to", "to"),
    column("tokens", "tokens").key(),
    column("reference", "reference"),
    column("created_by", "recorded by").minor(),
    data("created_at"),
    data("project"),
    data("id"),
];

/// The columns of what an import did.
pub const IMPORTED: Columns = &[
    column("already_imported", "already imported"),
    column("rows", "rows read"),
    column("added", "entries added"),
    column("holders_added", "holders added"),
    column("tokens", "tokens"),
    column("rows_cut", "rows cut to 7 decimals"),
    column("rows_left_out", "rows cut to nothing"),
    column("tokens_cut", "tokens cut"),
];

/// What an import did, as it is reported.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Whether the file was imported before.
    pub already_imported: bool,
    /// Rows, entries, new holders, rows cut, rows cut to nothing.
    pub counts: [u64; 5],
    /// The tokens of all entries.
    pub tokens: Total,
    /// What was cut, a plain decimal.
    pub tokens_cut: String,
}

/// Describes a holding.
pub fn holding((holding, percentage): &(Holding, Percent)) -> Vec<Cell> {
    vec![
        Cell::text(&holding.holder.code),
        Cell::maybe(holding.name.as_ref()),
        Cell::tokens(holding.tokens),
        Cell::Percent(*percentage),
    ]
}

/// Describes an entry.
pub fn entry(entry: &TokenEntry) -> Vec<Cell> {
    let (holder, to) = match &entry.parties {
        Parties::Issue(holder) | Parties::Redeem(holder) => (holder, None),
        Parties::Transfer(from, to) => (from, Some(&to.code)),
    };
    vec![
        Cell::Date(entry.effective_date),
        Cell::text(entry.parties.kind()),
        Cell::text(&holder.code),
        Cell::maybe(to),
        Cell::tokens(entry.tokens),
        Cell::maybe(entry.reference.as_ref()),
        Cell::text(&entry.created_by.code),
        Cell::Instant(entry.created_at),
        Cell::text(&entry.project.code),
        Cell::text(entry.id),
    ]
}

/// Describes what an import did.
pub fn imported(done: &Imported) -> Record {
    let [rows, added, holders, rows_cut, left_out] = done.counts;
    let cells = vec![
        Cell::Flag(done.already_imported),
        Cell::count(rows),
        Cell::count(added),
        Cell::count(holders),
        Cell::Tokens(done.tokens),
        Cell::count(rows_cut),
        Cell::count(left_out),
        Cell::text(&done.tokens_cut),
    ];
    Record::of(IMPORTED, cells)
}
