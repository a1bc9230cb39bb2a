//! Net asset values as rows.

use super::{Cell, Columns, column, data};
use crate::domain::{currency::Currency, nav::Nav};

/// The columns of net asset values.
pub const COLUMNS: Columns = &[
    column("project", "project"),
    column("nav_date", "date"),
    column("amount", "NAV").key(),
    column("currency", "currency"),
    column("created_by", "recorded by").minor(),
    data("created_at"),
];

/// Describes a net asset value.
pub fn cells((nav, currency): &(Nav, Currency)) -> Vec<Cell> {
    vec![
        Cell::text(&nav.project.code),
        Cell::Date(nav.nav_date),
        Cell::money(nav.amount, *currency),
        Cell::text(currency),
        Cell::text(&nav.created_by.code),
        Cell::Instant(nav.created_at),
    ]
}
