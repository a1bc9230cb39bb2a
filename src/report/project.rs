//! Projects as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, count, data, detail, instant, money, row, text, tokens},
    record::Record,
};
use crate::domain::project::{Project, ProjectDetail, STALE_AFTER, Supply};

/// The fields of a project.
pub const FIELDS: &[Field<Project>] = &[
    text("code", "project", |project, _| {
        Cell::text(&project.project.code)
    }),
    text("name", "name", |project, _| Cell::text(&project.name)),
    text("currency", "currency", |project, _| {
        Cell::text(project.currency)
    }),
    data(text("created_by", "created by", |project, _| {
        Cell::text(&project.created_by.code)
    })),
    data(instant("created_at", "created at", |project, _| {
        Cell::Instant(project.created_at)
    })),
    data(instant("updated_at", "changed at", |project, _| {
        Cell::Instant(project.updated_at)
    })),
    data(text("id", "UUID", |project, _| {
        Cell::text(project.project.id)
    })),
    detail(money("minimum_payout", "minimum payout", |project, _| {
        Cell::money(project.minimum_payout, project.currency)
    })),
    detail(count(
        "stale_after",
        "forward, stale after",
        |project, _| Cell::count(project.stale_after.unsigned_abs()),
    )),
    detail(text("tax_profile", "tax profile", |project, _| {
        Cell::maybe(project.tax_profile.as_ref().map(|profile| &profile.name))
    })),
];

/// The fields of the tokens of a project.
pub(super) const SUPPLY: &[Field<Supply>] = &[
    tokens("tokens_issued", "tokens issued", |supply, _| {
        Cell::Tokens(supply.issued)
    }),
    tokens("tokens_redeemed", "tokens redeemed", |supply, _| {
        Cell::Tokens(supply.redeemed)
    }),
];

/// Makes the row of a project.
pub fn cells(project: &Project) -> Vec<Cell> {
    row(FIELDS, project, Pii::Masked)
}

/// Describes a single project.
pub fn record(project: &Project) -> Record {
    let mut unused = Vec::new();
    if project.minimum_payout.is_zero() {
        unused.push("minimum_payout");
    }
    if project.stale_after == STALE_AFTER {
        unused.push("stale_after");
    }
    if project.tax_profile.is_none() {
        unused.push("tax_profile");
    }
    Record::of(FIELDS, project, Pii::Masked).hide(&unused)
}

/// Describes a project and its tokens.
pub fn with_supply(detail: &ProjectDetail) -> Record {
    record(&detail.project).and(SUPPLY, &detail.supply, Pii::Masked)
}
