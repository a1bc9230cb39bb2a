//! [`Ledger`]: the open file and its transactions. [`Ledger::write`] is the only way to change a
//! ledger.

use std::{
    cell::{Cell, RefCell},
    path::{Path, PathBuf},
    rc::Rc,
    time::{Duration, Instant as Timer},
};

use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    Error, Tx, WriteTx,
    db::{Access, Connection, Db, interruption},
    file::open,
    trail::Touched,
    trail::keys,
    tx::active,
};
use crate::domain::{
    Refused,
    activity::{Activity, AuditOutcome, Concern, Fact, Footing},
    session::{Claim, Mode, Randomness, Session},
    time::Instant,
    user::{Actor, FourEyes},
};

/// An open ledger file.
pub struct Ledger {
    conn: Connection,
    path: PathBuf,
    wait: Duration,
    waited: Cell<Duration>,
    touched: Touched,
    aside: Rc<Aside>,
    seen: Option<Footing>,
}

/// What a command did besides its result. It outlives the ledger.
#[derive(Debug, Default)]
pub struct Aside {
    /// What could not be done on the side, such as noting a refusal.
    warnings: RefCell<Vec<String>>,
    /// Whether a change is committed: what fails later does not make it undone.
    written: Cell<bool>,
}

impl Aside {
    /// Takes the warnings.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.take()
    }

    /// Returns whether a change is committed.
    pub fn is_written(&self) -> bool {
        self.written.get()
    }
}

/// A writing command: its name, the activity it attempts, and its input, which a key is bound to.
#[derive(Debug)]
pub struct Request<'a, I> {
    /// The words of the command line, such as `withdrawal approve`.
    pub command: &'static str,
    /// The activity that the trail names where a rule refuses it.
    pub activity: Activity,
    /// The whole input.
    pub input: &'a I,
}

impl<I> Clone for Request<'_, I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for Request<'_, I> {}

/// What a writing command gives back.
#[derive(Clone, Debug)]
pub struct Done<V> {
    /// The result.
    pub value: V,
    /// Whether it was written now.
    pub how: How,
    /// The instant of the result.
    pub at: Instant,
}

/// Whether and how a command wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was written now.
    Written,
    /// There was nothing to write.
    Unchanged,
    /// It was done and rolled back, as asked.
    DryRun,
    /// The key was used before with this input: this is the first result.
    Replayed,
}

/// An error that may be a refusal by a rule.
pub trait Refusal {
    /// Returns the refusal, if it is one.
    fn refused(&self) -> Option<&Refused>;

    /// Returns what the store says, if it is that.
    fn store(&self) -> Option<&Error>;
}

/// Who tried what, kept for the trail after a rollback.
struct Attempt {
    actor: Actor,
    concern: Concern,
}

enum Inside<V> {
    Worked(V, Instant, Option<Uuid>, How),
    Replayed(V, Instant),
}

impl Ledger {
    /// Opens an existing ledger. All that is done over it waits for locks up to `wait`, taken
    /// together.
    ///
    /// # Errors
    /// [`Error`] where the file is missing, unsafe, no ledger, newer or damaged.
    pub fn open(path: &Path, access: Access, wait: Duration) -> Result<Self, Error> {
        let timer = Timer::now();
        let ledger = Self::over(open::open(path, access, wait)?, path, wait)?;
        ledger.waited.set(timer.elapsed());
        Ok(ledger)
    }

    pub(super) fn over(conn: Connection, path: &Path, wait: Duration) -> Result<Self, Error> {
        let touched = Touched::watching(conn.db())?;
        let (path, waited) = (path.to_path_buf(), Cell::new(Duration::ZERO));
        Ok(Self {
            conn,
            path,
            wait,
            waited,
            touched,
            aside: Rc::default(),
            seen: None,
        })
    }

