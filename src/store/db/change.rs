//! What the engine reports of the rows that it changes.

use rusqlite::hooks::Action;

use super::connection::Db;
use crate::store::Error;

/// How a row was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Change {
    /// It is new.
    Inserted,
    /// It was updated or deleted.
    Replaced,
}

impl Db<'_> {
    /// Calls `hook` with the table and number of every row that a statement changes.
    pub(in crate::store) fn on_change(
        self,
        mut hook: impl FnMut(Change, &str, i64) + Send + 'static,
    ) -> Result<(), Error> {
        let hook = move |action: Action, _: &str, table: &str, row: i64| {
            let change = if action == Action::SQLITE_INSERT {
                Change::Inserted
            } else {
                Change::Replaced
            };
            hook(change, table, row);
        };
        Ok(self.0.update_hook(Some(hook))?)
    }
}
