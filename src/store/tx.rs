//! [`Tx`] reads, [`WriteTx`] writes; both live within a transaction of a [`super::Ledger`].

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
    rc::Rc,
};

use uuid::Uuid;

use super::{
    Error,
    count_changes::Changes,
    db::{Codes, Db, ToSql, Writer, insert},
    trail::{Touched, Trail},
};
use crate::domain::{
    Refused,
    activity::{AuditOutcome, Concern, Fact},
    id::{ProjectRef, UserRef},
    reviewers::Reviewers,
    session::{Ids, Progress, Session},
    time::{Date, Instant},
    user::{Actor, FourEyes, User, UserStatus},
};

/// A transaction that reads.
pub struct Tx<'l> {
    pub(super) db: Db<'l>,
    codes: Option<Rc<Codes>>,
    /// Whether all codes are searched for one like an unknown name.
    pub(super) suggests: Suggests,
}

/// Whether a name like an unknown one is searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggests {
    /// For a name on the command line.
    Yes,
    /// For the many names of a file.
    No,
}

/// A transaction that writes. It reads like [`Tx`] and knows who acts and when.
pub struct WriteTx<'l> {
    pub(super) tx: Tx<'l>,
    /// Runs SQL as [`Tx`] does, and writes rows.
    pub(super) db: Writer<'l>,
    /// Who acts.
    pub actor: Actor,
    /// The transaction's instant: one for all that it writes, later than everything before it.
    pub now: Instant,
    /// The last day that is not in the future.
    pub today: Date,
    /// The active users, and whether a second person must act.
    pub reviewers: Reviewers,
    /// Makes ids.
    pub ids: Ids,
    /// Shows how far long work has come.
    pub progress: Box<dyn Progress>,
    /// What the command concerns, for the trail should a rule refuse it.
    pub concern: Concern,
    pub(super) trail: Trail,
    pub(super) counts: Changes,
    touched: Touched,
}

impl<'l> Tx<'l> {
    pub(super) fn over(db: Db<'l>) -> Self {
        Self {
            db,
            codes: None,
            suggests: Suggests::Yes,
        }
    }

    /// Reads the codes of all users once; there are few.
    pub(super) fn codes(&mut self) -> Result<Rc<Codes>, Error> {
        if let Some(codes) = &self.codes {
            return Ok(Rc::clone(codes));
        }
        const USERS: &str = "SELECT id, code FROM users ORDER BY number";
        let users = self.db.query(USERS, (), |row| {
            let (id, code) = (row.next()?, row.next()?);
            Ok((id, UserRef { id, code }))
        })?;
        let codes = Rc::new(Codes {
            users: Rc::new(users.into_iter().collect()),
            projects: HashMap::new(),
        });
        self.codes = Some(Rc::clone(&codes));
        Ok(codes)
    }

    /// Reads the codes of all projects with those of the users.
    pub(super) fn codes_with_projects(&mut self) -> Result<Codes, Error> {
        const PROJECTS: &str = "SELECT id, code FROM projects ORDER BY number";
        let users = Rc::clone(&self.codes()?.users);
        let projects = self.db.query(PROJECTS, (), |row| {
            let (id, code) = (row.next()?, row.next()?);
            Ok((id, ProjectRef { id, code }))
        })?;
        Ok(Codes {
            users,
            projects: projects.into_iter().collect(),
        })
    }

    /// Forgets the codes, because there is a new user.
    pub(super) fn forget_codes(&mut self) {
        self.codes = None;
    }

    /// Sets whether names like unknown ones are searched for.
    pub fn set_suggests(&mut self, suggests: Suggests) {
        self.suggests = suggests;
    }

    /// Returns whether a second person must approve.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn four_eyes(&mut self) -> Result<FourEyes, Error> {
        const FOUR_EYES: &str = "SELECT four_eyes FROM ledger WHERE number = 1";
        self.db.value(FOUR_EYES, ())
    }
}