    /// Creates a ledger with its first user, or leaves no file at all. `work` answers what the key
    /// is to remember and the result.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`], or what the disk refuses.
    pub fn create<I: Serialize, T: Serialize, V>(
        path: &Path,
        session: Session,
        four_eyes: FourEyes,
        request: Request<'_, I>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<(T, V), Error>,
    ) -> Result<Done<V>, Error> {
        let wait = Duration::from_secs(1);
        let (conn, temporary) = open::create(path, wait)?;
        let (mode, key) = (session.mode, session.key.clone());
        let ledger = Self::over(conn, path, wait)?;
        ledger.conn.db().script("BEGIN IMMEDIATE")?;
        let mut write = WriteTx::first(ledger.conn.db(), session, four_eyes, &ledger.touched)?;
        let (stored, value) = work(&mut write)?;
        if let Some(key) = &key {
            let fingerprint = keys::Fingerprint::of(request.command, &write.actor, request.input)?;
            keys::insert(&write, key, &fingerprint, &stored)?;
        }
        let at = write.now;
        write.seal(&ledger.touched)?;
        ledger.conn.db().script("COMMIT")?;
        ledger.conn.close()?;
        if mode == Mode::DryRun {
            return Ok(Done {
                value,
                how: How::DryRun,
                at,
            });
        }
        open::persist(temporary, path)?;
        Ok(Done {
            value,
            how: How::Written,
            at,
        })
    }

    /// Returns what a key remembers of an earlier run of the same command with the same input, if
    /// there was one.
    ///
    /// # Errors
    /// [`Refused::KeyConflict`], or what the file refuses.
    pub fn recall<I: Serialize, T: DeserializeOwned, E: From<Error> + From<Refused>>(
        &mut self,
        session: &Session,
        request: Request<'_, I>,
    ) -> Result<Option<(T, Instant)>, E> {
        let Some(key) = &session.key else {
            return Ok(None);
        };
        self.read(|tx| {
            let user = tx.acting_user(&session.claim)?;
            let actor = Actor {
                user: user.user,
                role: user.role,
            };
            let fingerprint = keys::Fingerprint::of(request.command, &actor, request.input)?;
            match keys::find(tx, key)? {
                Some(first) => Ok(Some(first.result(key, &fingerprint)??)),
                None => Ok(None),
            }
        })
    }

