//! [`Ledger`]: the open file and its transactions. [`Ledger::write`] is the only way to change a ledger.

use std::{
    cell::RefCell,
    collections::HashMap,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    rc::Rc,
    time::{Duration, Instant as Timer},
};

use rusqlite::{Connection, OptionalExtension as _};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    Error, keys,
    open::{self, Access},
    trail::{Touched, Trail},
};
use crate::domain::{
    Refused,
    activity::{Activity, Concern, Fact, Head, Outcome},
    id::{UserId, UserRef},
    session::{Claim, Ids, Mode, Progress, Session},
    time::{Date, Instant},
    user::{Actor, FourEyes, User, UserStatus},
};

/// An open ledger file.
pub struct Ledger {
    conn: Connection,
    path: PathBuf,
    wait: Duration,
    touched: Touched,
    warnings: Warnings,
    seen: Option<(Head, FourEyes)>,
}

/// What could not be done on the side.
pub type Warnings = Rc<RefCell<Vec<String>>>;

/// A transaction that reads.
pub struct Tx<'l> {
    pub(super) conn: &'l Connection,
    users: Option<Rc<HashMap<UserId, UserRef>>>,
    /// Whether an unknown name is worth a look through all codes for one like it.
    pub(super) suggests: Suggests,
}

/// Whether a name like an unknown one is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggests {
    /// For a name on the command line.
    Yes,
    /// For the many names of a file.
    No,
}

