//! The audit trail in the write path: which rows a transaction touched, the entries it appends, and the proof of both.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension as _, Row, types::ValueRef};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Error, Tx, open};
use crate::domain::{
    activity::{Entry, Fact, Finding, Head, Outcome, claimed_by, hex},
    session::Session,
    time::Instant,
    user::Actor,
};

/// The tables whose rows the trail commits to: all but the trail's own two.
const TABLES: [&str; 16] = [
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
];
const MORE_TABLES: [&str; 2] = ["distribution_payments", "idempotency_keys"];
/// How many row hashes stand in one row of `distribution_activity_rows`.
const RUN: usize = 2_000;
/// The hash that stands for a deleted row.
const DELETED: [u8; 32] = [0; 32];
/// A clock that runs back by less than this many seconds is only set forward, not noted.
const CLOCK_TOLERANCE: i64 = 1;

fn tables() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().chain(MORE_TABLES)
}

/// The rows that the running transaction touched, told by SQLite itself, so that no write can escape the trail.
#[derive(Clone)]
pub(super) struct Touched(Arc<Mutex<Runs>>);

/// Runs of row numbers, first and last, by table.
type Runs = BTreeMap<String, Vec<(i64, i64)>>;

impl Touched {
    /// Watches every change that is made over a connection.
    pub(super) fn watching(conn: &Connection) -> Result<Self, Error> {
        let touched = Self(Arc::default());
        let inner = touched.clone();
        conn.update_hook(Some(move |_, _: &str, table: &str, row: i64| inner.add(table, row)))?;
        Ok(touched)
    }

    pub(super) fn clear(&self) {
        self.rows().clear();
    }

    fn rows(&self) -> MutexGuard<'_, Runs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, table: &str, row: i64) {
        let mut rows = self.rows();
        let runs = match rows.get_mut(table) {
            Some(runs) => runs,
            None => rows.entry(table.to_owned()).or_default(),
        };
        match runs.last_mut() {
            Some((first, last)) if (*first..=*last).contains(&row) => {}
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            Some(_) | None => runs.push((row, row)),
        }
    }

    /// Takes the touched rows of each table as runs in ascending order that do not overlap.
    fn take(&self) -> Runs {
        let mut tables = std::mem::take(&mut *self.rows());
        tables.retain(|table, _| table != "distribution_activity_log" && table != "distribution_activity_rows");
        for runs in tables.values_mut() {
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
        tables
    }
}

/// The trail of one transaction: the head it continues from, and the last fact, which waits for the rows' digest.
pub(super) struct Trail {
    head: Head,
    last_at: Option<Instant>,
    waiting: Option<(Fact, Outcome, Actor, Instant)>,
    claimed_by: &'static str,
    metadata: serde_json::Value,
    ip_address: Option<String>,
    user_agent: String,
}

impl Trail {
    /// Continues from the head of the trail.
    pub(super) fn resume(tx: &Tx<'_>, session: &Session) -> Result<Self, Error> {
        let (head, last_at) = head_and_time(tx.conn)?;
        let mut metadata = serde_json::to_value(&session.origin).map_err(|error| Error::bug(error.to_string()))?;
        let back = last_at.map_or(0, |last| session.now.seconds_behind(last));
        if let (true, Some(fields)) = (back > CLOCK_TOLERANCE, metadata.as_object_mut()) {
            fields.insert("clock_stepped_back_to".to_owned(), session.now.to_string().into());
        }
        Ok(Self {
            head,
            last_at,
            waiting: None,
            claimed_by: claimed_by(session.claim.by),
            metadata,
            ip_address: session.origin.ip_address.clone(),
            user_agent: session.origin.user_agent.clone(),
        })
    }

    /// Sets a clock's reading forward so that it lies after everything that stands in the trail.
    pub(super) fn clamp(&self, now: Instant) -> Result<Instant, Error> {
        match self.last_at {
            Some(last) if now <= last => last.next().ok_or_else(|| Error::bug("the calendar has ended")),
            Some(_) | None => Ok(now),
        }
    }

