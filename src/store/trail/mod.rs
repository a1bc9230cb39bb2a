//! The audit trail in the write path: which rows a transaction touched, and the entries it appends.

pub(in crate::store) mod audit;
mod chain;
mod finding;
mod hashes;
mod head;
pub(in crate::store) mod keys;
pub(in crate::store) mod row_hashes;
mod touched;
pub(in crate::store) mod verify;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use self::{hashes::Run, touched::Tables};
pub(in crate::store) use self::{
    hashes::{DELETED, PAIR, RowHasher, add_run},
    touched::Touched,
};
use crate::domain::{
    activity::{AuditEntry, AuditOutcome, Concern, Fact, Head, claimed_by},
    clock,
    hash::hex,
    session::{Ids, Randomness, Session},
    time::Instant,
    user::Actor,
};
use crate::store::{
    Error,
    db::{Db, Writer, insert},
};

/// A clock that runs back by less than this many seconds is only set forward, not noted.
const CLOCK_TOLERANCE: i64 = 1;

/// The trail of one transaction: the head it continues from, and the last fact, which waits for the
/// rows' digest.
pub(in crate::store) struct Trail {
    head: Head,
    /// The transaction's instant, later than everything in the trail.
    now: Instant,
    ids: Ids,
    waiting: Option<(Fact, AuditOutcome, Actor)>,
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
    pub(in crate::store) fn resume(db: Db<'_>, session: &Session) -> Result<Self, Error> {
        let (head, last_at) = head_and_time(db)?;
        let mut metadata =
            serde_json::to_value(&session.origin).map_err(|error| Error::bug(error.to_string()))?;
        let back = last_at.map_or(0, |last| session.now.seconds_behind(last));
        if let (true, Some(fields)) = (back > CLOCK_TOLERANCE, metadata.as_object_mut()) {
            fields.insert(
                "clock_stepped_back_to".to_owned(),
                session.now.to_string().into(),
            );
        }
        let gap = last_at.and_then(|last| clock::remarkable_days(last, session.now));
        if let (Some(days), Some(fields)) = (gap, metadata.as_object_mut()) {
            fields.insert("days_after_last_entry".to_owned(), days.into());
        }
        let now = after(session.now, last_at)?;
        Ok(Self {
            head,
            now,
            ids: Ids::at(now, Randomness::System),
            waiting: None,
            claimed_by: claimed_by(session.claim.by),
            metadata: metadata.to_string(),
            ip_address: session.origin.ip_address.clone(),
            user_agent: session.origin.user_agent.clone(),
            written: Vec::new(),
        })
    }

    /// Returns the transaction's instant: the clock's reading, set forward where the trail has a
    /// later one.
    pub(in crate::store) const fn now(&self) -> Instant {
        self.now
    }

    pub(in crate::store) fn has_facts(&self) -> bool {
        self.waiting.is_some()
    }

    /// Records a step. It is appended when the next one comes, or when the transaction is sealed.
    pub(in crate::store) fn record(
        &mut self,
        writer: &Writer<'_>,
        actor: &Actor,
        fact: Fact,
        outcome: AuditOutcome,
    ) -> Result<(), Error> {
        self.append(writer, None)?;
        self.waiting = Some((fact, outcome, actor.clone()));
        Ok(())
    }

    /// Appends the last fact with the digest of all rows that were touched; returns its id.
    pub(in crate::store) fn seal(
        &mut self,
        db: Db<'_>,
        writer: &Writer<'_>,
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
        let digest = self.commit_to_rows(db, &tables)?;
        self.append(writer, digest)
    }

