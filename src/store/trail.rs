//! The audit trail in the write path: which rows a transaction touched, and the entries it appends.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension as _, Row, hooks::Action, types::ValueRef};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Error, Tx};
use crate::domain::{
    activity::{Entry, Fact, Head, Outcome, claimed_by, hex},
    session::Session,
    time::Instant,
    user::Actor,
};

/// How many row hashes stand in one row of `distribution_activity_rows`.
const RUN: usize = 2_000;
/// Each row has two hashes there: as it stood before the transaction, and after it.
pub(super) const PAIR: usize = 64;
/// The hash that stands for a row that is not there.
pub(super) const DELETED: [u8; 32] = [0; 32];
/// A clock that runs back by less than this many seconds is only set forward, not noted.
const CLOCK_TOLERANCE: i64 = 1;

/// The rows that the running transaction touched, told by SQLite itself, so that no write can escape the trail.
#[derive(Clone)]
pub(super) struct Touched(Arc<Mutex<Changes>>);

/// Runs of row numbers, first and last, by table.
type Runs = BTreeMap<String, Vec<(i64, i64)>>;
/// Hashes of rows as they stood before the transaction, by table and row number.
type Before = BTreeMap<String, HashMap<i64, [u8; 32]>>;

/// What the running transaction changed.
#[derive(Default)]
struct Changes {
    rows: Runs,
    before: Before,
    /// The first row that was inserted into each table: it and all after it are new.
    inserted: BTreeMap<String, i64>,
    /// A row that was changed before its hash was kept.
    unguarded: Option<(String, i64)>,
}

impl Changes {
    fn is_new(&self, table: &str, row: i64) -> bool {
        self.inserted.get(table).is_some_and(|first| *first <= row)
    }

    fn is_kept(&self, table: &str, row: i64) -> bool {
        self.before.get(table).is_some_and(|rows| rows.contains_key(&row))
    }

    fn add(&mut self, action: Action, table: &str, row: i64) {
        if table == "distribution_activity_log" || table == "distribution_activity_rows" {
            return;
        }
        if action == Action::SQLITE_INSERT {
            if !self.inserted.contains_key(table) {
                self.inserted.insert(table.to_owned(), row);
            }
        } else if !self.is_new(table, row) && !self.is_kept(table, row) {
            self.unguarded = Some((table.to_owned(), row));
        }
        let runs = match self.rows.get_mut(table) {
            Some(runs) => runs,
            None => self.rows.entry(table.to_owned()).or_default(),
        };
        match runs.last_mut() {
            Some((first, last)) if (*first..=*last).contains(&row) => {}
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            Some(_) | None => runs.push((row, row)),
        }
    }
}

impl Touched {
    /// Watches every change that is made over a connection.
    pub(super) fn watching(conn: &Connection) -> Result<Self, Error> {
        let touched = Self(Arc::default());
        let inner = touched.clone();
        conn.update_hook(Some(move |action, _: &str, table: &str, row: i64| inner.changes().add(action, table, row)))?;
        Ok(touched)
    }

    pub(super) fn clear(&self) {
        *self.changes() = Changes::default();
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the hashes of rows as they stand before they are changed: what another program made of them since this program
    /// last wrote them shows later, even where this program writes them again.
    pub(super) fn keep_before(
        &self,
        conn: &Connection,
        table: &str,
        which: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), Error> {
        let mut read = conn.prepare_cached(&format!("SELECT rowid, * FROM {table} WHERE {which} = ?1"))?;
        let columns = read.column_count();
        let mut rows = read.query([value])?;
        let mut hasher = RowHasher::of(table);
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            let mut changes = self.changes();
            if !changes.is_new(table, number) && !changes.is_kept(table, number) {
                let hash = hasher.hash(values(row, columns)?.get(..columns).unwrap_or_default());
                changes.before.entry(table.to_owned()).or_default().insert(number, hash);
            }
        }
        Ok(())
    }

