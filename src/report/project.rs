//! Projects as rows.

use super::{Cell, Columns, Record, column, data};
use crate::domain::project::{Project, Supply};

/// The columns of projects.
pub const COLUMNS: Columns = &[
    column("code", "project"),
    column("name", "name"),
    column("currency", "currency"),
    data("created_by"),
    data("created_at"),
    data("updated_at"),
    data("id"),
];

/// Describes a project.
pub fn cells(project: &Project) -> Vec<Cell> {
    vec![
        Cell::text(&project.project.code),
        Cell::text(&project.name),
        Cell::text(project.currency),
        Cell::text(&project.created_by.code),
        Cell::Instant(project.created_at),
        Cell::Instant(project.updated_at),
        Cell::text(project.project.id),
    ]
}

/// Describes a project with the tokens of its register, counting entries of all dates.
pub fn record(project: &Project, supply: Supply) -> Record {
    let mut record = Record::of(COLUMNS, cells(project));
    record.fields.push((
        column("tokens_issued", "tokens issued"),
        Cell::Tokens(supply.issued),
    ));
    record.fields.push((
        column("tokens_redeemed", "tokens redeemed"),
        Cell::Tokens(supply.redeemed),
    ));
    record
}
