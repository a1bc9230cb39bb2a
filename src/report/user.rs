//! Users as rows.

use super::{Cell, Columns, column, data};
use crate::domain::user::User;

/// The columns of users.
pub const COLUMNS: Columns = &[
    column("code", "user"),
    column("role", "role"),
    column("status", "status"),
    column("name", "name"),
    data("created_at"),
    data("updated_at"),
    data("id"),
];

/// Describes a user.
pub fn cells(user: &User) -> Vec<Cell> {
    vec![
        Cell::text(&user.user.code),
        Cell::text(user.role),
        Cell::text(user.status.as_str()),
        Cell::maybe(user.name.as_ref()),
        Cell::Instant(user.created_at),
        Cell::Instant(user.updated_at),
        Cell::text(user.user.id),
    ]
}
