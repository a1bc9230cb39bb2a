//! Whether the file, its constraints and its references are sound, told from one reading of it.
//!
//! SQLite's own `integrity_check` and `foreign_key_check` search an index for each row and
//! reference, and run each `CHECK` as a program. On many rows that takes minutes. Here the
//! structure of the file is SQLite's to check, and the rest is looked at in the rows that the
//! trail's verification reads anyway. Where anything is not plainly as it should be, both of
//! SQLite's checks are run whole, and only what they answer is told.

use std::{collections::BTreeMap, sync::OnceLock};

use rusqlite::{Connection, types::ValueRef};

use super::{
    indexes,
    rules::{Kind, Rules},
    structure,
    there::{Met, There},
};
use crate::store::{
    Error,
    file::versions::{self, Definition},
    trail::verify::{ALLOCATIONS, WITHDRAWALS},
};

/// The tables whose ids are kept while others are read that name them: those that many rows name,
/// and that are short beside them.
const NAMED: [&str; 7] = [
    "users",
    "projects",
    "lp_token_holders",
    "token_imports",
    "distribution_events",
    "withdrawal_requests",
    "bank_accounts",
];
/// The references that the checks of sums and payments follow themselves. They say so where one
/// leads nowhere.
const FOLLOWED: [(&str, &str); 5] = [
    (ALLOCATIONS, "distribution_event_id"),
    (ALLOCATIONS, "lp_token_holder_id"),
    (WITHDRAWALS, "distribution_allocation_id"),
    ("distribution_payments", "distribution_allocation_id"),
    ("distribution_payments", "replaces_payment_id"),
];

/// The look at the rows of every table.
///
/// Memory: some 40 bytes for each row of a table that is [`NAMED`].
pub(in crate::store) struct Inspection {
    tables: BTreeMap<String, Table>,
    /// The tables that others name by number.
    numbered: Vec<String>,
    /// What can be named, once it was read.
    there: OnceLock<There>,
    /// How many indexes are walked.
    indexes: usize,
}

/// What is looked at in the rows of a table.
struct Table {
    rules: Rules,
    /// The indexes, and the place of their sums. `None` where SQLite checks them.
    indexes: Option<Vec<(usize, indexes::Index)>>,
    /// What the values refer to, by their place in `SELECT *`. `None` where SQLite checks them.
    references: Option<Vec<(usize, Target)>>,
}

/// The rows that a reference may name.
enum Target {
    /// Those of a table that is [`NAMED`], by its place there.
    Ids(usize),
    /// Those of a table that has all numbers from 1 to the last, by its place among those that are
    /// named so.
    Numbers(usize),
}

/// The look at the rows of one table.
#[derive(Clone, Copy)]
pub(in crate::store) struct TableLook<'a> {
    look: &'a Inspection,
    table: Option<&'a Table>,
}

/// What was seen of some rows or indexes. Parts are added up in any order.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Seen {
    doubt: bool,
    /// For each index the rows' hashes, less those of its entries.
    sums: Vec<u64>,
    written: Vec<u8>,
    /// What was found last in each table that is [`NAMED`].
    met: Vec<Met>,
}

