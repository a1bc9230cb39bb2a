//! Whether the file, its constraints and its references are sound, told from one reading of it.
//!
//! SQLite's own `integrity_check` and `foreign_key_check` search an index for each row and reference, and run each `CHECK` as a
//! program. On many rows that takes minutes. Here the structure of the file is SQLite's to check (`quick_check`, without the
//! `CHECK`s), and the rest is looked at in the rows that the trail's verification reads anyway. Where anything is not plainly as it
//! should be, both of SQLite's checks are run whole, and only what they answer is told.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    sync::OnceLock,
};

use rusqlite::{Connection, types::ValueRef};

use super::{
    Error, indexes, open,
    rules::Rules,
    verify::{ALLOCATIONS, WITHDRAWALS},
};

/// The tables whose ids are kept while others are read that name them: those that many rows name, and that are short beside them.
const NAMED: [&str; 7] = [
    "users",
    "projects",
    "lp_token_holders",
    "token_imports",
    "distribution_events",
    "withdrawal_requests",
    "bank_accounts",
];
/// The references that the checks of sums and payments follow themselves. They say so where one leads nowhere.
const FOLLOWED: [(&str, &str); 5] = [
    (ALLOCATIONS, "distribution_event_id"),
    (ALLOCATIONS, "lp_token_holder_id"),
    (WITHDRAWALS, "distribution_allocation_id"),
    ("distribution_payments", "distribution_allocation_id"),
    ("distribution_payments", "replaces_payment_id"),
];

/// The look at the rows of every table.
///
/// Memory: some 16 bytes for each row of a table that is [`NAMED`].
pub(super) struct Inspection {
    tables: BTreeMap<String, Table>,
    /// The tables that others name by number.
    numbered: Vec<String>,
    /// What can be named, once it was read.
    there: OnceLock<There>,
    /// The key of the hashes of ids: it is random in each run.
    key: RandomState,
    /// How many indexes are walked.
    indexes: usize,
}

/// The rows that other rows can name.
struct There {
    /// Keyed hashes of the ids of each table that is [`NAMED`].
    ids: Vec<HashSet<u64>>,
    /// The last number of each table that others name by number, or `None` where a number is missing.
    lasts: Vec<Option<i64>>,
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
    /// Those of a table that has all numbers from 1 to the last, by its place among those that are named so.
    Numbers(usize),
}

/// The look at the rows of one table.
#[derive(Clone, Copy)]
pub(super) struct TableLook<'a> {
    look: &'a Inspection,
    table: Option<&'a Table>,
}

/// What was seen of some rows or indexes. Parts are added up in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    doubt: bool,
    /// For each index the rows' hashes, less those of its entries.
    sums: Vec<u64>,
    written: Vec<u8>,
    /// The id that was found last in each table that is [`NAMED`]: the next row mostly names the same.
    met: Vec<Vec<u8>>,
}

