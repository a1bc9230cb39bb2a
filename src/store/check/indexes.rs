//! Whether an index holds exactly the rows of its table, told without a search in it for each row.
//!
//! Each row adds a keyed hash of its index columns and its number to a sum, each entry of the index
//! takes one away. The key is random in each run, so that no two different sets can be made to
//! cancel out: what is left is zero only where both are the same, but for one case in 2^64. The
//! walk along the index also sees that its entries stand in order, which a search in it rests on.
//! As with [`super::rules`], what is found here is never told: SQLite is asked.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use rusqlite::{Connection, types::ValueRef};

use crate::store::Error;

/// An index over the rows of a table, or a part of them.
pub(in crate::store) struct Index {
    name: String,
    unique: bool,
    columns: Vec<Column>,
    part: Option<Part>,
    key: RandomState,
}

/// Which rows an index holds that does not hold all.
struct Part {
    /// The condition as it stands in the index.
    condition: String,
    /// The place of its column in `SELECT *`.
    at: usize,
    test: Test,
}

enum Test {
    Present,
    Is(Vec<u8>),
    IsNot(Vec<u8>),
    Number(i64),
}

impl Part {
    /// Reads the condition of an index, in one of the forms that a ledger's have.
    fn of(definition: &str, columns: &[String]) -> Option<Self> {
        let condition = definition.split_once(" WHERE ")?.1.trim();
        let (name, test) = condition.split_once(' ')?;
        let word = |text: &str| {
            Some(
                text.strip_prefix('\'')?
                    .strip_suffix('\'')?
                    .as_bytes()
                    .to_vec(),
            )
        };
        let test = match (test.strip_prefix("= "), test.strip_prefix("<> ")) {
            (Some(value), _) => word(value)
                .map(Test::Is)
                .or_else(|| value.parse().ok().map(Test::Number))?,
            (_, Some(value)) => Test::IsNot(word(value)?),
            (None, None) if test == "IS NOT NULL" => Test::Present,
            (None, None) => return None,
        };
        let at = columns.iter().position(|column| column == name)?;
        Some(Self {
            condition: condition.to_owned(),
            at,
            test,
        })
    }

    fn holds(&self, values: &[ValueRef<'_>]) -> Option<bool> {
        Some(match (&self.test, values.get(self.at)?) {
            (_, ValueRef::Null) => false,
            (Test::Present, _) => true,
            (Test::Is(word), ValueRef::Text(text)) => word == text,
            (Test::IsNot(word), ValueRef::Text(text)) => word != text,
            (Test::Number(wanted), ValueRef::Integer(number)) => wanted == number,
            (
                Test::Is(_) | Test::IsNot(_) | Test::Number(_),
                ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_),
            ) => return None,
        })
    }
}

/// A column of an index.
struct Column {
    name: String,
    /// The place in `SELECT *`.
    at: usize,
    /// Whether capitals and small letters are alike in it.
    folded: bool,
}

/// Reads the indexes of a table, or `None` where one is of a kind that is left to SQLite.
pub(in crate::store) fn of(
    conn: &Connection,
    table: &str,
    names: &[String],
) -> Result<Option<Vec<Index>>, Error> {
    const LIST: &str = r#"SELECT name, "unique", partial, (SELECT sql FROM sqlite_schema s WHERE s.name = l.name)
        FROM pragma_index_list(?1) l ORDER BY seq"#;
    const COLUMNS: &str = r#"SELECT name, cid, coll, "desc" FROM pragma_index_xinfo(?1) WHERE "key" = 1 ORDER BY seqno"#;
    let mut list = conn.prepare(LIST)?;
    let mut info = conn.prepare(COLUMNS)?;
    let mut rows = list.query([table])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, unique, partial): (String, bool, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let definition: Option<String> = row.get(3)?;
        let part = if partial {
            Part::of(&definition.unwrap_or_default(), names)
        } else {
            None
        };
        let columns = info.query_map([&name], |row| {
            let (name, cid, collation, descending) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok::<(Option<String>, i64, String, bool), _>((name, cid, collation, descending))
        })?;
        let columns = columns.map(|column| {
            let (name, cid, collation, descending) = column?;
            let folded = match collation.as_str() {
                "BINARY" => Some(false),
                "NOCASE" => Some(true),
                _ => None,
            };
            let known = usize::try_from(cid)
                .ok()
                .zip(name)
                .zip(folded)
                .filter(|_| !descending);
            Ok(known.map(|((cid, name), folded)| Column {
                name,
                at: cid,
                folded,
            }))
        });
        match columns.collect::<Result<Option<Vec<_>>, rusqlite::Error>>()? {
            Some(columns) if partial == part.is_some() => {
                found.push(Index {
                    name,
                    unique,
                    columns,
                    part,
                    key: RandomState::new(),
                });
            }
            Some(_) | None => return Ok(None),
        }
    }
    Ok(Some(found))
}