/// A part of the look that reads no rows for the trail.
pub(in crate::store) enum Part<'a> {
    /// The structure of the file.
    Structure,
    /// The indexes of a table that only SQLite can check.
    Indexes(&'a str),
    /// An index, by its place in its table.
    Walk(&'a str, usize),
    /// The references of a table that only SQLite can check.
    References(&'a str),
}

impl Inspection {
    pub(in crate::store) fn of(conn: &Connection) -> Result<Self, Error> {
        let mut inspection = Self {
            tables: BTreeMap::new(),
            numbered: Vec::new(),
            there: OnceLock::new(),
            indexes: 0,
        };
        for Definition { kind, name, sql } in versions::schema(conn)? {
            if kind != "table" {
                continue;
            }
            let statement = conn.prepare(&format!("SELECT * FROM {name}"))?;
            let columns: Vec<String> = statement
                .column_names()
                .into_iter()
                .map(str::to_owned)
                .collect();
            let rules = Rules::of(&sql, &columns, kinds_of(conn, &name)?);
            let indexes = indexes::of(conn, &name, &columns)?.map(|indexes| {
                let places = inspection.indexes..;
                inspection.indexes += indexes.len();
                places.zip(indexes).collect()
            });
            let references = inspection.references_of(conn, &name, &columns)?;
            inspection.tables.insert(
                name,
                Table {
                    rules,
                    indexes,
                    references,
                },
            );
        }
        Ok(inspection)
    }

    /// Reads what other rows can name. Before that, no reference is told to be sound.
    pub(in crate::store) fn read_what_is_there(&self, conn: &Connection) -> Result<(), Error> {
        let there = There::read(conn, &NAMED, &self.numbered)?;
        self.there
            .set(there)
            .map_err(|_| Error::bug("what is there was read twice"))
    }

    /// Reads the references of a table, or `None` where they cannot be told from what is kept.
    fn references_of(
        &mut self,
        conn: &Connection,
        table: &str,
        columns: &[String],
    ) -> Result<Option<Vec<(usize, Target)>>, Error> {
        const LIST: &str =
            r#"SELECT "table", "from", "to" FROM pragma_foreign_key_list(?1) ORDER BY id, seq"#;
        let mut statement = conn.prepare(LIST)?;
        let mut rows = statement.query([table])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (parent, from, to): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            if FOLLOWED.contains(&(table, &from)) {
                continue;
            }
            let target = match (
                NAMED.into_iter().position(|name| name == parent),
                to.as_str(),
            ) {
                (Some(named), "id") => Some(Target::Ids(named)),
                (_, "number") => Some(Target::Numbers(self.place_of_numbered(parent))),
                _ => None,
            };
            match columns
                .iter()
                .position(|column| *column == from)
                .zip(target)
            {
                Some((at, target)) => found.push((at, target)),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    fn place_of_numbered(&mut self, table: String) -> usize {
        self.numbered
            .iter()
            .position(|known| *known == table)
            .unwrap_or_else(|| {
                self.numbered.push(table);
                self.numbered.len() - 1
            })
    }

    /// Names the parts of the look beside that at the rows, the longest first.
    pub(in crate::store) fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = vec![Part::Structure];
        for (name, table) in &self.tables {
            if table.references.is_none() {
                parts.push(Part::References(name));
            }
            match &table.indexes {
                Some(indexes) => parts.extend((0..indexes.len()).map(|at| Part::Walk(name, at))),
                None => parts.push(Part::Indexes(name)),
            }
        }
        parts
    }

    pub(in crate::store) fn begin(&self) -> Seen {
        Seen {
            doubt: false,
            sums: vec![0; self.indexes],
            written: Vec::new(),
            met: vec![Met::default(); NAMED.len()],
        }
    }

    /// The look at the rows of one table.
    pub(in crate::store) fn at(&self, table: &str) -> TableLook<'_> {
        TableLook {
            look: self,
            table: self.tables.get(table),
        }
    }

    /// Does a part of the look.
    pub(in crate::store) fn part(&self, conn: &Connection, part: &Part<'_>) -> Result<Seen, Error> {
        let mut seen = self.begin();
        match part {
            Part::Structure => seen.doubt = !structure::is_sound(conn)?,
            Part::Indexes(table) => seen.doubt = !structure::holds_rows_and_indexes(conn, table)?,
            Part::References(table) => {
                seen.doubt = conn
                    .prepare(&format!("PRAGMA foreign_key_check({table})"))?
                    .exists([])?;
            }
            Part::Walk(name, at) => {
                let index = self
                    .tables
                    .get(*name)
                    .and_then(|table| table.indexes.as_ref()?.get(*at));
                let Some((place, index)) = index else {
                    return Ok(seen);
                };
                match (seen.sums.get_mut(*place), index.walk(conn, name)?) {
                    (Some(sum), Some(hashes)) => *sum = sum.wrapping_sub(hashes),
                    _ => seen.doubt = true,
                }
            }
        }
        Ok(seen)
    }
}

impl TableLook<'_> {
    /// What is to be read of each row behind its columns: what SQLite says of the rules that only
    /// it can test.
    pub(in crate::store) fn read_also(self) -> String {
        let rest = self
            .table
            .map(|table| table.rules.rest.as_slice())
            .unwrap_or_default();
        let all: Vec<String> = rest.iter().map(|rule| format!("({rule})")).collect();
        if all.is_empty() {
            String::new()
        } else {
            format!(", {}", all.join(" AND "))
        }
    }

    /// Looks at a row: its columns, and [what is read also](Self::read_also).
    pub(in crate::store) fn row(self, values: &[ValueRef<'_>], seen: &mut Seen) {
        let Some(table) = self.table else {
            seen.doubt = true;
            return;
        };
        seen.doubt |= !table.rules.hold(values);
        // Nothing is no offence, as in a `CHECK`.
        let may_be = |value: &ValueRef<'_>| matches!(value, ValueRef::Null | ValueRef::Integer(1));
        seen.doubt |= !table.rules.rest.is_empty() && !values.last().is_some_and(may_be);
        for (at, target) in table.references.iter().flatten() {
            let there = self.look.there.get();
            let is_there = match (target, values.get(*at)) {
                (_, Some(ValueRef::Null)) => true,
                (Target::Ids(named), Some(ValueRef::Text(id))) => {
                    let met = seen.met.get_mut(*named);
                    there
                        .zip(met)
                        .is_some_and(|(there, met)| there.has_id(*named, id, met))
                }
                (Target::Numbers(table), Some(ValueRef::Integer(number))) => {
                    there.is_some_and(|there| there.has_number(*table, *number))
                }
                _ => false,
            };
            seen.doubt |= !is_there;
        }
        let Seen {
            doubt,
            sums,
            written,
            met: _,
        } = seen;
        for (place, index) in table.indexes.iter().flatten() {
            match (sums.get_mut(*place), index.hash(values, written)) {
                (Some(sum), Some(hash)) => *sum = sum.wrapping_add(hash),
                _ => *doubt = true,
            }
        }
    }
}

impl Seen {
    pub(in crate::store) fn add(&mut self, other: &Self) {
        self.doubt |= other.doubt || self.sums.len() != other.sums.len();
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum = sum.wrapping_add(*more);
        }
    }

    /// Adds a part; one that could not be done leaves a doubt.
    pub(in crate::store) fn add_or_doubt(&mut self, part: Option<&Self>) {
        match part {
            Some(part) => self.add(part),
            None => self.doubt = true,
        }
    }

    /// Notes that something is not plainly as it should be.
    pub(in crate::store) fn doubt(&mut self) {
        self.doubt = true;
    }

    /// Tells whether nothing is left to doubt, after all parts were added.
    pub(in crate::store) fn is_sound(&self) -> bool {
        !self.doubt && self.sums.iter().all(|sum| *sum == 0)
    }
}

/// Reads the kinds of values that a table's columns hold, in the order of `SELECT *`.
fn kinds_of(conn: &Connection, table: &str) -> Result<Vec<Kind>, Error> {
    const COLUMNS: &str = r#"SELECT type, "notnull" OR pk FROM pragma_table_info(?1) ORDER BY cid"#;
    let mut statement = conn.prepare(COLUMNS)?;
    let rows = statement.query_map([table], |row| {
        Ok(Kind::of(
            row.get_ref(0)?.as_str().unwrap_or_default(),
            row.get(1)?,
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests;