/// A transaction that writes. It reads like [`Tx`] and knows who acts and when.
pub struct WriteTx<'l> {
    tx: Tx<'l>,
    /// Who acts.
    pub actor: Actor,
    /// The transaction's instant: one for all that it writes, later than everything before it.
    pub now: Instant,
    /// The last day that is not in the future.
    pub today: Date,
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
    /// Makes ids.
    pub ids: Ids,
    /// Shows how far long work has come.
    pub progress: Box<dyn Progress>,
    /// What the command concerns, for the trail should a rule refuse it.
    pub concern: Concern,
    pub(super) trail: Trail,
    touched: Touched,
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
    /// Tells the refusal, where it is one.
    fn refused(&self) -> Option<&Refused>;
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
    /// Opens an existing ledger and waits up to `wait` for its lock when it is used.
    ///
    /// # Errors
    /// [`Error`] where the file is missing, unsafe, no ledger, newer or damaged.
    pub fn open(path: &Path, access: Access, wait: Duration) -> Result<Self, Error> {
        let conn = open::open(path, access, wait)?;
        Self::over(conn, path, wait)
    }

    fn over(conn: Connection, path: &Path, wait: Duration) -> Result<Self, Error> {
        let touched = Touched::watching(&conn)?;
        Ok(Self { conn, path: path.to_path_buf(), wait, touched, warnings: Warnings::default(), seen: None })
    }

    /// Creates a ledger with its first user, or leaves no file at all. `work` answers what the key is to remember and the result.
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
        ledger.conn.execute_batch("BEGIN IMMEDIATE")?;
        let mut write = WriteTx::first(&ledger.conn, session, four_eyes, &ledger.touched)?;
        let (stored, value) = work(&mut write)?;
        if let Some(key) = &key {
            let fingerprint = keys::Fingerprint::of(request.command, &write.actor, request.input)?;
            keys::insert(&write, key, &fingerprint, &stored)?;
        }
        let at = write.now;
        write.seal(&ledger.touched)?;
        ledger.conn.execute_batch("COMMIT")?;
        let Self { conn, .. } = ledger;
        conn.close().map_err(|(_, error)| Error::from(error))?;
        if mode == Mode::DryRun {
            return Ok(Done { value, how: How::DryRun, at });
        }
        open::persist(temporary, path)?;
        Ok(Done { value, how: How::Written, at })
    }

    /// Tells what a key remembers of an earlier run of the same command with the same input, where there was one.
    ///
    /// # Errors
    /// [`Refused::KeyConflict`], or what the file refuses.
    pub fn recall<I: Serialize, T: DeserializeOwned, E: From<Error> + From<Refused>>(
        &mut self,
        session: &Session,
        request: Request<'_, I>,
    ) -> Result<Option<(T, Instant)>, E> {
        let Some(key) = &session.key else { return Ok(None) };
        self.read(|tx| {
            let user = tx.acting_user(&session.claim)?;
            let actor = Actor { user: user.user, role: user.role };
            let fingerprint = keys::Fingerprint::of(request.command, &actor, request.input)?;
            match keys::find(tx, key)? {
                Some(first) => Ok(Some(first.answer(key, &fingerprint)??)),
                None => Ok(None),
            }
        })
    }

    /// Reads in one short transaction.
    ///
    /// # Errors
    /// What `work` answers, or what the file refuses.
    pub fn read<V, E: From<Error>>(&mut self, work: impl FnOnce(&mut Tx<'_>) -> Result<V, E>) -> Result<V, E> {
        self.conn.execute_batch("BEGIN").map_err(Error::from)?;
        let mut tx = Tx::over(&self.conn);
        let value = work(&mut tx);
        // Where the trail cannot be read, whoever asks for its head is told why.
        self.seen = tx.head().and_then(|head| Ok((head, tx.four_eyes()?))).ok();
        let ended = self.conn.execute_batch("ROLLBACK").map_err(Error::from);
        let value = value?;
        ended?;
        Ok(value)
    }

    /// Changes the ledger: one transaction, one instant, its entries in the audit trail.
    ///
    /// `work` reads, decides, writes and records its facts; it answers what the key is to remember and the result. `recall`
    /// makes the result again from what the key remembered, where the key was used before with the same input.
    ///
    /// # Errors
    /// What `work` answers (a refusal is noted in the trail after the rollback), or what the file refuses.
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
        let note = (session.claim.clone(), session.now, session.today, session.origin.clone());
        let waited = self.begin()?;
        let mut attempt = None;
        match self.inside(session, &request, recall, work, &mut attempt) {
            Ok(Inside::Replayed(value, at)) => {
                self.rollback()?;
                Ok(Done { value, how: How::Replayed, at })
            }
            Ok(Inside::Worked(value, at, entry, how)) => {
                let how = match (mode, entry) {
                    (Mode::DryRun, _) => self.rollback().map(|()| How::DryRun)?,
                    (Mode::Commit, None) => self.rollback().map(|()| How::Unchanged)?,
                    (Mode::Commit, Some(entry)) => self.commit(entry, waited).map(|()| how)?,
                };
                Ok(Done { value, how, at })
            }
            Err(error) => {
                self.rollback()?;
                if let (Mode::Commit, Some(attempt), Some(refused)) = (mode, attempt, error.refused()) {
                    let (claim, now, today, origin) = note;
                    let progress = Box::new(crate::domain::session::NoProgress);
                    let session = Session { claim, now, today, key: None, mode, origin, progress };
                    self.note_refusal(session, activity, &attempt, refused);
                }
                Err(error)
            }
        }
    }

    /// Notes a step that changes nothing else, such as personal data shown.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn note(&mut self, session: Session, fact: Fact) -> Result<(), Error> {
        let waited = self.begin()?;
        let noted = WriteTx::begin(&self.conn, session, &self.touched).and_then(|mut write| {
            write.record(fact)?;
            write.seal(&self.touched)
        });
        match noted {
            Ok(Some(entry)) => self.commit(entry, waited),
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

    /// Tells the head of the trail that the last reading saw, and whether four eyes are on.
    pub fn seen(&self) -> Option<(Head, FourEyes)> {
        self.seen.clone()
    }

    /// Shares what could not be done on the side, such as noting a refusal. It outlives the ledger.
    pub fn warnings(&self) -> Warnings {
        Rc::clone(&self.warnings)
    }

    /// Tells the file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.conn
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
        let mut write = WriteTx::begin(&self.conn, session, &self.touched)?;
        *attempt = Some(Attempt { actor: write.actor.clone(), concern: Concern::default() });
        write.must_be_active::<E>()?;
        let fingerprint = keys::Fingerprint::of(request.command, &write.actor, request.input)?;
        if let Some(key) = &key
            && let Some(first) = keys::find(&write, key)?
        {
            let (stored, at) = first.answer(key, &fingerprint)??;
            return Ok(Inside::Replayed(recall(&mut write, stored, at)?, at));
        }
        let worked = work(&mut write);
        *attempt = Some(Attempt { actor: write.actor.clone(), concern: write.concern });
        let (stored, value) = worked?;
        let how = if write.trail.has_facts() { How::Written } else { How::Unchanged };
        if let Some(key) = &key {
            if how == How::Unchanged {
                // A key stands for its first result, also where that was nothing to do.
                write.record(Fact::new(Activity::KeyUsed, serde_json::json!({ "command": request.command })))?;
            }
            keys::insert(&write, key, &fingerprint, &stored)?;
        }
        let at = write.now;
        let entry = write.seal(&self.touched)?;
        Ok(Inside::Worked(value, at, entry, how))
    }

    fn note_refusal(&mut self, session: Session, activity: Activity, attempt: &Attempt, refused: &Refused) {
        let changes = serde_json::json!({ "code": refused.code(), "message": refused.to_string() });
        let fact = Fact::new(activity, changes).about(attempt.concern);
        let noted = self.begin().and_then(|waited| {
            let mut write = WriteTx::begin(&self.conn, session, &self.touched)?;
            write.actor = attempt.actor.clone();
            write.trail.record(&write.tx, &write.actor, write.now, fact, Outcome::Refused)?;
            Ok(write.seal(&self.touched)?.map(|entry| (entry, waited)))
        });
        let ended = match noted {
            Ok(Some((entry, waited))) => self.commit(entry, waited),
            Ok(None) => self.rollback(),
            Err(error) => self.rollback().and(Err(error)),
        };
        if let Err(error) = ended {
            self.warnings.borrow_mut().push(format!("the refused attempt could not be noted in the audit trail: {error}"));
        }
    }

    fn rollback(&mut self) -> Result<(), Error> {
        self.touched.clear();
        if self.conn.is_autocommit() {
            return Ok(());
        }
        Ok(self.conn.execute_batch("ROLLBACK")?)
    }

    /// Takes the write lock; answers how long that took. While the work goes on nothing waits: pages that do not fit the cache
    /// stay in memory where a reader is in the way.
    fn begin(&self) -> Result<Duration, Error> {
        let timer = Timer::now();
        self.conn.busy_timeout(self.wait)?;
        self.conn.execute_batch("BEGIN IMMEDIATE")?;
        self.conn.busy_timeout(Duration::ZERO)?;
        Ok(timer.elapsed())
    }

    /// Commits within what is left of the waiting time. What COMMIT answers is never assumed: it is looked up.
    fn commit(&mut self, entry: Uuid, waited: Duration) -> Result<(), Error> {
        let left = self.wait.checked_sub(waited).unwrap_or_default();
        self.conn.busy_timeout(left.max(Duration::from_millis(100)))?;
        let Err(error) = self.conn.execute_batch("COMMIT") else {
            return Ok(());
        };
        let error = Error::from(error);
        if matches!(error, Error::Busy) && !self.conn.is_autocommit() {
            self.rollback()?;
            return Err(error);
        }
        let detail = error.to_string();
        match self.look_up(entry) {
            Ok(false) => Err(error),
            Ok(true) => Err(Error::CommitUnknown { detail: format!("{detail}; the change can be read now") }),
            Err(second) => Err(Error::CommitUnknown { detail: format!("{detail}; then {second}") }),
        }
    }

    /// Looks in a fresh connection, which first undoes what was left half done, whether an entry is there.
    fn look_up(&mut self, entry: Uuid) -> Result<bool, Error> {
        // A failed rollback leaves a journal behind, and the fresh connection rolls back from it.
        let _ = self.rollback();
        let fresh = open::open(&self.path, Access::Write, self.wait)?;
        self.touched = Touched::watching(&fresh)?;
        self.conn = fresh;
        const FIND: &str = "SELECT 1 FROM distribution_activity_log WHERE id = ?1";
        Ok(self.conn.query_row(FIND, [entry.to_string()], |_| Ok(())).optional()?.is_some())
    }
}

