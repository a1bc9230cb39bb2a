//! Which rows the running transaction changed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::hashes::RowHasher;
use crate::store::{
    Error,
    db::{Change, Db, ToSql},
};

/// The rows that the running transaction touched, reported by SQLite itself, so that no write can
/// escape the trail.
#[derive(Clone)]
pub(in crate::store) struct Touched(Arc<Mutex<Changes>>);

/// What a transaction changed, by table.
pub(super) type Tables = BTreeMap<String, TableChanges>;

/// What a transaction changed in one table.
#[derive(Default)]
pub(super) struct TableChanges {
    /// The touched rows as runs of row numbers, first and last.
    pub(super) runs: Vec<(i64, i64)>,
    /// Hashes of rows from before the transaction, by row number.
    pub(super) before: HashMap<i64, [u8; 32]>,
    /// The first row that was inserted: it and all after it are new.
    inserted: Option<i64>,
    /// Hashes rows before they are changed.
    hasher: Option<RowHasher>,
}

/// What the running transaction changed.
#[derive(Default)]
struct Changes {
    tables: Tables,
    /// A row that was changed before its hash was kept.
    unguarded: Option<(String, i64)>,
}

impl TableChanges {
    /// Returns whether a row may change: it is new, or its hash was kept.
    fn is_guarded(&self, row: i64) -> bool {
        self.inserted.is_some_and(|first| first <= row) || self.before.contains_key(&row)
    }

    fn add(&mut self, row: i64) {
        match self.runs.last_mut() {
            Some((first, last)) if (*first..=*last).contains(&row) => {}
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            Some(_) | None => self.runs.push((row, row)),
        }
    }
}

impl Changes {
    fn add(&mut self, change: Change, table: &str, row: i64) {
        if table == "distribution_activity_log" || table == "distribution_activity_rows" {
            return;
        }
        let changes_of = match self.tables.get_mut(table) {
            Some(known) => known,
            None => self.tables.entry(table.to_owned()).or_default(),
        };
        if change == Change::Inserted {
            changes_of.inserted.get_or_insert(row);
        } else if !changes_of.is_guarded(row) {
            self.unguarded = Some((table.to_owned(), row));
        }
        changes_of.add(row);
    }
}

impl Touched {
    /// Watches every change that is made over a connection.
    pub(in crate::store) fn watching(db: Db<'_>) -> Result<Self, Error> {
        let touched = Self(Arc::default());
        let inner = touched.clone();
        db.on_change(move |change, table, row| inner.changes().add(change, table, row))?;
        Ok(touched)
    }

    pub(in crate::store) fn clear(&self) {
        *self.changes() = Changes::default();
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the hashes of rows before they are changed: what another program made of them since
    /// this program last wrote them shows later, even if this program writes them again.
    pub(in crate::store) fn keep_before(
        &self,
        db: Db<'_>,
        table: &str,
        which: &str,
        value: impl ToSql,
    ) -> Result<(), Error> {
        let sql = format!("SELECT * FROM {table} WHERE {which} = ?1");
        let mut changes = self.changes();
        let changes_of = match changes.tables.get_mut(table) {
            Some(known) => known,
            None => changes.tables.entry(table.to_owned()).or_default(),
        };
        db.each(&sql, [value], |row| {
            let number: i64 = row.get(0)?;
            if !changes_of.is_guarded(number) {
                let hasher = changes_of
                    .hasher
                    .get_or_insert_with(|| RowHasher::of(table));
                changes_of.before.insert(number, hasher.hash(row)?);
            }
            Ok(())
        })
    }

    /// Takes the tables that were touched, their rows as runs in ascending order that do not
    /// overlap, and their hashes from before.
    pub(super) fn take(&self) -> Result<Tables, Error> {
        let Changes {
            mut tables,
            unguarded,
        } = std::mem::take(&mut *self.changes());
        if let Some((table, row)) = unguarded {
            return Err(Error::bug(format!(
                "row {row} of `{table}` was changed before its hash was kept"
            )));
        }
        tables.retain(|_, changes_of| !changes_of.runs.is_empty());
        for TableChanges { runs, .. } in tables.values_mut() {
            runs.sort_unstable();
            let mut merged: Vec<(i64, i64)> = Vec::with_capacity(runs.len());
            for (first, last) in runs.drain(..) {
                match merged.last_mut() {
                    Some((_, end)) if first <= end.saturating_add(1) => *end = (*end).max(last),
                    Some(_) | None => merged.push((first, last)),
                }
            }
            *runs = merged;
        }
        Ok(tables)
    }
}