    /// Reads in one short transaction.
    ///
    /// # Errors
    /// The error of `work`, or [`Error`] if the ledger cannot be read.
    pub fn read<V, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<V, E>,
    ) -> Result<V, E> {
        self.conn.db().script("BEGIN")?;
        // This takes the lock, so that nothing in `work` waits.
        if let Err(error) = self.waiting("SELECT 1 FROM sqlite_schema LIMIT 1", self.left()) {
            self.rollback()?;
            return Err(error.into());
        }
        let mut tx = Tx::over(self.conn.db());
        let value = work(&mut tx);
        // If the trail cannot be read, the command that asks for its head reports why.
        self.seen = tx.footing().ok();
        // If a page could not be read, SQLite has ended the transaction already.
        let ended = self.rollback();
        let value = value?;
        ended?;
        Ok(value)
    }

    /// Changes the ledger: one transaction, one instant, its entries in the audit trail.
    ///
    /// `work` reads, decides, writes and records its facts; it answers what the key is to remember
    /// and the result. `recall` makes the result again from what the key remembered, where the key
    /// was used before with the same input.
    ///
    /// # Errors
    /// The error of `work` (a refusal is recorded in the trail after the rollback), or what the file
    /// refuses.
    pub fn write<I, T, V, E>(
        &mut self,
        session: Session,
        request: Request<'_, I>,
        recall: impl FnOnce(&mut Tx<'_>, T, Instant) -> Result<V, E>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<(T, V), E>,
    ) -> Result<Done<V>, E>
    where
        I: Serialize,
        T: Serialize + DeserializeOwned,
        E: From<Error> + From<Refused> + Refusal,
    {
        let (mode, activity) = (session.mode, request.activity);
        let note = (
            session.claim.clone(),
            session.now,
            session.today,
            session.origin.clone(),
        );
        self.begin()?;
        let _work = interruption().begin();
        let mut attempt = None;
        match self.inside(session, &request, recall, work, &mut attempt) {
            Ok(Inside::Replayed(value, at)) => {
                self.rollback()?;
                Ok(Done {
                    value,
                    how: How::Replayed,
                    at,
                })
            }
            Ok(Inside::Worked(value, at, entry, how)) => {
                let how = match (mode, entry) {
                    (Mode::DryRun | Mode::Rehearsal, _) => self.rollback().map(|()| How::DryRun)?,
                    (Mode::Commit, None) => self.rollback().map(|()| How::Unchanged)?,
                    (Mode::Commit, Some(entry)) => self.commit(entry).map(|()| how)?,
                };
                if how == How::Written {
                    self.aside.written.set(true);
                }
                Ok(Done { value, how, at })
            }
            Err(error) => {
                self.rollback()?;
                if let (Mode::Commit | Mode::Rehearsal, Some(attempt), Some(refused)) =
                    (mode, attempt, error.refused())
                {
                    let (claim, now, today, origin) = note;
                    let progress = Box::new(crate::domain::session::NoProgress);
                    let session = Session {
                        claim,
                        now,
                        today,
                        key: None,
                        mode: Mode::Commit,
                        origin,
                        progress,
                        randomness: Randomness::System,
                    };
                    self.note_refusal(session, activity, &attempt, refused);
                }
                match error.store() {
                    Some(Error::Bug(_)) => Err(self.damage().map_or(error, E::from)),
                    _ => Err(error),
                }
            }
        }
    }

    /// Notes a step that changes nothing else, such as personal data shown.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn note(&mut self, session: Session, fact: Fact) -> Result<(), Error> {
        self.begin()?;
        let noted = WriteTx::begin(self.conn.db(), session, &self.touched).and_then(|mut write| {
            write.record(fact)?;
            write.seal(&self.touched)
        });
        match noted {
            Ok(Some(entry)) => self.commit(entry),
            Ok(None) => self.rollback(),
            Err(error) => self.rollback().and(Err(error)),
        }
    }

    /// Refuses a claim that names no user who may act.
    ///
    /// # Errors
    /// [`Error::UnknownActor`], [`Refused::UserInactive`].
    pub fn check_actor<E: From<Error> + From<Refused>>(&mut self, claim: &Claim) -> Result<(), E> {
        self.read(|tx| active(tx.acting_user(claim)?))
    }

    /// Returns the head of the trail that the last reading saw, and whether four eyes are on.
    pub fn seen(&self) -> Option<Footing> {
        self.seen.clone()
    }

    /// Keeps what an earlier reading saw: a list that is read in pages shows the state of its first.
    pub fn keep_seen(&mut self, footing: Footing) {
        self.seen = Some(footing);
    }

    /// Shares what is done besides the result.
    pub fn aside(&self) -> Rc<Aside> {
        Rc::clone(&self.aside)
    }

    /// Returns the file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    pub(super) fn touched(&self) -> &Touched {
        &self.touched
    }

    pub(super) fn db(&self) -> Db<'_> {
        self.conn.db()
    }

    fn inside<I, T, V, E>(
        &self,
        session: Session,
        request: &Request<'_, I>,
        recall: impl FnOnce(&mut Tx<'_>, T, Instant) -> Result<V, E>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<(T, V), E>,
        attempt: &mut Option<Attempt>,
    ) -> Result<Inside<V>, E>
    where
        I: Serialize,
        T: Serialize + DeserializeOwned,
        E: From<Error> + From<Refused>,
    {
        let key = session.key.clone();
        let mut write = WriteTx::begin(self.conn.db(), session, &self.touched)?;
        *attempt = Some(Attempt {
            actor: write.actor.clone(),
            concern: Concern::default(),
        });
        write.must_be_active::<E>()?;
        let fingerprint = keys::Fingerprint::of(request.command, &write.actor, request.input)?;
        if let Some(key) = &key
            && let Some(first) = keys::find(&write, key)?
        {
            let (stored, at) = first.result(key, &fingerprint)??;
            return Ok(Inside::Replayed(recall(&mut write, stored, at)?, at));
        }
        let worked = work(&mut write);
        *attempt = Some(Attempt {
            actor: write.actor.clone(),
            concern: write.concern,
        });
        let (stored, value) = worked?;
        let how = if write.trail.has_facts() {
            How::Written
        } else {
            How::Unchanged
        };
        if let Some(key) = &key {
            if how == How::Unchanged {
                // A key stands for its first result, also where that was nothing to do.
                write.record(Fact::new(
                    Activity::KeyUsed,
                    serde_json::json!({ "command": request.command }),
                ))?;
            }
            keys::insert(&write, key, &fingerprint, &stored)?;
        }
        let at = write.now;
        let entry = write.seal(&self.touched)?;
        Ok(Inside::Worked(value, at, entry, how))
    }

    fn note_refusal(
        &mut self,
        session: Session,
        activity: Activity,
        attempt: &Attempt,
        refused: &Refused,
    ) {
        let changes = serde_json::json!({ "code": refused.code(), "message": refused.to_string() });
        let fact = Fact::new(activity, changes).about(attempt.concern);
        let noted = self.begin().and_then(|()| {
            let mut write = WriteTx::begin(self.conn.db(), session, &self.touched)?;
            write.actor = attempt.actor.clone();
            write
                .trail
                .record(&write.db, &write.actor, fact, AuditOutcome::Refused)?;
            write.seal(&self.touched)
        });
        let ended = match noted {
            Ok(Some(entry)) => self.commit(entry),
            Ok(None) => self.rollback(),
            Err(error) => self.rollback().and(Err(error)),
        };
        if let Err(error) = ended {
            self.aside.warnings.borrow_mut().push(format!(
                "the refused attempt could not be noted in the audit trail: {error}"
            ));
        }
    }

    /// Looks whether what ended as a bug is damage: a changed constraint or index may refuse what is
    /// right, and this program has no reason of its own to write what they refuse.
    fn damage(&self) -> Option<Error> {
        let checks = match Tx::over(self.conn.db()).check() {
            Ok(checks) => checks,
            Err(error) => return matches!(error, Error::Damaged { .. }).then_some(error),
        };
        let mut findings = checks.into_iter().flat_map(|check| check.findings);
        findings.next().map(|detail| Error::Damaged { detail })
    }

    pub(super) fn rollback(&mut self) -> Result<(), Error> {
        self.touched.clear();
        let db = self.conn.db();
        if db.is_in_transaction() {
            db.script("ROLLBACK")?;
        }
        Ok(())
    }

    /// Takes the write lock. While the work goes on nothing waits: pages that do not fit the cache
    /// stay in memory where a reader is in the way.
    pub(super) fn begin(&self) -> Result<(), Error> {
        self.waiting("BEGIN IMMEDIATE", self.left())?;
        self.conn.db().wait_at_most(Duration::ZERO)?;
        self.keep_first_page()
    }

    /// Puts the first page into the journal before any other: it proves, after a crash, that the
    /// journal belongs to this ledger.
    fn keep_first_page(&self) -> Result<(), Error> {
        let db = self.conn.db();
        let version = db.version()?;
        db.execute(&format!("PRAGMA user_version = {version}"), ())
            .map(|_| ())
    }

    /// Returns what is left of the waiting time.
    fn left(&self) -> Duration {
        self.wait.saturating_sub(self.waited.get())
    }

    /// Runs a statement that may have to wait for a lock, and counts how long that took.
    fn waiting(&self, sql: &str, at_most: Duration) -> Result<(), Error> {
        let timer = Timer::now();
        self.conn.db().wait_at_most(at_most)?;
        let ended = self.conn.db().script(sql);
        self.waited
            .set(self.waited.get().saturating_add(timer.elapsed()));
        ended
    }

    /// Commits within what is left of the waiting time. What COMMIT answers is never assumed: it is
    /// looked up.
    pub(super) fn commit(&mut self, entry: Uuid) -> Result<(), Error> {
        let Err(error) = self.waiting("COMMIT", self.left().max(Duration::from_millis(100))) else {
            return Ok(());
        };
        if matches!(error, Error::Busy) && self.conn.db().is_in_transaction() {
            self.rollback()?;
            return Err(error);
        }
        let detail = error.to_string();
        match self.look_up(entry) {
            Ok(false) => Err(error),
            Ok(true) => Err(Error::CommitUnknown {
                detail: format!("{detail}; the change can be read now"),
            }),
            Err(second) => Err(Error::CommitUnknown {
                detail: format!("{detail}; then {second}"),
            }),
        }
    }

    /// Looks in a fresh connection, which first undoes what was left half done, whether an entry is
    /// there.
    fn look_up(&mut self, entry: Uuid) -> Result<bool, Error> {
        // A failed rollback leaves a journal behind, and the fresh connection rolls back from it.
        let _ = self.rollback();
        let fresh = open::open(&self.path, Access::Write, self.wait)?;
        self.touched = Touched::watching(fresh.db())?;
        self.conn = fresh;
        const FIND: &str = "SELECT 1 FROM distribution_activity_log WHERE id = ?1";
        self.conn.db().exists(FIND, [entry])
    }
}