impl<'l> WriteTx<'l> {
    pub(super) fn begin(db: Db<'l>, session: Session, touched: &Touched) -> Result<Self, Error> {
        touched.clear();
        let mut tx = Tx::over(db);
        let user = tx.acting_user(&session.claim)?;
        let reviewers = tx.reviewers()?;
        let actor = Actor {
            user: user.user,
            role: user.role,
        };
        let trail = Trail::resume(tx.db, &session)?;
        Ok(Self::over(
            tx,
            session,
            actor,
            reviewers,
            trail,
            touched.clone(),
        ))
    }

    /// Begins the first transaction of a new ledger, whose first user is still to be written.
    pub(super) fn first(
        db: Db<'l>,
        session: Session,
        four_eyes: FourEyes,
        touched: &Touched,
    ) -> Result<Self, Error> {
        touched.clear();
        let mut ids = Ids::at(session.now, session.randomness);
        let (ledger_id, user_id) = (ids.make::<Uuid>(), ids.make());
        let tx = Tx::over(db);
        let writer = Writer::over(db, touched.clone());
        insert!(writer, "ledger" {
            "number": 1_i64,
            "id": ledger_id,
            "four_eyes": four_eyes,
            "created_at": session.now,
        })?;
        let code = crate::domain::code::Code::parse(&session.claim.code)
            .map_err(|error| Error::bug(error.to_string()))?;
        let actor = Actor {
            user: UserRef { id: user_id, code },
            role: crate::domain::user::Role::Admin,
        };
        let trail = Trail::resume(tx.db, &session)?;
        Ok(Self::over(
            tx,
            session,
            actor,
            Reviewers {
                four_eyes,
                users: Vec::new(),
            },
            trail,
            touched.clone(),
        ))
    }

    fn over(
        tx: Tx<'l>,
        session: Session,
        actor: Actor,
        reviewers: Reviewers,
        trail: Trail,
        touched: Touched,
    ) -> Self {
        let now = trail.now();
        let Session {
            today,
            progress,
            randomness,
            ..
        } = session;
        Self {
            db: Writer::over(tx.db, touched.clone()),
            tx,
            actor,
            now,
            today,
            reviewers,
            ids: Ids::at(now, randomness),
            progress,
            concern: Concern::default(),
            trail,
            counts: Changes::default(),
            touched,
        }
    }

    /// Keeps the hashes of the rows that are about to change for the first time in this
    /// transaction.
    pub(super) fn keep_before(
        &self,
        table: &str,
        which: &str,
        value: impl ToSql,
    ) -> Result<(), Error> {
        self.touched.keep_before(self.tx.db, table, which, value)
    }

    /// Keeps a row's present state in the table's history before it changes.
    pub(super) fn keep_history(
        &mut self,
        table: &str,
        columns: &str,
        number: i64,
    ) -> Result<(), Error> {
        self.keep_before(table, "number", number)?;
        // A row that this transaction already changed keeps only the state before the transaction.
        let sql = format!(
            "INSERT INTO {table}_history (superseded_at, {columns}) \
             SELECT ?2, {columns} FROM {table} WHERE number = ?1 AND updated_at < ?2"
        );
        self.db.execute(&sql, (number, self.now)).map(|_| ())
    }

    pub(super) fn must_be_active<E: From<Error> + From<Refused>>(&mut self) -> Result<(), E> {
        active(self.tx.user_by_id(self.actor.user.id)?)
    }

    /// Records a step that was done. The last one of a transaction commits to the rows that it
    /// wrote.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn record(&mut self, fact: Fact) -> Result<(), Error> {
        self.trail
            .record(&self.db, &self.actor, fact, AuditOutcome::Done)
    }

    /// Ends the trail's part of the transaction; returns the last entry's id, or `None` if
    /// nothing was done.
    pub(super) fn seal(mut self, touched: &Touched) -> Result<Option<Uuid>, Error> {
        self.write_counts()?;
        self.trail.seal(self.tx.db, &self.db, touched)
    }
}

pub(super) fn active<E: From<Refused>>(user: User) -> Result<(), E> {
    match user.status {
        UserStatus::Active => Ok(()),
        UserStatus::Inactive => Err(Refused::UserInactive {
            user: user.user.code,
        }
        .into()),
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