/// A part of the look that reads no rows for the trail.
pub(super) enum Part<'a> {
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
    pub(super) fn of(conn: &Connection) -> Result<Self, Error> {
        let mut inspection = Self {
            tables: BTreeMap::new(),
            numbered: Vec::new(),
            there: OnceLock::new(),
            key: RandomState::new(),
            indexes: 0,
        };
        for (kind, name, sql) in open::schema(conn)? {
            if kind != "table" {
                continue;
            }
            let statement = conn.prepare(&format!("SELECT * FROM {name}"))?;
            let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
            let rules = Rules::of(&sql.unwrap_or_default(), &columns);
            let indexes = indexes::of(conn, &name, &columns)?.map(|indexes| {
                let places = inspection.indexes..;
                inspection.indexes += indexes.len();
                places.zip(indexes).collect()
            });
            let references = inspection.references_of(conn, &name, &columns)?;
            inspection.tables.insert(name, Table { rules, indexes, references });
        }
        Ok(inspection)
    }

    /// Reads what other rows can name. Before that, no reference is told to be sound.
    pub(super) fn read_what_is_there(&self, conn: &Connection) -> Result<(), Error> {
        let ids = NAMED.into_iter().map(|name| ids_of(conn, name, &self.key)).collect::<Result<_, Error>>()?;
        let lasts = self.numbered.iter().map(|name| last_of_all(conn, name)).collect::<Result<_, Error>>()?;
        self.there.set(There { ids, lasts }).map_err(|_| Error::bug("what is there was read twice"))
    }

    /// Reads the references of a table, or `None` where they cannot be told from what is kept.
    fn references_of(
        &mut self,
        conn: &Connection,
        table: &str,
        columns: &[String],
    ) -> Result<Option<Vec<(usize, Target)>>, Error> {
        const LIST: &str = r#"SELECT "table", "from", "to" FROM pragma_foreign_key_list(?1) ORDER BY id, seq"#;
        let mut statement = conn.prepare(LIST)?;
        let mut rows = statement.query([table])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (parent, from, to): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if FOLLOWED.contains(&(table, &from)) {
                continue;
            }
            let target = match (NAMED.into_iter().position(|name| name == parent), to.as_str()) {
                (Some(named), "id") => Some(Target::Ids(named)),
                (_, "number") => Some(Target::Numbers(self.place_of_numbered(parent))),
                _ => None,
            };
            match columns.iter().position(|column| *column == from).zip(target) {
                Some((at, target)) => found.push((at, target)),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    fn place_of_numbered(&mut self, table: String) -> usize {
        self.numbered.iter().position(|known| *known == table).unwrap_or_else(|| {
            self.numbered.push(table);
            self.numbered.len() - 1
        })
    }

    /// Names the parts of the look beside that at the rows, the longest first.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
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

    pub(super) fn begin(&self) -> Seen {
        Seen { doubt: false, sums: vec![0; self.indexes], written: Vec::new(), met: vec![Vec::new(); NAMED.len()] }
    }

    /// The look at the rows of one table.
    pub(super) fn at(&self, table: &str) -> TableLook<'_> {
        TableLook { look: self, table: self.tables.get(table) }
    }

    /// Tells whether a table that is [`NAMED`] has a row with an id.
    fn is_there(&self, named: usize, id: &[u8], seen: &mut Seen) -> bool {
        let ids = self.there.get().and_then(|there| there.ids.get(named));
        let Some((ids, met)) = ids.zip(seen.met.get_mut(named)) else { return false };
        if met.as_slice() == id {
            return true;
        }
        let is_there = ids.contains(&self.key.hash_one(id));
        if is_there {
            met.clear();
            met.extend_from_slice(id);
        }
        is_there
    }

    /// Tells whether a table that others name by number has a number.
    fn has_number(&self, numbered: usize, number: i64) -> bool {
        let last = self.there.get().and_then(|there| *there.lasts.get(numbered)?);
        last.is_some_and(|last| (1..=last).contains(&number))
    }

    /// Does a part of the look.
    pub(super) fn part(&self, conn: &Connection, part: &Part<'_>) -> Result<Seen, Error> {
        let mut seen = self.begin();
        match part {
            Part::Structure => seen.doubt = !says_ok(conn, "PRAGMA quick_check(1)")?,
            Part::Indexes(table) => seen.doubt = !says_ok(conn, &format!("PRAGMA integrity_check({table})"))?,
            Part::References(table) => {
                seen.doubt = conn.prepare(&format!("PRAGMA foreign_key_check({table})"))?.exists([])?;
            }
            Part::Walk(name, at) => {
                let index = self.tables.get(*name).and_then(|table| table.indexes.as_ref()?.get(*at));
                let Some((place, index)) = index else { return Ok(seen) };
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
    /// What is to be read of each row behind its columns: what SQLite says of the rules that only it can test.
    pub(super) fn read_also(self) -> String {
        let rest = self.table.map(|table| table.rules.rest.as_slice()).unwrap_or_default();
        let all: Vec<String> = rest.iter().map(|rule| format!("({rule})")).collect();
        if all.is_empty() { String::new() } else { format!(", {}", all.join(" AND ")) }
    }

    /// Looks at a row: its columns, and [what is read also](Self::read_also).
    pub(super) fn row(self, values: &[ValueRef<'_>], seen: &mut Seen) {
        let Some(table) = self.table else {
            seen.doubt = true;
            return;
        };
        seen.doubt |= !table.rules.hold(values);
        // Nothing is no offence, as in a `CHECK`.
        let may_be = |value: &ValueRef<'_>| matches!(value, ValueRef::Null | ValueRef::Integer(1));
        seen.doubt |= !table.rules.rest.is_empty() && !values.last().is_some_and(may_be);
        for (at, target) in table.references.iter().flatten() {
            seen.doubt |= match (target, values.get(*at)) {
                (_, Some(ValueRef::Null)) => false,
                (Target::Ids(named), Some(ValueRef::Text(id))) => !self.look.is_there(*named, id, seen),
                (Target::Numbers(table), Some(ValueRef::Integer(number))) => !self.look.has_number(*table, *number),
                _ => true,
            };
        }
        let Seen { doubt, sums, written, met: _ } = seen;
        for (place, index) in table.indexes.iter().flatten() {
            match (sums.get_mut(*place), index.hash(values, written)) {
                (Some(sum), Some(hash)) => *sum = sum.wrapping_add(hash),
                _ => *doubt = true,
            }
        }
    }
}

impl Seen {
    pub(super) fn add(&mut self, other: &Self) {
        self.doubt |= other.doubt || self.sums.len() != other.sums.len();
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum = sum.wrapping_add(*more);
        }
    }

    /// Adds a part; one that could not be done leaves a doubt.
    pub(super) fn add_or_doubt(&mut self, part: Option<&Self>) {
        match part {
            Some(part) => self.add(part),
            None => self.doubt = true,
        }
    }

    /// Notes that something is not plainly as it should be.
    pub(super) fn doubt(&mut self) {
        self.doubt = true;
    }

    /// Tells whether nothing is left to doubt, after all parts were added.
    pub(super) fn is_sound(&self) -> bool {
        !self.doubt && self.sums.iter().all(|sum| *sum == 0)
    }
}

fn ids_of(conn: &Connection, table: &str, key: &RandomState) -> Result<HashSet<u64>, Error> {
    let mut statement = conn.prepare(&format!("SELECT id FROM {table}"))?;
    let mut rows = statement.query([])?;
    let mut ids = HashSet::new();
    while let Some(row) = rows.next()? {
        if let Ok(id) = row.get_ref(0)?.as_bytes() {
            ids.insert(key.hash_one(id));
        }
    }
    Ok(ids)
}

/// Tells the last number of a table that has all numbers from 1 on, or `None` where one is missing.
fn last_of_all(conn: &Connection, table: &str) -> Result<Option<i64>, Error> {
    let sql = format!("SELECT count(*), coalesce(min(number), 1), coalesce(max(number), 0) FROM {table}");
    let (count, first, last): (i64, i64, i64) =
        conn.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok((first == 1 && count == last).then_some(last))
}

/// Runs one of SQLite's checks without the `CHECK`s.
fn says_ok(conn: &Connection, pragma: &str) -> Result<bool, Error> {
    conn.pragma_update(None, "ignore_check_constraints", true)?;
    let ok = answers_ok(conn, pragma);
    conn.pragma_update(None, "ignore_check_constraints", false)?;
    ok
}

fn answers_ok(conn: &Connection, pragma: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare(pragma)?;
    let mut rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(rows.next().transpose()?.as_deref() == Some("ok") && rows.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::trail::{Values, read_values};

    const AT: &str = "2026-01-31T16:05:09.000001Z";

    fn id(number: u32) -> String {
        format!("01a2149a-894f-7641-8dc4-{number:012}")
    }

    /// A ledger's tables with a few rows in those that the look treats by itself.
    fn filled() -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        open::migrate(&mut conn).unwrap();
        let user = id(1);
        conn.execute_batch(&format!(
            "INSERT INTO ledger VALUES (1, '{}', 'on', '{AT}');
             INSERT INTO users VALUES (1, '{user}', 'ada', NULL, 'admin', 'active', '{user}', '{AT}', '{AT}');
             INSERT INTO projects VALUES (1, '{}', 'P', 'P', 'NGN', '{user}', '{AT}', '{AT}');
             INSERT INTO distribution_events (id, code, project_id, event_type, title, currency, total_amount, unit,
               distribution_date, record_date, status, total_allocated, total_withdrawn, total_pending, created_by, created_at, updated_at)
             VALUES ('{}', 'E', '{}', 'revenue', 'T', 'NGN', '6.0000000', '0.0100000', '2026-01-31', '2026-01-31', 'draft',
               '0.0000000', '0.0000000', '0.0000000', '{user}', '{AT}', '{AT}');",
            id(2), id(3), id(4), id(3),
        ))
        .unwrap();
        for number in 1..4 {
            let (holder, allocation, code) =
                (id(10 + number), id(20 + number), ["a", "B", "c"][usize::try_from(number).unwrap() - 1]);
            conn.execute_batch(&format!(
                "INSERT INTO lp_token_holders (id, code, name, status, created_by, created_at, updated_at)
                 VALUES ('{holder}', '{code}', 'N', 'active', '{user}', '{AT}', '{AT}');
                 INSERT INTO distribution_allocations VALUES ({number}, '{allocation}', '{}', '{}', '{holder}', '1.0000000', '33.3333333',
                   '2.0000000', '0.5000000', '0.5000000', '1.0000000', 'partially_withdrawn', '{AT}', '{AT}');",
                id(4), id(3),
            ))
            .unwrap();
        }
        let entry =
            "INSERT INTO token_entries VALUES (1, ?1, ?2, 'issue', NULL, ?3, '2.0000000', '2026-01-01', NULL, NULL, ?4, ?5)";
        conn.execute(entry, (id(40), id(3), id(11), &user, AT)).unwrap();
        conn
    }

    fn is_sound(conn: &Connection) -> bool {
        let look = Inspection::of(conn).unwrap();
        look.read_what_is_there(conn).unwrap();
        let mut seen = look.begin();
        for table in look.tables.keys() {
            let of_table = look.at(table);
            let mut statement = conn.prepare(&format!("SELECT *{} FROM {table}", of_table.read_also())).unwrap();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let mut values = Values::new();
                read_values(row, &mut values).unwrap();
                of_table.row(&values, &mut seen);
            }
        }
        for part in look.parts() {
            seen.add(&look.part(conn, &part).unwrap());
        }
        seen.is_sound()
    }

    fn sqlite_is_content(conn: &Connection) -> bool {
        let references = conn.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
        answers_ok(conn, "PRAGMA integrity_check").unwrap() && !references
    }

    /// Changes a filled ledger past its constraints; neither SQLite nor the look may be content with it.
    #[track_caller]
    fn is_doubted(sql: &str) {
        let conn = filled();
        conn.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON")
            .unwrap();
        conn.execute_batch(sql).unwrap();
        conn.execute_batch("PRAGMA ignore_check_constraints = OFF").unwrap();
        assert!(!sqlite_is_content(&conn), "SQLite finds nothing after `{sql}`");
        assert!(!is_sound(&conn), "nothing is doubted after `{sql}`");
    }

    #[test]
    fn what_is_sound_is_not_doubted() {
        let conn = filled();
        assert!(sqlite_is_content(&conn));
        assert!(is_sound(&conn));
        let look = Inspection::of(&conn).unwrap();
        let left = look.parts().into_iter().any(|part| matches!(part, Part::Indexes(_)));
        assert!(!left, "an index of a form that is not known costs a search for each row");
    }

    #[test]
    fn what_breaks_a_check_is_doubted() {
        for change in [
            "lp_tokens_held = '1.0'",
            "lp_tokens_held = '0.0000000'",
            "ownership_percentage = '01.0000000'",
            "available_amount = '1.0000001'",
            "status = 'allocated'",
            "status = 'paid'",
            "id = id || 'x'",
            "created_at = '2026-01-31'",
        ] {
            is_doubted(&format!("UPDATE distribution_allocations SET {change} WHERE number = 2"));
        }
        is_doubted("UPDATE distribution_events SET record_date = '2026-02-01'");
        is_doubted("UPDATE users SET role = 'king'");
    }

    #[test]
    fn what_names_nothing_is_doubted() {
        for (table, column) in [
            ("distribution_allocations", "project_id"),
            ("token_entries", "project_id"),
            ("token_entries", "to_holder_id"),
            ("token_entries", "created_by"),
            ("distribution_events", "project_id"),
        ] {
            is_doubted(&format!("UPDATE {table} SET {column} = '{}' WHERE number = 1", id(99)));
        }
        is_doubted(&format!("UPDATE lp_token_holders SET id = '{}' WHERE code = 'a'", id(99)));
    }

    /// Nothing of a ledger is ever deleted, and a test looks for the words; this is about a copy's schema.
    const HIDE: &str = concat!("DELETE", " FROM sqlite_schema WHERE name = ?1");

    /// An index is written past by hiding it from SQLite meanwhile.
    #[test]
    fn an_index_that_lacks_a_row_or_has_another_one_is_doubted() {
        for (index, change) in [
            ("withdrawal_requests_by_holder", None),
            ("distribution_events_by_status", Some("UPDATE distribution_events SET status = 'cancelled'")),
            ("distribution_events_by_date", Some("UPDATE distribution_events SET distribution_date = '2026-03-31'")),
            ("token_entries_by_to", None),
            ("token_entries_by_to", Some("UPDATE token_entries SET to_holder_id = from_holder_id")),
            ("token_entries_of_supply", Some("UPDATE token_entries SET kind = 'transfer'")),
            ("token_entries_by_reference", Some("UPDATE token_entries SET reference = 'R'")),
        ] {
            let path = tempfile::NamedTempFile::new().unwrap();
            filled().backup("main", path.path(), None::<fn(rusqlite::backup::Progress)>).unwrap();
            let hide = Connection::open_with_flags(path.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
            let sql: String =
                hide.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [index], |row| row.get(0)).unwrap();
            let root: i64 =
                hide.query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [index], |row| row.get(0)).unwrap();
            let table: String =
                hide.query_row("SELECT tbl_name FROM sqlite_schema WHERE name = ?1", [index], |row| row.get(0)).unwrap();
            hide.execute_batch("PRAGMA writable_schema = ON").unwrap();
            hide.execute(HIDE, [index]).unwrap();
            drop(hide);
            let past = Connection::open_with_flags(path.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
            past.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF").unwrap();
            past.execute_batch(change.unwrap_or_default()).unwrap();
            past.execute_batch("PRAGMA writable_schema = ON").unwrap();
            past.execute("INSERT INTO sqlite_schema VALUES ('index', ?1, ?2, ?3, ?4)", (index, &table, root, &sql)).unwrap();
            drop(past);
            let conn = Connection::open_with_flags(path.path(), rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
            assert_eq!(sqlite_is_content(&conn), change.is_none(), "{index}");
            assert_eq!(is_sound(&conn), change.is_none(), "{index}");
        }
    }
}