impl Index {
    /// Hashes what the index should hold of a row, with nothing for one that it does not hold;
    /// `None` where a value is of a kind that no index of a ledger holds.
    pub(in crate::store) fn hash(
        &self,
        values: &[ValueRef<'_>],
        written: &mut Vec<u8>,
    ) -> Option<u64> {
        if let Some(part) = &self.part
            && !part.holds(values)?
        {
            return Some(0);
        }
        written.clear();
        for column in &self.columns {
            write(*values.get(column.at)?, false, written)?;
        }
        write(*values.first()?, false, written)?;
        Some(self.hash_of(written))
    }

    fn hash_of(&self, written: &[u8]) -> u64 {
        let mut hasher = self.key.build_hasher();
        hasher.write(written);
        hasher.finish()
    }

    /// Walks along the index; answers the sum of its entries' hashes, or `None` where they do not
    /// stand in order.
    pub(in crate::store) fn walk(
        &self,
        conn: &Connection,
        table: &str,
    ) -> Result<Option<u64>, Error> {
        let names: Vec<&str> = self
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let folds = self.columns.iter().any(|column| column.folded);
        let part = self
            .part
            .as_ref()
            .map(|part| format!(" WHERE {}", part.condition))
            .unwrap_or_default();
        let sql = format!(
            "SELECT {}, rowid FROM {table} INDEXED BY {}{part}",
            names.join(", "),
            self.name
        );
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let (mut sum, mut before, mut key, mut raw) = (0_u64, Vec::new(), Vec::new(), Vec::new());
        let mut before_ends = 0;
        while let Some(row) = rows.next()? {
            key.clear();
            raw.clear();
            let mut absent = false;
            for (at, column) in self.columns.iter().enumerate() {
                let value = row.get_ref(at)?;
                absent |= value == ValueRef::Null;
                if write(value, column.folded, &mut key).is_none()
                    || (folds && write(value, false, &mut raw).is_none())
                {
                    return Ok(None);
                }
            }
            let ends = key.len();
            let number = row.get_ref(self.columns.len())?;
            if write(number, false, &mut key).is_none()
                || (folds && write(number, false, &mut raw).is_none())
            {
                return Ok(None);
            }
            let repeated = self.unique && !absent && before.get(..before_ends) == key.get(..ends);
            if key <= before || repeated {
                return Ok(None);
            }
            sum = sum.wrapping_add(self.hash_of(if folds { &raw } else { &key }));
            std::mem::swap(&mut before, &mut key);
            before_ends = ends;
        }
        Ok(Some(sum))
    }
}

/// Writes a value so that bytes stand in the order of the values: nothing, whole numbers, text. A
/// zero byte ends a text, so that one with a zero byte in it is left to SQLite.
fn write(value: ValueRef<'_>, folded: bool, written: &mut Vec<u8>) -> Option<()> {
    match value {
        ValueRef::Null => written.push(1),
        ValueRef::Integer(number) => {
            written.push(2);
            // With the sign turned around, negative numbers come first.
            written.extend_from_slice(&(number ^ i64::MIN).to_be_bytes());
        }
        ValueRef::Text(text) if !text.contains(&0) => {
            written.push(3);
            written.extend_from_slice(text);
            if folded {
                let from = written.len() - text.len();
                written.get_mut(from..)?.make_ascii_lowercase();
            }
            written.push(0);
        }
        ValueRef::Text(_) | ValueRef::Real(_) | ValueRef::Blob(_) => return None,
    }
    Some(())
}
