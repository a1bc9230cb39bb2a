//! The rows that other rows can name, read once so that no index is searched for each name.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
};

use rusqlite::Connection;

use crate::store::Error;

/// The rows that other rows can name.
pub(in crate::store) struct There {
    /// The ids of tables.
    ids: Vec<Ids>,
    /// The last numbers of tables that are named by number, or `None` where a number is missing.
    lasts: Vec<Option<i64>>,
    /// The key of the hashes of ids: it is random in each run.
    key: RandomState,
}

/// Keyed hashes of a table's ids.
struct Ids {
    /// In the order of the rows, which those that name them mostly follow.
    hashes: Vec<u64>,
    places: HashMap<u64, usize>,
}

/// The id that was found last in a table: the next row mostly names the same, or the one behind it.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Met {
    id: Vec<u8>,
    /// The place behind it.
    next: usize,
}

impl There {
    /// Reads the ids of some tables, and the last numbers of others.
    pub(in crate::store) fn read(
        conn: &Connection,
        named: &[&str],
        numbered: &[String],
    ) -> Result<Self, Error> {
        let key = RandomState::new();
        let ids = named
            .iter()
            .map(|table| Ids::read(conn, table, &key))
            .collect::<Result<_, Error>>()?;
        let lasts = numbered
            .iter()
            .map(|table| last_of_all(conn, table))
            .collect::<Result<_, Error>>()?;
        Ok(Self { ids, lasts, key })
    }

    /// Tells whether a table, told by its place among those that were named, has a row with an id.
    pub(in crate::store) fn has_id(&self, table: usize, id: &[u8], met: &mut Met) -> bool {
        if !met.id.is_empty() && met.id == id {
            return true;
        }
        let place = self
            .ids
            .get(table)
            .and_then(|ids| ids.place(self.key.hash_one(id), met.next));
        if let Some(place) = place {
            met.id.clear();
            met.id.extend_from_slice(id);
            met.next = place + 1;
        }
        place.is_some()
    }

    /// Tells whether a table, told by its place among the numbered ones, has a number.
    pub(in crate::store) fn has_number(&self, table: usize, number: i64) -> bool {
        self.lasts
            .get(table)
            .copied()
            .flatten()
            .is_some_and(|last| (1..=last).contains(&number))
    }
}

impl Ids {
    fn read(conn: &Connection, table: &str, key: &RandomState) -> Result<Self, Error> {
        let mut statement = conn.prepare(&format!(
            "SELECT id FROM {table} NOT INDEXED ORDER BY rowid"
        ))?;
        let mut rows = statement.query([])?;
        let mut hashes = Vec::new();
        while let Some(row) = rows.next()? {
            if let Ok(id) = row.get_ref(0)?.as_bytes() {
                hashes.push(key.hash_one(id));
            }
        }
        let places = hashes
            .iter()
            .enumerate()
            .map(|(place, hash)| (*hash, place))
            .collect();
        Ok(Self { hashes, places })
    }

    /// Finds the place of an id's hash. Mostly it is the expected one.
    fn place(&self, hash: u64, expected: usize) -> Option<usize> {
        let is_expected = self.hashes.get(expected) == Some(&hash);
        if is_expected {
            Some(expected)
        } else {
            self.places.get(&hash).copied()
        }
    }
}

/// Tells the last number of a table that has all numbers from 1 on, or `None` where one is missing.
fn last_of_all(conn: &Connection, table: &str) -> Result<Option<i64>, Error> {
    let sql =
        format!("SELECT count(*), coalesce(min(number), 1), coalesce(max(number), 0) FROM {table}");
    let (count, first, last): (i64, i64, i64) =
        conn.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok((first == 1 && count == last).then_some(last))
}
