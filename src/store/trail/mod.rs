//! The audit trail in the write path: which rows a transaction touched, and the entries it appends.

pub(in crate::store) mod audit;
mod chain;
pub(in crate::store) mod keys;
pub(in crate::store) mod row_hashes;
pub(in crate::store) mod verify;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension as _, Row, hooks::Action, types::ValueRef};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::{
    activity::{AuditEntry, AuditOutcome, Concern, Fact, Head, claimed_by},
    hash::hex,
    session::Session,
    time::Instant,
    user::Actor,
};
use crate::store::{Error, Tx};

/// How many row hashes stand in one row of `distribution_activity_rows`.
const RUN: usize = 2_000;
/// Each row has two hashes there: as it stood before the transaction, and after it.
pub(in crate::store) const PAIR: usize = 64;
/// The hash that stands for a row that is not there.
pub(in crate::store) const DELETED: [u8; 32] = [0; 32];
/// A clock that runs back by less than this many seconds is only set forward, not noted.
const CLOCK_TOLERANCE: i64 = 1;

/// The rows that the running transaction touched, told by SQLite itself, so that no write can
/// escape the trail.
#[derive(Clone)]
pub(in crate::store) struct Touched(Arc<Mutex<Changes>>);

/// What a transaction changed, by table.
type Tables = BTreeMap<String, OfTable>;

/// What a transaction changed in one table.
#[derive(Default)]
struct OfTable {
    /// The touched rows as runs of row numbers, first and last.
    runs: Vec<(i64, i64)>,
    /// Hashes of rows as they stood before the transaction, by row number.
    before: HashMap<i64, [u8; 32]>,
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

impl OfTable {
    /// Tells whether a row may change: it is new, or its hash was kept.
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
    fn add(&mut self, action: Action, table: &str, row: i64) {
        if table == "distribution_activity_log" || table == "distribution_activity_rows" {
            return;
        }
        let of_table = match self.tables.get_mut(table) {
            Some(known) => known,
            None => self.tables.entry(table.to_owned()).or_default(),
        };
        if action == Action::SQLITE_INSERT {
            of_table.inserted.get_or_insert(row);
        } else if !of_table.is_guarded(row) {
            self.unguarded = Some((table.to_owned(), row));
        }
        of_table.add(row);
    }
}

impl Touched {
    /// Watches every change that is made over a connection.
    pub(in crate::store) fn watching(conn: &Connection) -> Result<Self, Error> {
        let touched = Self(Arc::default());
        let inner = touched.clone();
        conn.update_hook(Some(move |action, _: &str, table: &str, row: i64| {
            inner.changes().add(action, table, row)
        }))?;
        Ok(touched)
    }

    pub(in crate::store) fn clear(&self) {
        *self.changes() = Changes::default();
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the hashes of rows as they stand before they are changed: what another program made of
    /// them since this program last wrote them shows later, even where this program writes them
    /// again.
    pub(in crate::store) fn keep_before(
        &self,
        conn: &Connection,
        table: &str,
        which: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), Error> {
        let mut read = conn.prepare_cached(&format!("SELECT * FROM {table} WHERE {which} = ?1"))?;
        let columns = read.column_count();
        let mut rows = read.query([value])?;
        let mut changes = self.changes();
        let of_table = match changes.tables.get_mut(table) {
            Some(known) => known,
            None => changes.tables.entry(table.to_owned()).or_default(),
        };
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(0)?;
            if !of_table.is_guarded(number) {
                let hasher = of_table.hasher.get_or_insert_with(|| RowHasher::of(table));
                let hash = hasher.hash_row(row, columns)?;
                of_table.before.insert(number, hash);
            }
        }
        Ok(())
    }

