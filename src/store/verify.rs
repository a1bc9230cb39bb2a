//! The proof of the audit trail and of every row against it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row, types::ValueRef};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Error, Tx, open,
    trail::{DELETED, PAIR, add_run, hash_row},
};
use crate::domain::activity::{Entry, Finding, Head, hex};

/// The tables whose rows the trail commits to: all but the trail's own two.
const TABLES: [&str; 28] = [
    "ledger",
    "users",
    "users_history",
    "projects",
    "projects_history",
    "project_navs",
    "lp_token_holders",
    "lp_token_holders_history",
    "token_imports",
    "token_entries",
    "token_supplies",
    "distribution_events",
    "distribution_events_history",
    "distribution_allocations",
    "superseded_allocations",
    "withdrawal_requests",
    "distribution_payments",
    "idempotency_keys",
    "bank_accounts",
    "bank_statements",
    "bank_lines",
    "bank_matches",
    "bank_match_lines",
    "bank_match_withdrawals",
    "bank_standings",
    "bank_reconciliations",
    "payment_files",
    "payment_file_items",
];

/// What a verification of the trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries the trail has.
    pub entries: i64,
    /// Its head.
    pub head: Head,
    /// What does not add up; empty where all does.
    pub findings: Vec<Finding>,
}

impl Tx<'_> {
    /// Verifies the trail and every row of the ledger against it. `noted` is a head that was noted outside the file, or its
    /// first characters.
    ///
    /// Memory: 32 bytes per row of the ledger.
    ///
    /// # Errors
    /// What the file refuses; what does not add up is a finding, not an error.
    pub fn verify(&mut self, noted: Option<&str>) -> Result<Verification, Error> {
        let mut findings = Vec::new();
        let edited = verify_schema(self.conn, &mut findings)?;
        let nothing = Head { seq: 0, hash: String::new() };
        if ["ledger", "distribution_activity_log", "distribution_activity_rows"].iter().any(|name| edited.contains(*name)) {
            return Ok(Verification { entries: 0, head: nothing, findings });
        }
        let ledger_id = self
            .conn
            .query_row("SELECT id FROM ledger WHERE number = 1", [], |row| Ok(row.get_ref(0)?.text_or_empty().to_owned()));
        let head = match ledger_id.optional()? {
            Some(id) => verify_chain(self.conn, Head::genesis(&id), noted, &mut findings)?,
            None => {
                findings.push(finding(None, "ledger", "1", "the ledger's own row is missing"));
                nothing
            }
        };
        let latest = latest_hashes(self.conn, &mut findings)?;
        // A ledger of an older version has fewer tables; its copy is verified before it is migrated.
        let there = table_names(self.conn)?;
        for table in TABLES.into_iter().filter(|table| !edited.contains(*table) && there.contains(*table)) {
            verify_table(self.conn, table, latest.get(table), &mut findings)?;
        }
        Ok(Verification { entries: head.seq, head, findings })
    }
}

fn table_names(conn: &Connection) -> Result<BTreeSet<String>, Error> {
    let schema = open::schema(conn)?.into_iter();
    Ok(schema.filter(|(kind, _, _)| kind == "table").map(|(_, name, _)| name).collect())
}

fn finding(seq: Option<i64>, table: &str, row: impl std::fmt::Display, detail: impl Into<String>) -> Finding {
    Finding { seq, table: Some(table.to_owned()), row: Some(row.to_string()), detail: detail.into() }
}

/// Compares the definitions with those that this program makes; answers the names of those that differ, whose rows cannot be
/// read as they should.
fn verify_schema(conn: &Connection, findings: &mut Vec<Finding>) -> Result<BTreeSet<String>, Error> {
    let (expected, found) = (open::expected_schema(conn)?, open::schema(conn)?);
    let missing = expected.iter().filter(|item| !found.contains(item)).map(|item| (item, "is missing or was changed"));
    let added = found.iter().filter(|item| !expected.contains(item)).map(|item| (item, "is not this program's"));
    let mut edited = BTreeSet::new();
    for ((kind, name, _), what) in missing.chain(added) {
        let detail = format!("the definition of {kind} `{name}` {what}");
        findings.push(finding(None, "sqlite_schema", name, detail));
        edited.insert(name.clone());
    }
    Ok(edited)
}

