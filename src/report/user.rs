//! Users as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, instant, row, text},
    record::Record,
};
use crate::domain::user::User;

/// The fields of a user.
pub const FIELDS: &[Field<User>] = &[
    text("code", "user", |user, _| Cell::text(&user.user.code)),
    text("role", "role", |user, _| Cell::text(user.role)),
    text("status", "status", |user, _| {
        Cell::text(user.status.as_str())
    }),
    text("name", "name", |user, _| Cell::maybe(user.name.as_ref())),
    data(text("introduced_by", "introduced by", |user, _| {
        Cell::text(&user.introduced_by.code)
    })),
    data(instant("introduced_at", "introduced at", |user, _| {
        Cell::Instant(user.introduced_at)
    })),
    data(text("acknowledged_by", "acknowledged by", |user, _| {
        Cell::maybe(user.acknowledged_by.as_ref().map(|by| &by.code))
    })),
    data(instant("acknowledged_at", "acknowledged at", |user, _| {
        Cell::at(user.acknowledged_at)
    })),
    data(instant("created_at", "created at", |user, _| {
        Cell::Instant(user.created_at)
    })),
    data(instant("updated_at", "changed at", |user, _| {
        Cell::Instant(user.updated_at)
    })),
    data(text("id", "UUID", |user, _| Cell::text(user.user.id))),
];

/// Makes the row of a user.
pub fn cells(user: &User) -> Vec<Cell> {
    row(FIELDS, user, Pii::Masked)
}

/// Describes a single user.
pub fn record(user: &User) -> Record {
    Record::of(FIELDS, user, Pii::Masked)
}