    /// Takes the tables that were touched, their rows as runs in ascending order that do not
    /// overlap, and how they stood before.
    fn take(&self) -> Result<Tables, Error> {
        let Changes {
            mut tables,
            unguarded,
        } = std::mem::take(&mut *self.changes());
        if let Some((table, row)) = unguarded {
            return Err(Error::bug(format!(
                "row {row} of `{table}` was changed before its hash was kept"
            )));
        }
        tables.retain(|_, of_table| !of_table.runs.is_empty());
        for OfTable { runs, .. } in tables.values_mut() {
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

/// The trail of one transaction: the head it continues from, and the last fact, which waits for the
/// rows' digest.
pub(in crate::store) struct Trail {
    head: Head,
    last_at: Option<Instant>,
    waiting: Option<(Fact, AuditOutcome, Actor, Instant)>,
    claimed_by: &'static str,
    /// JSON.
    metadata: String,
    ip_address: Option<String>,
    user_agent: String,
    /// Where entries are written down to be hashed.
    written: Vec<u8>,
}

impl Trail {
    /// Continues from the head of the trail.
    pub(in crate::store) fn resume(tx: &Tx<'_>, session: &Session) -> Result<Self, Error> {
        let (head, last_at) = head_and_time(tx.conn)?;
        let mut metadata =
            serde_json::to_value(&session.origin).map_err(|error| Error::bug(error.to_string()))?;
        let back = last_at.map_or(0, |last| session.now.seconds_behind(last));
        if let (true, Some(fields)) = (back > CLOCK_TOLERANCE, metadata.as_object_mut()) {
            fields.insert(
                "clock_stepped_back_to".to_owned(),
                session.now.to_string().into(),
            );
        }
        Ok(Self {
            head,
            last_at,
            waiting: None,
            claimed_by: claimed_by(session.claim.by),
            metadata: metadata.to_string(),
            ip_address: session.origin.ip_address.clone(),
            user_agent: session.origin.user_agent.clone(),
            written: Vec::new(),
        })
    }

    /// Sets a clock's reading forward so that it lies after everything that stands in the trail.
    pub(in crate::store) fn clamp(&self, now: Instant) -> Result<Instant, Error> {
        match self.last_at {
            Some(last) if now <= last => last
                .next()
                .ok_or_else(|| Error::bug("the calendar has ended")),
            Some(_) | None => Ok(now),
        }
    }

    pub(in crate::store) fn has_facts(&self) -> bool {
        self.waiting.is_some()
    }

    /// Records a step. It is appended when the next one comes, or when the transaction is sealed.
    pub(in crate::store) fn record(
        &mut self,
        tx: &Tx<'_>,
        actor: &Actor,
        now: Instant,
        fact: Fact,
        outcome: AuditOutcome,
    ) -> Result<(), Error> {
        self.append(tx, None)?;
        self.waiting = Some((fact, outcome, actor.clone(), now));
        Ok(())
    }

    /// Appends the last fact with the digest of all rows that were touched; answers its id.
    pub(in crate::store) fn seal(
        &mut self,
        tx: &Tx<'_>,
        touched: &Touched,
    ) -> Result<Option<Uuid>, Error> {
        let tables = touched.take()?;
        if self.waiting.is_none() {
            return match tables.keys().next() {
                None => Ok(None),
                Some(table) => Err(Error::bug(format!(
                    "`{table}` was changed without an entry in the audit trail"
                ))),
            };
        }
        let digest = self.commit_to_rows(tx, &tables)?;
        self.append(tx, digest)
    }

    fn append(&mut self, tx: &Tx<'_>, rows_hash: Option<String>) -> Result<Option<Uuid>, Error> {
        let Some((fact, outcome, actor, now)) = self.waiting.take() else {
            return Ok(None);
        };
        let (seconds, nanos) = now.since_epoch().unwrap_or_default();
        let Concern {
            project,
            event,
            withdrawal,
        } = fact.concern;
        let mut texts = [[0; uuid::fmt::Hyphenated::LENGTH]; 4];
        let [of_event, of_withdrawal, of_project, of_actor] = &mut texts;
        let changes =
            serde_json::to_string(&fact.changes).map_err(|error| Error::bug(error.to_string()))?;
        let created_at = now.to_string();
        let entry = AuditEntry::<&str> {
            seq: self.next_seq()?,
            id: Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos)),
            event_id: event.map(|id| written(id.into(), of_event)),
            withdrawal_id: withdrawal.map(|id| written(id.into(), of_withdrawal)),
            project_id: project.map(|id| written(id.into(), of_project)),
            activity: fact.activity.as_str(),
            outcome: outcome.as_str(),
            performed_by: written(actor.user.id.into(), of_actor),
            claimed_by: self.claimed_by,
            previous_status: fact.previous,
            new_status: fact.new,
            changes_summary: &changes,
            metadata: &self.metadata,
            ip_address: self.ip_address.as_deref(),
            user_agent: &self.user_agent,
            created_at: &created_at,
            rows_hash: rows_hash.as_deref(),
        };
        let hash = entry.hash_in(&self.head.hash, &mut self.written);
        insert(tx, &entry, &hash)?;
        let id = entry.id;
        self.head = Head {
            seq: entry.seq,
            hash,
        };
        Ok(Some(id))
    }

    /// Tells the number of the next entry. Only a number that something else wrote is the last of
    /// all.
    fn next_seq(&self) -> Result<i64, Error> {
        let damaged = || Error::Damaged {
            detail: "the audit trail has no number left".to_owned(),
        };
        self.head.seq.checked_add(1).ok_or_else(damaged)
    }

    /// Hashes every touched row as it stands now, keeps it beside the hash from before, and answers
    /// the digest of all.
    fn commit_to_rows(&self, tx: &Tx<'_>, tables: &Tables) -> Result<Option<String>, Error> {
        const KEEP: &str = "INSERT INTO distribution_activity_rows (seq, table_name, first_number, hashes) VALUES (?1, ?2, ?3, ?4)";
        if tables.is_empty() {
            return Ok(None);
        }
        let seq = self.next_seq()?;
        let mut digest = Sha256::new();
        let mut keep = tx.conn.prepare_cached(KEEP)?;
        for (table, OfTable { runs, before, .. }) in tables {
            let mut read = tx.conn.prepare(&format!(
                "SELECT * FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"
            ))?;
            let columns = read.column_count();
            let mut hasher = RowHasher::of(table);
            for &(first, last) in runs {
                let mut run = Run::new(table, first, before);
                let mut rows = read.query((first, last))?;
                while let Some(row) = rows.next()? {
                    let number: i64 = row.get(0)?;
                    run.fill_to(number, |full| full.keep(&mut keep, seq, &mut digest))?;
                    run.push(hasher.hash_row(row, columns)?, |full| {
                        full.keep(&mut keep, seq, &mut digest)
                    })?;
                }
                run.fill_to(last.saturating_add(1), |full| {
                    full.keep(&mut keep, seq, &mut digest)
                })?;
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
        Self {
            table,
            first,
            next: first,
            before,
            hashes: Vec::new(),
        }
    }

    /// Adds the hash of the next row; hands a full run over first.
    fn push(
        &mut self,
        hash: [u8; 32],
        full: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.hashes.len() >= RUN * PAIR {
            full(self)?;
        }
        self.hashes
            .extend_from_slice(self.before.get(&self.next).unwrap_or(&DELETED));
        self.hashes.extend_from_slice(&hash);
        self.next += 1;
        Ok(())
    }

    /// Marks the rows before `number` that are not there as deleted.
    fn fill_to(
        &mut self,
        number: i64,
        mut full: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while self.next < number {
            self.push(DELETED, &mut full)?;
        }
        Ok(())
    }

    fn keep(
        &mut self,
        keep: &mut rusqlite::CachedStatement<'_>,
        seq: i64,
        digest: &mut Sha256,
    ) -> Result<(), Error> {
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

pub(in crate::store) fn add_run(digest: &mut Sha256, table: &str, first: i64, hashes: &[u8]) {
    digest.update(table.as_bytes());
    digest.update([0]);
    digest.update(first.to_be_bytes());
    digest.update(
        u64::try_from(hashes.len())
            .unwrap_or(u64::MAX)
            .to_be_bytes(),
    );
    digest.update(hashes);
}

/// Hashes rows of a table. What is hashed is first written down in one piece, over which the hash
/// is faster.
pub(in crate::store) struct RowHasher {
    written: Vec<u8>,
    table: usize,
}

impl RowHasher {
    pub(in crate::store) fn of(table: &str) -> Self {
        let mut written = Vec::with_capacity(1_024);
        written.extend_from_slice(table.as_bytes());
        written.push(0);
        Self {
            table: written.len(),
            written,
        }
    }

    /// Hashes a row: its table, and each value with its type and length.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub(in crate::store) fn hash_row(
        &mut self,
        row: &Row<'_>,
        columns: usize,
    ) -> Result<[u8; 32], Error> {
        self.written.truncate(self.table);
        for column in 0..columns {
            self.write(row.get_ref(column)?);
        }
        Ok(Sha256::digest(&self.written).into())
    }

    fn write(&mut self, value: ValueRef<'_>) {
        let written = &mut self.written;
        let (tag, bytes): (u8, &[u8]) = match value {
            ValueRef::Null => (0, &[]),
            ValueRef::Integer(number) => {
                written.push(1);
                written.extend_from_slice(&number.to_be_bytes());
                return;
            }
            ValueRef::Real(number) => {
                written.push(2);
                written.extend_from_slice(&number.to_be_bytes());
                return;
            }
            ValueRef::Text(bytes) => (3, bytes),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        let mut head = [tag; 9];
        head[1..].copy_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        written.extend_from_slice(&head);
        written.extend_from_slice(bytes);
    }
}

/// Writes an id down in its stored form.
fn written(id: Uuid, text: &mut [u8; uuid::fmt::Hyphenated::LENGTH]) -> &str {
    id.hyphenated().encode_lower(text)
}

fn insert(tx: &Tx<'_>, entry: &AuditEntry<&str>, hash: &str) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO distribution_activity_log
        (seq, id, distribution_event_id, withdrawal_request_id, project_id, activity_type, outcome, performed_by, claimed_by,
         previous_status, new_status, changes_summary, metadata, ip_address, user_agent, created_at, rows_hash, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
    tx.conn.prepare_cached(INSERT)?.execute(rusqlite::params![
        entry.seq,
        written(entry.id, &mut [0; uuid::fmt::Hyphenated::LENGTH]),
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
    const LAST: &str =
        "SELECT seq, hash, created_at FROM distribution_activity_log ORDER BY seq DESC LIMIT 1";
    let last = conn.query_row(LAST, [], |row| {
        Ok((
            Head {
                seq: row.get(0)?,
                hash: row.get(1)?,
            },
            Some(row.get(2)?),
        ))
    });
    if let Some(last) = last.optional()? {
        return Ok(last);
    }
    let id: String = conn.query_row("SELECT id FROM ledger WHERE number = 1", [], |row| {
        row.get(0)
    })?;
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

    /// Tells the head of the trail as it was at an instant, in logarithmic time: entries never go
    /// back in time.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn head_at(&mut self, at: Instant) -> Result<Head, Error> {
        const ONE: &str = "SELECT hash, created_at FROM distribution_activity_log WHERE seq = ?1";
        let last = self.head()?;
        let mut statement = self.conn.prepare(ONE)?;
        let mut read = |seq: i64| {
            let found = statement.query_row([seq], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Instant>(1)?))
            });
            found.optional()?.ok_or_else(|| Error::Damaged {
                detail: format!("entry {seq} of the audit trail is missing"),
            })
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
            let id: String =
                self.conn
                    .query_row("SELECT id FROM ledger WHERE number = 1", [], |row| {
                        row.get(0)
                    })?;
            return Ok(Head::genesis(&id));
        }
        Ok(Head {
            seq: low,
            hash: read(low)?.0,
        })
    }
}