    pub(super) fn has_facts(&self) -> bool {
        self.waiting.is_some()
    }

    /// Records a step. It is appended when the next one comes, or when the transaction is sealed.
    pub(super) fn record(
        &mut self,
        tx: &Tx<'_>,
        actor: &Actor,
        now: Instant,
        fact: Fact,
        outcome: Outcome,
    ) -> Result<(), Error> {
        self.append(tx, None)?;
        self.waiting = Some((fact, outcome, actor.clone(), now));
        Ok(())
    }

    /// Appends the last fact with the digest of all rows that were touched; answers its id.
    pub(super) fn seal(&mut self, tx: &Tx<'_>, touched: &Touched) -> Result<Option<Uuid>, Error> {
        let rows = touched.take();
        if self.waiting.is_none() {
            return match rows.keys().next() {
                None => Ok(None),
                Some(table) => Err(Error::bug(format!("`{table}` was changed without an entry in the audit trail"))),
            };
        }
        let digest = self.commit_to_rows(tx, &rows)?;
        self.append(tx, digest)
    }

    fn append(&mut self, tx: &Tx<'_>, rows_hash: Option<String>) -> Result<Option<Uuid>, Error> {
        let Some((fact, outcome, actor, now)) = self.waiting.take() else { return Ok(None) };
        let (seconds, nanos) = now.since_epoch().unwrap_or_default();
        let entry = Entry {
            seq: self.next_seq()?,
            id: Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos)),
            event_id: fact.concern.event.map(|id| id.to_string()),
            withdrawal_id: fact.concern.withdrawal.map(|id| id.to_string()),
            project_id: fact.concern.project.map(|id| id.to_string()),
            activity: fact.activity.as_str().to_owned(),
            outcome: outcome.as_str().to_owned(),
            performed_by: actor.user.id.to_string(),
            claimed_by: self.claimed_by.to_owned(),
            previous_status: fact.previous.map(str::to_owned),
            new_status: fact.new.map(str::to_owned),
            changes_summary: fact.changes.to_string(),
            metadata: self.metadata.to_string(),
            ip_address: self.ip_address.clone(),
            user_agent: self.user_agent.clone(),
            created_at: now.to_string(),
            rows_hash,
        };
        let hash = entry.hash(&self.head.hash);
        insert(tx, &entry, &hash)?;
        self.head = Head { seq: entry.seq, hash };
        Ok(Some(entry.id))
    }

    /// Tells the number of the next entry. Only a number that something else wrote is the last of all.
    fn next_seq(&self) -> Result<i64, Error> {
        let damaged = || Error::Damaged { detail: "the audit trail has no number left".to_owned() };
        self.head.seq.checked_add(1).ok_or_else(damaged)
    }

    /// Hashes every touched row as it stands now, keeps the hashes, and answers their digest.
    fn commit_to_rows(&self, tx: &Tx<'_>, tables: &Runs) -> Result<Option<String>, Error> {
        const KEEP: &str =
            "INSERT INTO distribution_activity_rows (seq, table_name, first_number, hashes) VALUES (?1, ?2, ?3, ?4)";
        if tables.is_empty() {
            return Ok(None);
        }
        let seq = self.next_seq()?;
        let mut digest = Sha256::new();
        let mut keep = tx.conn.prepare_cached(KEEP)?;
        for (table, runs) in tables {
            let mut read =
                tx.conn.prepare(&format!("SELECT rowid, * FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"))?;
            let columns = read.column_count();
            for &(first, last) in runs {
                let mut run = Run::new(table, first);
                let mut rows = read.query((first, last))?;
                while let Some(row) = rows.next()? {
                    let number: i64 = row.get(0)?;
                    run.fill_to(number, |full| full.keep(&mut keep, seq, &mut digest))?;
                    run.push(hash_row(table, row, columns)?, |full| full.keep(&mut keep, seq, &mut digest))?;
                }
                run.fill_to(last.saturating_add(1), |full| full.keep(&mut keep, seq, &mut digest))?;
                run.keep(&mut keep, seq, &mut digest)?;
            }
        }
        Ok(Some(hex(&digest.finalize())))
    }
}