    fn append(
        &mut self,
        writer: &Writer<'_>,
        rows_hash: Option<String>,
    ) -> Result<Option<Uuid>, Error> {
        let Some((fact, outcome, actor)) = self.waiting.take() else {
            return Ok(None);
        };
        let Concern {
            project,
            event,
            withdrawal,
        } = fact.concern;
        let mut texts = [[0; uuid::fmt::Hyphenated::LENGTH]; 4];
        let [of_event, of_withdrawal, of_project, of_actor] = &mut texts;
        let changes =
            serde_json::to_string(&fact.changes).map_err(|error| Error::bug(error.to_string()))?;
        let created_at = self.now.to_string();
        let entry = AuditEntry::<&str> {
            seq: self.next_seq()?,
            id: self.ids.make(),
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
        insert(writer, &entry, &hash)?;
        let id = entry.id;
        self.head = Head {
            seq: entry.seq,
            hash,
        };
        Ok(Some(id))
    }

    /// Returns the number of the next entry. Only a number that something else wrote is the last of
    /// all.
    fn next_seq(&self) -> Result<i64, Error> {
        let damaged = || Error::Damaged {
            detail: "the audit trail has no number left".to_owned(),
        };
        self.head.seq.checked_add(1).ok_or_else(damaged)
    }

    /// Hashes every touched row as it is now, keeps the hash next to the one from before, and returns
    /// the digest of all.
    fn commit_to_rows(&self, db: Db<'_>, tables: &Tables) -> Result<Option<String>, Error> {
        const KEEP: &str = "INSERT INTO distribution_activity_rows (seq, table_name, first_number, hashes) VALUES (?1, ?2, ?3, ?4)";
        if tables.is_empty() {
            return Ok(None);
        }
        let seq = self.next_seq()?;
        let mut digest = Sha256::new();
        let mut keep = db.statement(KEEP)?;
        for (table, changes) in tables {
            let mut read = db.statement(&format!(
                "SELECT * FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid"
            ))?;
            let mut hasher = RowHasher::of(table);
            for &(first, last) in &changes.runs {
                let mut run = Run::new(table, first, &changes.before);
                let mut keep = |full: &mut Run<'_>| full.keep(&mut keep, seq, &mut digest);
                let mut next = first;
                while next <= last {
                    if let Some(hash) = changes.known_hash(next) {
                        run.push(hash, &mut keep)?;
                        next += 1;
                        continue;
                    }
                    let end = changes.end_of_unknown(next, last);
                    read.each((next, end), |row| {
                        let (number, hash) = (row.get(0)?, hasher.hash(row)?);
                        changes.must_agree(number, hash)?;
                        run.fill_to(number, &mut keep)?;
                        run.push(hash, &mut keep)
                    })?;
                    run.fill_to(end.saturating_add(1), &mut keep)?;
                    next = end.saturating_add(1);
                }
                keep(&mut run)?;
            }
        }
        Ok(Some(hex(&digest.finalize())))
    }
}

/// Returns a clock's reading, set forward so that it lies after the last entry.
fn after(now: Instant, last: Option<Instant>) -> Result<Instant, Error> {
    match last {
        Some(last) if now <= last => last
            .next()
            .ok_or_else(|| Error::bug("the calendar has ended")),
        Some(_) | None => Ok(now),
    }
}

/// Writes an id down in its stored form.
fn written(id: Uuid, text: &mut [u8; uuid::fmt::Hyphenated::LENGTH]) -> &str {
    id.hyphenated().encode_lower(text)
}

fn insert(writer: &Writer<'_>, entry: &AuditEntry<&str>, hash: &str) -> Result<(), Error> {
    insert!(writer, "distribution_activity_log" {
        "seq": entry.seq,
        "id": entry.id,
        "distribution_event_id": entry.event_id,
        "withdrawal_request_id": entry.withdrawal_id,
        "project_id": entry.project_id,
        "activity_type": entry.activity,
        "outcome": entry.outcome,
        "performed_by": entry.performed_by,
        "claimed_by": entry.claimed_by,
        "previous_status": entry.previous_status,
        "new_status": entry.new_status,
        "changes_summary": entry.changes_summary,
        "metadata": entry.metadata,
        "ip_address": entry.ip_address,
        "user_agent": entry.user_agent,
        "created_at": entry.created_at,
        "rows_hash": entry.rows_hash,
        "hash": hash,
    })
    .map(|_| ())
}

fn head_and_time(db: Db<'_>) -> Result<(Head, Option<Instant>), Error> {
    const LAST: &str =
        "SELECT seq, hash, created_at FROM distribution_activity_log ORDER BY seq DESC LIMIT 1";
    let last = db.query_optional(LAST, (), |row| {
        let (seq, hash) = (row.next()?, row.next()?);
        Ok((Head { seq, hash }, Some(row.next()?)))
    })?;
    match last {
        Some(last) => Ok(last),
        None => Ok((genesis(db)?, None)),
    }
}

/// Reads the head of a trail without entries.
fn genesis(db: Db<'_>) -> Result<Head, Error> {
    let id: String = db.value("SELECT id FROM ledger WHERE number = 1", ())?;
    Ok(Head::genesis(&id))
}