impl<'l> Tx<'l> {
    pub(super) fn over(conn: &'l Connection) -> Self {
        Self { conn, users: None, suggests: Suggests::Yes }
    }

    /// Reads the codes of all users once; there are few.
    pub(super) fn user_names(&mut self) -> Result<Rc<HashMap<UserId, UserRef>>, Error> {
        if let Some(users) = &self.users {
            return Ok(Rc::clone(users));
        }
        const USERS: &str = "SELECT id, code FROM users ORDER BY number";
        let mut statement = self.conn.prepare_cached(USERS)?;
        let rows = statement.query_map([], |row| {
            let user = UserRef { id: row.get(0)?, code: row.get(1)? };
            Ok((user.id, user))
        })?;
        let users = Rc::new(rows.collect::<Result<HashMap<_, _>, _>>()?);
        self.users = Some(Rc::clone(&users));
        Ok(users)
    }

    /// Says whether names like unknown ones are looked for.
    pub fn set_suggests(&mut self, suggests: Suggests) {
        self.suggests = suggests;
    }

    /// Tells whether a second person must approve.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn four_eyes(&mut self) -> Result<FourEyes, Error> {
        const FOUR_EYES: &str = "SELECT four_eyes FROM ledger WHERE number = 1";
        let word: String = self.conn.query_row(FOUR_EYES, [], |row| row.get(0))?;
        Ok(if word == "off" { FourEyes::Off } else { FourEyes::On })
    }
}