/// Hashes of consecutive rows of one table.
struct Run<'t> {
    table: &'t str,
    first: i64,
    next: i64,
    hashes: Vec<u8>,
}

impl<'t> Run<'t> {
    fn new(table: &'t str, first: i64) -> Self {
        Self { table, first, next: first, hashes: Vec::new() }
    }

    /// Adds the hash of the next row; hands a full run over first.
    fn push(&mut self, hash: [u8; 32], full: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.hashes.len() >= RUN * 32 {
            full(self)?;
        }
        self.hashes.extend_from_slice(&hash);
        self.next += 1;
        Ok(())
    }

    /// Marks the rows before `number` that are not there as deleted.
    fn fill_to(&mut self, number: i64, mut full: impl FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        while self.next < number {
            self.push(DELETED, &mut full)?;
        }
        Ok(())
    }

    fn keep(&mut self, keep: &mut rusqlite::CachedStatement<'_>, seq: i64, digest: &mut Sha256) -> Result<(), Error> {
        if self.hashes.is_empty() {
            return Ok(());
        }
        keep.execute((seq, self.table, self.first, &self.hashes))?;
        add_run(digest, self.table, self.first, &self.hashes);
        self.hashes.clear();
        self.first = self.next;
        Ok(())
    }
}

fn add_run(digest: &mut Sha256, table: &str, first: i64, hashes: &[u8]) {
    digest.update(table.as_bytes());
    digest.update([0]);
    digest.update(first.to_be_bytes());
    digest.update(u64::try_from(hashes.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(hashes);
}

/// Hashes a row: its table, and each value with its type and length. Column 0 is the row number beside `SELECT *`.
fn hash_row(table: &str, row: &Row<'_>, columns: usize) -> Result<[u8; 32], Error> {
    let mut hasher = Sha256::new();
    hasher.update(table.as_bytes());
    hasher.update([0]);
    for column in 1..columns {
        let (tag, bytes): (u8, &[u8]) = match row.get_ref(column)? {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(number) => {
                hasher.update([1]);
                hasher.update(number.to_be_bytes());
                continue;
            }
            ValueRef::Real(number) => {
                hasher.update([2]);
                hasher.update(number.to_be_bytes());
                continue;
            }
            ValueRef::Text(bytes) => (3, bytes),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        hasher.update([tag]);
        hasher.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(bytes);
    }
    Ok(hasher.finalize().into())
}

fn insert(tx: &Tx<'_>, entry: &Entry, hash: &str) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO distribution_activity_log
        (seq, id, distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome, performed_by, claimed_by,
         previous_status, new_status, changes_summary, metadata, ip_address, user_agent, created_at, rows_hash, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
    tx.conn.prepare_cached(INSERT)?.execute(rusqlite::params![
        entry.seq,
        entry.id.to_string(),
        entry.event_id,
        entry.withdrawal_id,
        entry.project_id,
        entry.activity,
        entry.outcome,
        entry.performed_by,
        entry.claimed_by,
        entry.previous_status,
        entry.new_status,
        entry.changes_summary,
        entry.metadata,
        entry.ip_address,
        entry.user_agent,
        entry.created_at,
        entry.rows_hash,
        hash,
    ])?;
    Ok(())
}

fn head_and_time(conn: &Connection) -> Result<(Head, Option<Instant>), Error> {
    const LAST: &str = "SELECT seq, hash, created_at FROM distribution_activity_log ORDER BY seq DESC LIMIT 1";
    let last = conn.query_row(LAST, [], |row| Ok((Head { seq: row.get(0)?, hash: row.get(1)? }, Some(row.get(2)?))));
    if let Some(last) = last.optional()? {
        return Ok(last);
    }
    let id: String = conn.query_row("SELECT id FROM ledger WHERE number = 1", [], |row| row.get(0))?;
    Ok((Head::genesis(&id), None))
}

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
    /// Tells the head of the trail.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn head(&mut self) -> Result<Head, Error> {
        Ok(head_and_time(self.conn)?.0)
    }

    /// Tells the head of the trail as it was at an instant, in logarithmic time: entries never go back in time.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn head_at(&mut self, at: Instant) -> Result<Head, Error> {
        const ONE: &str = "SELECT hash, created_at FROM distribution_activity_log WHERE seq = ?1";
        let last = self.head()?;
        let mut statement = self.conn.prepare(ONE)?;
        let mut read = |seq: i64| {
            let found = statement.query_row([seq], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Instant>(1)?)));
            found.optional()?.ok_or_else(|| Error::Damaged { detail: format!("entry {seq} of the audit trail is missing") })
        };
        let (mut low, mut high) = (0_i64, last.seq);
        while low < high {
            let middle = high - (high - low) / 2;
            if read(middle)?.1 <= at {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if low == 0 {
            let id: String = self.conn.query_row("SELECT id FROM ledger WHERE number = 1", [], |row| row.get(0))?;
            return Ok(Head::genesis(&id));
        }
        Ok(Head { seq: low, hash: read(low)?.0 })
    }

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
        for table in tables().filter(|table| !edited.contains(*table)) {
            verify_table(self.conn, table, latest.get(table), &mut findings)?;
        }
        Ok(Verification { entries: head.seq, head, findings })
    }
}