    /// Takes the touched rows of each table as runs in ascending order that do not overlap, and how they stood before.
    fn take(&self) -> Result<(Runs, Before), Error> {
        let Changes { mut rows, before, unguarded, .. } = std::mem::take(&mut *self.changes());
        if let Some((table, row)) = unguarded {
            return Err(Error::bug(format!("row {row} of `{table}` was changed before its hash was kept")));
        }
        for runs in rows.values_mut() {
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
        Ok((rows, before))
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
        let (rows, before) = touched.take()?;
        if self.waiting.is_none() {
            return match rows.keys().next() {
                None => Ok(None),
                Some(table) => Err(Error::bug(format!("`{table}` was changed without an entry in the audit trail"))),
            };
        }
        let digest = self.commit_to_rows(tx, &rows, &before)?;
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

    /// Hashes every touched row as it stands now, keeps it beside the hash from before, and answers the digest of all.
    fn commit_to_rows(&self, tx: &Tx<'_>, tables: &Runs, before: &Before) -> Result<Option<String>, Error> {
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
            let mut hasher = RowHasher::of(table);
            let none = HashMap::new();
            let before = before.get(table).unwrap_or(&none);
            for &(first, last) in runs {
                let mut run = Run::new(table, first, before);
                let mut rows = read.query((first, last))?;
                while let Some(row) = rows.next()? {
                    let number: i64 = row.get(0)?;
                    run.fill_to(number, |full| full.keep(&mut keep, seq, &mut digest))?;
                    run.push(hasher.hash(values(row, columns)?.get(..columns).unwrap_or_default()), |full| {
                        full.keep(&mut keep, seq, &mut digest)
                    })?;
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
    before: &'t HashMap<i64, [u8; 32]>,
    hashes: Vec<u8>,
}

impl<'t> Run<'t> {
    fn new(table: &'t str, first: i64, before: &'t HashMap<i64, [u8; 32]>) -> Self {
        Self { table, first, next: first, before, hashes: Vec::new() }
    }

    /// Adds the hash of the next row; hands a full run over first.
    fn push(&mut self, hash: [u8; 32], full: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.hashes.len() >= RUN * PAIR {
            full(self)?;
        }
        self.hashes.extend_from_slice(self.before.get(&self.next).unwrap_or(&DELETED));
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

pub(super) fn add_run(digest: &mut Sha256, table: &str, first: i64, hashes: &[u8]) {
    digest.update(table.as_bytes());
    digest.update([0]);
    digest.update(first.to_be_bytes());
    digest.update(u64::try_from(hashes.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(hashes);
}

/// Hashes rows of a table. What is hashed is first written down in one piece, over which the hash is faster.
pub(super) struct RowHasher {
    written: Vec<u8>,
    table: usize,
}

impl RowHasher {
    pub(super) fn of(table: &str) -> Self {
        let mut written = Vec::with_capacity(1_024);
        written.extend_from_slice(table.as_bytes());
        written.push(0);
        Self { table: written.len(), written }
    }

    /// Hashes a row: its table, and each value with its type and length. The first value is the row number beside `SELECT *`.
    pub(super) fn hash(&mut self, values: &[ValueRef<'_>]) -> [u8; 32] {
        let written = &mut self.written;
        written.truncate(self.table);
        for value in values.iter().skip(1) {
            let (tag, bytes): (u8, &[u8]) = match value {
                ValueRef::Null => (0, &[]),
                ValueRef::Integer(number) => {
                    written.push(1);
                    written.extend_from_slice(&number.to_be_bytes());
                    continue;
                }
                ValueRef::Real(number) => {
                    written.push(2);
                    written.extend_from_slice(&number.to_be_bytes());
                    continue;
                }
                ValueRef::Text(bytes) => (3, bytes),
                ValueRef::Blob(bytes) => (4, bytes),
            };
            written.push(tag);
            written.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            written.extend_from_slice(bytes);
        }
        Sha256::digest(written).into()
    }
}

/// The values of a row; a connection reads no more columns than this.
pub(super) type Values<'row> = [ValueRef<'row>; 64];

/// Reads the first values of a row; the others stay absent.
pub(super) fn values<'row>(row: &'row Row<'_>, columns: usize) -> Result<Values<'row>, Error> {
    let mut values = [ValueRef::Null; 64];
    for (column, value) in values.iter_mut().enumerate().take(columns) {
        *value = row.get_ref(column)?;
    }
    Ok(values)
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
}
