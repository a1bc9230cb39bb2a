//! Everybody with tokens as rows: the allocations of an event, and the excluded holders.

use super::{
    allocation,
    cell::{Cell, Pii},
    column::Column,
    field::{self, Field, key, minor, money, row, text},
};
use crate::domain::{
    event::{Everybody, ExcludedRow},
    quantity::Amount,
};

/// What became of the part of an excluded holder.
const FATE: &[Field<ExcludedRow>] = &[
    key(text("policy", "part", |of, _| {
        Cell::text(of.excluded.policy.kind())
    })),
    minor(text("assign_to", "assigned to", |of, _| {
        Cell::maybe(of.excluded.policy.assign_to().map(|to| &to.code))
    })),
    minor(text("reason", "reason", |of, _| {
        Cell::words(&of.excluded.reason)
    })),
    key(money("part", "would be", |of, _| {
        Cell::money(of.part, of.event.currency)
    })),
];

/// Returns the columns of a list of everybody: those of allocations, and what became of the parts of
/// the excluded.
pub fn columns() -> Vec<Column> {
    let own = FATE.iter().map(Field::column);
    field::columns(allocation::FIELDS)
        .into_iter()
        .chain(own)
        .collect()
}

/// Makes the row of an allocation or of an excluded holder.
pub fn cells(of: &Everybody) -> Vec<Cell> {
    match of {
        Everybody::Allocated(allocated) => {
            let nothing = FATE.iter().map(|_| Cell::Empty);
            allocation::cells(allocated)
                .into_iter()
                .chain(nothing)
                .collect()
        }
        Everybody::Excluded(excluded) => {
            let of_allocation = allocation::FIELDS
                .iter()
                .map(|field| excluded_cell(field.column().field, excluded));
            of_allocation
                .chain(row(FATE, excluded, Pii::Masked))
                .collect()
        }
    }
}

/// Makes the cell of an excluded holder among those of allocations.
fn excluded_cell(field: &str, of: &ExcludedRow) -> Cell {
    match field {
        "event" => Cell::words(of.event.event.code.as_str()),
        "holder" => Cell::words(of.excluded.holder.code.as_str()),
        "holder_name" => Cell::words(&of.name),
        "lp_tokens_held" => Cell::tokens(of.excluded.tokens),
        "ownership_percentage" => Cell::Percent(of.excluded.percentage),
        "allocated_amount" => Cell::money(Amount::ZERO, of.event.currency),
        "status" => Cell::words("excluded"),
        _ => Cell::Empty,
    }
}