fn finding(seq: Option<i64>, table: &str, row: impl std::fmt::Display, detail: impl Into<String>) -> Finding {
    Finding { seq, table: Some(table.to_owned()), row: Some(row.to_string()), detail: detail.into() }
}

/// Compares the definitions with those that this program makes; answers the names of those that differ, whose rows cannot be
/// read as they should.
fn verify_schema(conn: &Connection, findings: &mut Vec<Finding>) -> Result<BTreeSet<String>, Error> {
    let (expected, found) = (open::expected_schema()?, open::schema(conn)?);
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
    let id = Uuid::try_parse(&id)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error)))?;
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
            add_run(digests.entry(row.get(0)?).or_default(), table, row.get(2)?, hashes);
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

/// Reads text and blobs without an error for another type, which the digest then shows.
trait OrEmpty<'a> {
    fn text_or_empty(self) -> &'a str;
    fn blob_or_empty(self) -> &'a [u8];
}

impl<'a> OrEmpty<'a> for ValueRef<'a> {
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
        let (number, seq): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (table, hashes) = (row.get_ref(2)?.text_or_empty().to_owned(), row.get_ref(4)?.blob_or_empty());
        // Which hash of a row is the latest follows from this order, which the digests of the entries do not cover.
        if last_number.checked_add(1) != Some(number) || seq < last_seq {
            let detail = "the hashes of rows do not stand in the order in which they were written";
            findings.push(finding(Some(seq), "distribution_activity_rows", number, detail));
        }
        (last_number, last_seq) = (number, seq);
        let first = usize::try_from(row.get::<_, i64>(3)?).ok();
        let known = latest.entry(table).or_default();
        // Rows are numbered from 1 without gaps, so a first number far beyond the end is no run that this program wrote.
        let Some(first) = first.filter(|first| *first <= known.len().saturating_add(1)) else {
            findings.push(finding(Some(seq), "distribution_activity_rows", number, "its row numbers do not follow"));
            continue;
        };
        for (at, hash) in hashes.chunks_exact(32).enumerate() {
            let index = first + at;
            if known.len() <= index {
                known.resize(index + 1, DELETED);
            }
            if let (Some(slot), Ok(hash)) = (known.get_mut(index), <[u8; 32]>::try_from(hash)) {
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
        WHERE table_name = ?1 AND first_number <= ?2 AND ?2 < first_number + length(hashes) / 32";
    Ok(conn.query_row(WRITER, (table, number), |row| row.get(0))?)
}
