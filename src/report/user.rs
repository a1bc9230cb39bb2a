//! Users as rows.

use super::{
    cell::{Cell, Pii},
    field::{Field, data, instant, names, row, text},
    record::Record,
};
use crate::domain::{
    activity::claimed_by,
    user::{Act, User, UserClaim},
};

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

/// The fields of the user who acts.
pub const IDENTITY: &[Field<UserClaim>] = &[
    text("user", "user", |who, _| Cell::text(&who.user.user.code)),
    text("name", "name", |who, _| Cell::maybe(who.user.name.as_ref())),
    text("role", "role", |who, _| Cell::text(who.user.role)),
    text("status", "status", |who, _| {
        Cell::text(who.user.status.as_str())
    }),
    text("claimed_by", "named by", |who, _| {
        Cell::text(claimed_by(who.claimed_by))
    }),
    text("ledger", "ledger", |who, _| Cell::text(&who.ledger)),
    names("may", "may", |who, _| {
        let acts = who.acts().into_iter();
        Cell::Names(acts.map(|act| word_of(act).to_owned()).collect())
    }),
];

/// Returns the word of an act for programs.
const fn word_of(act: Act) -> &'static str {
    match act {
        Act::ManageUsers => "manage_users",
        Act::Record => "record",
        Act::Review => "review",
        Act::Read => "read",
    }
}

/// Describes the user who acts.
pub fn identity(who: &UserClaim) -> Record {
    Record::of(IDENTITY, who, Pii::Masked)
}

/// Makes the row of a user.
pub fn cells(user: &User) -> Vec<Cell> {
    row(FIELDS, user, Pii::Masked)
}

/// Describes a single user.
pub fn record(user: &User) -> Record {
    Record::of(FIELDS, user, Pii::Masked)
}
