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

    /// Names the withdrawals of a day at ?1, for a `FROM` clause: those that were
    /// corrected or changed back later as they were before.
    pub(super) fn withdrawals(self) -> String {
        const COLUMNS: &str =
            "number, distribution_event_id, means, approved_at, payment_date, paid_at, returned_at";
        let table = "withdrawal_requests";
        match self {
            Self::Now => table.to_owned(),
            Self::At(_) => format!(
                "(SELECT {COLUMNS} FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM {table}_history h \
                 WHERE h.number = t.number AND h.superseded_at > ?1) UNION ALL SELECT {COLUMNS} FROM {})",
                earlier(table)
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

/// The rows of a history as they were at ?1, of a table of which only what is corrected or changed
/// back is kept there: each is to be wound back by its own instants.
pub(super) fn earlier(table: &str) -> String {
    format!(
        "(SELECT * FROM {table}_history h WHERE h.superseded_at > ?1 AND NOT EXISTS \
         (SELECT 1 FROM {table}_history e WHERE e.number = h.number AND e.superseded_at > ?1 \
          AND e.superseded_at < h.superseded_at))"
    )
}
