//! Which state of the ledger is read, and which rows of it.

use crate::domain::time::Instant;

/// Which state of the ledger is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The present one.
    Now,
    /// The one at an instant.
    At(Instant),
}

/// A page of rows in order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The row number before the page.
    pub after: i64,
    /// How many rows it has at most.
    pub limit: i64,
}

impl Page {
    /// All rows at once.
    pub const ALL: Self = Self {
        after: 0,
        limit: i64::MAX,
    };
}

impl AsOf {
    /// Names the rows of a table that has a history, for a `FROM` clause.
    pub(super) fn source(self, table: &str, columns: &str) -> String {
        match self {
            Self::Now => table.to_owned(),
            Self::At(at) => format!(
                "(SELECT {columns} FROM {table} WHERE updated_at <= '{at}' \
                 UNION ALL SELECT {columns} FROM {table}_history WHERE updated_at <= '{at}' AND superseded_at > '{at}')"
            ),
        }
    }

    /// Returns the instant, if one was named.
    pub fn instant(self) -> Option<Instant> {
        match self {
            Self::Now => None,
            Self::At(at) => Some(at),
        }
    }
}