impl<'l> WriteTx<'l> {
    fn begin(conn: &'l Connection, session: Session, touched: &Touched) -> Result<Self, Error> {
        touched.clear();
        let mut tx = Tx::over(conn);
        let user = tx.acting_user(&session.claim)?;
        let four_eyes = tx.four_eyes()?;
        let actor = Actor { user: user.user, role: user.role };
        let trail = Trail::resume(&tx, &session)?;
        Self::over(tx, session, (actor, four_eyes), (trail, touched.clone()))
    }

    /// Begins the first transaction of a new ledger, whose first user is still to be written.
    fn first(conn: &'l Connection, session: Session, four_eyes: FourEyes, touched: &Touched) -> Result<Self, Error> {
        touched.clear();
        let mut ids = Ids::at(session.now);
        let (ledger_id, user_id) = (ids.make::<Uuid>(), ids.make());
        let tx = Tx::over(conn);
        const LEDGER: &str = "INSERT INTO ledger (number, id, four_eyes, created_at) VALUES (1, ?1, ?2, ?3)";
        tx.conn.execute(LEDGER, (ledger_id.to_string(), four_eyes.as_str(), session.now))?;
        let code = crate::domain::code::Code::parse(&session.claim.code).map_err(|error| Error::bug(error.to_string()))?;
        let actor = Actor { user: UserRef { id: user_id, code }, role: crate::domain::user::Role::Admin };
        let trail = Trail::resume(&tx, &session)?;
        Self::over(tx, session, (actor, four_eyes), (trail, touched.clone()))
    }

    fn over(
        tx: Tx<'l>,
        session: Session,
        (actor, four_eyes): (Actor, FourEyes),
        (trail, touched): (Trail, Touched),
    ) -> Result<Self, Error> {
        let now = trail.clamp(session.now)?;
        let Session { today, progress, .. } = session;
        let concern = Concern::default();
        Ok(Self { tx, actor, now, today, four_eyes, ids: Ids::at(now), progress, concern, trail, touched })
    }

    /// Keeps the hashes of the rows that are about to change for the first time in this transaction.
    pub(super) fn keep_before(&self, table: &str, which: &str, value: impl rusqlite::ToSql) -> Result<(), Error> {
        self.touched.keep_before(self.tx.conn, table, which, value)
    }

    fn must_be_active<E: From<Error> + From<Refused>>(&mut self) -> Result<(), E> {
        active(self.tx.user_by_id(self.actor.user.id)?)
    }

    /// Records a step that was done. The last one of a transaction commits to the rows that it wrote.
    ///
    /// # Errors
    /// What the file refuses.
    pub fn record(&mut self, fact: Fact) -> Result<(), Error> {
        self.trail.record(&self.tx, &self.actor, self.now, fact, Outcome::Done)
    }

    /// Ends the trail's part of the transaction; answers the last entry's id, or `None` where nothing was done.
    fn seal(mut self, touched: &Touched) -> Result<Option<Uuid>, Error> {
        self.trail.seal(&self.tx, touched)
    }
}

fn active<E: From<Refused>>(user: User) -> Result<(), E> {
    match user.status {
        UserStatus::Active => Ok(()),
        UserStatus::Inactive => Err(Refused::UserInactive { user: user.user.code }.into()),
    }
}

impl<'l> Deref for WriteTx<'l> {
    type Target = Tx<'l>;

    fn deref(&self) -> &Tx<'l> {
        &self.tx
    }
}

impl<'l> DerefMut for WriteTx<'l> {
    fn deref_mut(&mut self) -> &mut Tx<'l> {
        &mut self.tx
    }
}
