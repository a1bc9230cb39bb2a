//! Which rows the running transaction changed.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::hashes::RowHasher;
use crate::store::{
    Error,
    db::{Change, Db, ToSql, Value, Watch},
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
    /// Hashes of rows that were inserted, as they are now.
    fresh: KnownHashes,
    /// Hashes of older rows that were changed, as they are now.
    changed: KnownHashes,
    /// The first row that was inserted: it and all after it are new.
    inserted: Option<i64>,
    /// Hashes rows that are seen one by one.
    hasher: Option<RowHasher>,
}

/// The hashes of rows as they were last written, taken from what was written, so that the rows need not be read again.
#[derive(Default)]
struct KnownHashes {
    /// The number of the row of the first hash.
    first: i64,
    hashes: Vec<Option<[u8; 32]>>,
}

impl KnownHashes {
    /// How many rows may lie between two whose hashes are kept. Bulk work goes through rows in their order; what does not is read
    /// again.
    const GAP: usize = 64;

    fn get(&self, row: i64) -> Option<[u8; 32]> {
        *self.hashes.get(self.place(row)?)?
    }

    fn place(&self, row: i64) -> Option<usize> {
        usize::try_from(row.checked_sub(self.first)?).ok()
    }

    fn keep(&mut self, row: i64, hash: [u8; 32]) {
        if self.hashes.is_empty() {
            self.first = row;
        }
        let Some(place) = self.place(row) else { return };
        if place >= self.hashes.len() && place - self.hashes.len() <= Self::GAP {
            self.hashes.resize(place + 1, None);
        }
        if let Some(known) = self.hashes.get_mut(place) {
            *known = Some(hash);
        }
    }

    /// Forgets the hash of a row that is changed in another way.
    fn forget(&mut self, row: i64) {
        let place = self.place(row);
        if let Some(hash) = place.and_then(|place| self.hashes.get_mut(place)) {
            *hash = None;
        }
    }
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
        self.is_new(row) || self.before.contains_key(&row)
    }

    fn is_new(&self, row: i64) -> bool {
        self.inserted.is_some_and(|first| first <= row)
    }

    fn as_written(&self, row: i64) -> Option<[u8; 32]> {
        if self.is_new(row) {
            self.fresh.get(row)
        } else {
            self.changed.get(row)
        }
    }

    /// Returns where the hash of a row is kept.
    fn known(&mut self, row: i64) -> &mut KnownHashes {
        if self.is_new(row) {
            &mut self.fresh
        } else {
            &mut self.changed
        }
    }

    fn hasher(&mut self, table: &str) -> &mut RowHasher {
        self.hasher.get_or_insert_with(|| RowHasher::of(table))
    }

    /// Returns the hash of a row that need not be read for it. A debug build reads every row.
    pub(super) fn known_hash(&self, row: i64) -> Option<[u8; 32]> {
        if cfg!(debug_assertions) {
            return None;
        }
        self.as_written(row)
    }

    /// Returns the last row up to `last` that must be read, if all from `first` on are.
    pub(super) fn end_of_unknown(&self, first: i64, last: i64) -> i64 {
        let mut rows = first..last;
        let known = rows.find(|row| self.known_hash(row + 1).is_some());
        known.unwrap_or(last)
    }

    /// Compares the hash of a row that was read with the one that is known.
    pub(super) fn must_agree(&self, row: i64, hash: [u8; 32]) -> Result<(), Error> {
        match self.as_written(row) {
            Some(known) if known != hash => {
                let detail = format!("row {row} is not as it was written");
                Err(Error::bug(detail))
            }
            Some(_) | None => Ok(()),
        }
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
        if is_of_trail(table) {
            return;
        }
        let is_guarded = self.with(table, |changes| {
            changes.add(row);
            if change == Change::Inserted {
                changes.inserted.get_or_insert(row);
            } else {
                changes.known(row).forget(row);
            }
            changes.is_guarded(row)
        });
        if !is_guarded {
            self.unguarded = Some((table.to_owned(), row));
        }
    }

    /// Does something with what changed in a table, whose name is copied once.
    fn with<T>(&mut self, table: &str, then: impl FnOnce(&mut TableChanges) -> T) -> T {
        match self.tables.get_mut(table) {
            Some(known) => then(known),
            None => then(self.tables.entry(table.to_owned()).or_default()),
        }
    }
}

/// Returns whether a table is the trail's own, which hashes its entries in another way.
fn is_of_trail(table: &str) -> bool {
    table == "distribution_activity_log" || table == "distribution_activity_rows"
}

impl Watch for Touched {
    fn watches(&self, table: &str) -> bool {
        !is_of_trail(table)
    }

    fn inserted(&self, table: &str, number: i64, values: &[Value<'_>]) {
        self.changed(table, number, values);
    }

    fn changes(&self, table: &str, number: i64, values: &[Value<'_>]) {
        self.lock().with(table, |changes| {
            if !changes.is_guarded(number) {
                let hash = changes.hasher(table).hash_values(values);
                changes.before.insert(number, hash);
            }
        });
    }

    fn changed(&self, table: &str, number: i64, values: &[Value<'_>]) {
        self.lock().with(table, |changes| {
            let hash = changes.hasher(table).hash_values(values);
            changes.known(number).keep(number, hash);
        });
    }
}

impl Touched {
    /// Watches every change that is made over a connection.
    pub(in crate::store) fn watching(db: Db<'_>) -> Result<Self, Error> {
        let touched = Self(Arc::default());
        let inner = touched.clone();
        db.on_change(move |change, table, row| inner.lock().add(change, table, row))?;
        Ok(touched)
    }

    pub(in crate::store) fn clear(&self) {
        *self.lock() = Changes::default();
    }

    fn lock(&self) -> MutexGuard<'_, Changes> {
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
        self.lock().with(table, |changes| {
            db.each(&sql, [value], |row| {
                let number: i64 = row.get(0)?;
                if !changes.is_guarded(number) {
                    let hash = changes.hasher(table).hash(row)?;
                    changes.before.insert(number, hash);
                }
                Ok(())
            })
        })
    }

    /// Takes the tables that were touched, their rows as runs in ascending order that do not
    /// overlap, and their hashes from before.
    pub(super) fn take(&self) -> Result<Tables, Error> {
        let Changes {
            mut tables,
            unguarded,
        } = std::mem::take(&mut *self.lock());
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