/// Walks the chain; after a break it goes on from the stored hash, so that each break is found where it is.
fn verify_chain(conn: &Connection, genesis: Head, noted: Option<&str>, findings: &mut Vec<Finding>) -> Result<Head, Error> {
    const ENTRIES: &str = "SELECT seq, id, distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome,
        performed_by, claimed_by, previous_status, new_status, changes_summary, metadata, ip_address, user_agent, created_at,
        rows_hash, hash FROM distribution_activity_log ORDER BY seq";
    const LOG: &str = "distribution_activity_log";
    let noted = noted.map(str::to_ascii_lowercase);
    // A footer shows the first characters only, and they are what people note.
    let is_noted = |hash: &str| noted.as_ref().is_none_or(|noted| !noted.is_empty() && hash.starts_with(noted));
    let mut noted_found = is_noted(&genesis.hash);
    let mut digests = RowDigests::over(conn)?;
    let mut statement = conn.prepare(ENTRIES)?;
    let mut rows = statement.query([])?;
    let (mut head, mut last_at) = (genesis, String::new());
    while let Some(row) = rows.next()? {
        let (entry, stored) = match read_entry(row) {
            Ok(read) => read,
            Err(error) => {
                let seq: i64 = row.get(0)?;
                findings.push(finding(Some(seq), LOG, seq, format!("the entry cannot be read: {error}")));
                digests.of(seq);
                let hash = row.get::<_, String>(17).unwrap_or_default();
                head = Head { seq, hash };
                continue;
            }
        };
        if head.seq.checked_add(1) != Some(entry.seq) {
            let detail = format!("entry {} follows entry {}: what stood between them is missing", entry.seq, head.seq);
            findings.push(finding(Some(entry.seq), LOG, entry.seq, detail));
        }
        if entry.hash(&head.hash) != stored {
            let detail = "the entry, or one before it, was changed: its hash does not follow";
            findings.push(finding(Some(entry.seq), LOG, entry.seq, detail));
        }
        if entry.created_at < last_at {
            findings.push(finding(Some(entry.seq), LOG, entry.seq, "the entry is older than the one before it"));
        }
        if digests.of(entry.seq) != entry.rows_hash {
            let detail = "the hashes of the rows that this entry wrote are not the ones it committed to";
            findings.push(finding(Some(entry.seq), "distribution_activity_rows", entry.seq, detail));
        }
        noted_found |= is_noted(&stored);
        last_at.clone_from(&entry.created_at);
        head = Head { seq: entry.seq, hash: stored };
    }
    digests.rest(head.seq, findings);
    if !noted_found {
        let detail = "the noted head does not stand in this trail: history was rewritten, or its end was cut off";
        findings.push(Finding { seq: None, table: Some(LOG.to_owned()), row: None, detail: detail.to_owned() });
    }
    Ok(head)
}

fn read_entry(row: &Row<'_>) -> Result<(Entry, String), rusqlite::Error> {
    let id: String = row.get(1)?;
    let id = Uuid::try_parse(&id).ok().filter(|read| read.to_string() == id).ok_or_else(|| {
        let problem = format!("`{id}` is no id as this program writes it").into();
        rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, problem)
    })?;
    let entry = Entry {
        seq: row.get(0)?,
        id,
        event_id: row.get(2)?,
        withdrawal_id: row.get(3)?,
        project_id: row.get(4)?,
        activity: row.get(5)?,
        outcome: row.get(6)?,
        performed_by: row.get(7)?,
        claimed_by: row.get(8)?,
        previous_status: row.get(9)?,
        new_status: row.get(10)?,
        changes_summary: row.get(11)?,
        metadata: row.get(12)?,
        ip_address: row.get(13)?,
        user_agent: row.get(14)?,
        created_at: row.get(15)?,
        rows_hash: row.get(16)?,
    };
    Ok((entry, row.get(17)?))
}

/// The digests of the kept row hashes, one entry after the other.
struct RowDigests {
    digests: BTreeMap<i64, Sha256>,
}

impl RowDigests {
    fn over(conn: &Connection) -> Result<Self, Error> {
        const ALL: &str = "SELECT seq, table_name, first_number, hashes FROM distribution_activity_rows ORDER BY number";
        let mut digests: BTreeMap<i64, Sha256> = BTreeMap::new();
        let mut statement = conn.prepare(ALL)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (table, hashes) = (row.get_ref(1)?.text_or_empty(), row.get_ref(3)?.blob_or_empty());
            let (seq, first) = (row.get_ref(0)?.number_or_zero(), row.get_ref(2)?.number_or_zero());
            add_run(digests.entry(seq).or_default(), table, first, hashes);
        }
        Ok(Self { digests })
    }

    fn of(&mut self, seq: i64) -> Option<String> {
        self.digests.remove(&seq).map(|digest| hex(&digest.finalize()))
    }

    fn rest(self, last: i64, findings: &mut Vec<Finding>) {
        for seq in self.digests.into_keys() {
            let detail = format!("row hashes belong to entry {seq}, which is not there; the trail ends at {last}");
            findings.push(finding(Some(seq), "distribution_activity_rows", seq, detail));
        }
    }
}

/// Reads numbers, text and blobs without an error for another type, which the digest then shows.
trait OrEmpty<'a> {
    fn number_or_zero(self) -> i64;
    fn text_or_empty(self) -> &'a str;
    fn blob_or_empty(self) -> &'a [u8];
}

impl<'a> OrEmpty<'a> for ValueRef<'a> {
    fn number_or_zero(self) -> i64 {
        self.as_i64().unwrap_or_default()
    }

    fn text_or_empty(self) -> &'a str {
        self.as_str().unwrap_or_default()
    }

    fn blob_or_empty(self) -> &'a [u8] {
        self.as_blob().unwrap_or_default()
    }
}

/// The latest hash of each row of each table, by row number.
fn latest_hashes(conn: &Connection, findings: &mut Vec<Finding>) -> Result<BTreeMap<String, Vec<[u8; 32]>>, Error> {
    const ALL: &str = "SELECT number, seq, table_name, first_number, hashes FROM distribution_activity_rows ORDER BY number";
    let mut latest: BTreeMap<String, Vec<[u8; 32]>> = BTreeMap::new();
    let mut statement = conn.prepare(ALL)?;
    let mut rows = statement.query([])?;
    let (mut last_number, mut last_seq) = (0_i64, 0_i64);
    while let Some(row) = rows.next()? {
        let (number, seq): (i64, i64) = (row.get(0)?, row.get_ref(1)?.number_or_zero());
        let (table, hashes) = (row.get_ref(2)?.text_or_empty().to_owned(), row.get_ref(4)?.blob_or_empty());
        // Which hash of a row is the latest follows from this order, which the digests of the entries do not cover.
        if last_number.checked_add(1) != Some(number) || seq < last_seq {
            let detail = "the hashes of rows do not stand in the order in which they were written";
            findings.push(finding(Some(seq), "distribution_activity_rows", number, detail));
        }
        (last_number, last_seq) = (number, seq);
        let first = row.get_ref(3)?.as_i64().ok().and_then(|first| usize::try_from(first).ok());
        let known = latest.entry(table.clone()).or_default();
        // Rows are numbered from 1 without gaps, so a first number far beyond the end is no run that this program wrote.
        let Some(first) = first.filter(|first| *first <= known.len().saturating_add(1)) else {
            findings.push(finding(Some(seq), "distribution_activity_rows", number, "its row numbers do not follow"));
            continue;
        };
        for (at, pair) in hashes.chunks_exact(PAIR).enumerate() {
            let (before, hash) = pair.split_at(32);
            let index = first + at;
            if known.len() <= index {
                known.resize(index + 1, DELETED);
            }
            if let (Some(slot), Ok(hash)) = (known.get_mut(index), <[u8; 32]>::try_from(hash)) {
                if *slot != *before {
                    let detail =
                        format!("row {index} was changed by something other than this program before entry {seq} wrote it");
                    findings.push(finding(Some(seq), &table, index, detail));
                }
                *slot = hash;
            }
        }
    }
    Ok(latest)
}

fn verify_table(
    conn: &Connection,
    table: &'static str,
    latest: Option<&Vec<[u8; 32]>>,
    findings: &mut Vec<Finding>,
) -> Result<(), Error> {
    let mut expected = latest.map(Vec::as_slice).unwrap_or_default().iter().enumerate().skip(1).peekable();
    let mut statement = conn.prepare(&format!("SELECT rowid, * FROM {table} ORDER BY rowid"))?;
    let columns = statement.column_count();
    let id_column = statement.column_index("id").ok();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let name = id_column.and_then(|at| row.get::<_, String>(at).ok()).unwrap_or_else(|| number.to_string());
        let mut known = None;
        while let Some((at, hash)) = expected.peek().copied() {
            let at = i64::try_from(at).unwrap_or(i64::MAX);
            if at > number {
                break;
            }
            if at == number {
                known = Some(*hash);
            } else {
                missing(conn, table, at, *hash, findings)?;
            }
            expected.next();
        }
        match known {
            Some(hash) if hash == hash_row(table, row, columns)? => {}
            Some(hash) if hash != DELETED => {
                let detail = format!("row {number} was changed by something other than this program");
                findings.push(finding(last_writer(conn, table, number)?, table, name, detail));
            }
            Some(_) | None => {
                let detail = format!("row {number} was added by something other than this program");
                findings.push(finding(None, table, name, detail));
            }
        }
    }
    for (at, hash) in expected {
        missing(conn, table, i64::try_from(at).unwrap_or(i64::MAX), *hash, findings)?;
    }
    Ok(())
}

fn missing(conn: &Connection, table: &str, number: i64, hash: [u8; 32], findings: &mut Vec<Finding>) -> Result<(), Error> {
    if hash != DELETED {
        let detail = format!("row {number} was deleted by something other than this program");
        findings.push(finding(last_writer(conn, table, number)?, table, number, detail));
    }
    Ok(())
}

/// Finds the last entry that wrote a row.
fn last_writer(conn: &Connection, table: &str, number: i64) -> Result<Option<i64>, Error> {
    const WRITER: &str = "SELECT max(seq) FROM distribution_activity_rows
        WHERE table_name = ?1 AND first_number <= ?2 AND ?2 < first_number + length(hashes) / 64";
    Ok(conn.query_row(WRITER, (table, number), |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_but_the_trails_own_is_verified() {
        let mut conn = Connection::open_in_memory().unwrap();
        open::migrate(&mut conn).unwrap();
        let schema = open::expected_schema(&conn).unwrap();
        let tables: BTreeSet<&str> =
            schema.iter().filter(|(kind, _, _)| kind == "table").map(|(_, name, _)| name.as_str()).collect();
        let verified: BTreeSet<&str> =
            TABLES.into_iter().chain(["distribution_activity_log", "distribution_activity_rows"]).collect();
        assert_eq!(tables, verified);
    }
}
